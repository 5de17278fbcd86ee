// The arrays of a neuron's kernels by name, of each kind one by one or joined; and what is made of a neuron once.

import type { NeuronModel } from '../../../neurons';
import { type Arrangement, type ArrayKind, arrange } from '../../../neurons/wgsl/arrays';
import type { Handle, Operand } from '../../backend';
import type { Driver } from '../driver';
import type { GpuHandle } from '../handle';
import { movementKernels } from '../movement';

export type Kinds = readonly (readonly [ArrayKind, readonly (Operand | undefined)[]])[];

/** Arrays that every device binds at once, without x. */
const ROOM = 7;

export const isGiven = (operands: readonly unknown[]): boolean[] =>
  operands.map((operand) => operand !== undefined);

const given = (operands: readonly (Operand | undefined)[]): Operand[] =>
  operands.filter((operand) => operand !== undefined);

/** @param more arrays that every run binds besides */
export function arrangement(kinds: Kinds, writes: readonly string[], more = 0): Arrangement {
  const counts = kinds.map(([kind, operands]) => [kind, given(operands).length] as const);
  return arrange(counts, writes, ROOM - more);
}

/** Names of the arrays that are bound besides x. */
export const namesOf = (kinds: Kinds, joined: ReadonlySet<ArrayKind>): string[] =>
  kinds.flatMap(([kind, operands]) =>
    joined.has(kind) ? [kind] : given(operands).map((_, k) => `${kind}${k}`),
  );

/** @returns what to bind, and what of it is to be freed afterwards */
export function joinArrays(driver: Driver, kinds: Kinds, joined: ReadonlySet<ArrayKind>) {
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

/** What `make` gave for a neuron and a key. */
export function remembered<V>(): (model: NeuronModel, key: string, make: () => V) => V {
  const made = new WeakMap<NeuronModel, Map<string, V>>();
  return (model, key, make) => {
    const known = made.get(model) ?? new Map<string, V>();
    made.set(model, known);
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
}
