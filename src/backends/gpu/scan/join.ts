// The arrays of a kernel by name: of each kind one by one, or joined where the device binds fewer.

import type { Kind } from '../../../neurons/wgsl/arrays';
import type { Handle, Operand } from '../../backend';
import type { Driver } from '../driver';
import type { GpuHandle } from '../handle';
import { movementKernels } from '../movement';

/** Arrays that every device binds at once, without x. */
export const ROOM = 7;

export type Kinds = readonly (readonly [Kind, readonly (Operand | undefined)[]])[];

export const given = (operands: readonly (Operand | undefined)[]): Operand[] =>
  operands.filter((operand) => operand !== undefined);

/** @returns what to bind, and what of it is to be freed afterwards */
export function joinArrays(driver: Driver, kinds: Kinds, joined: ReadonlySet<Kind>) {
  const { concat } = movementKernels(driver);
  const arrays: Record<string, { readonly handle: Handle }> = {};
  const own: GpuHandle[] = [];
  for (const [kind, operands] of kinds) {
    const parts = given(operands).map(({ handle }) => ({ handle, shape: [handle.size] }));
    if (joined.has(kind)) {
      const handle = concat(parts, 0) as GpuHandle;
      own.push(handle);
      arrays[kind] = { handle };
    } else for (const [k, part] of parts.entries()) arrays[`${kind}${k}`] = part;
  }
  return { arrays, own };
}
