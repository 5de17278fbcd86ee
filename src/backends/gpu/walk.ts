// Several operands side by side under broadcasting, as kernels address them: neighbouring axes merged, three axes at
// most, and for each operand a view in which a broadcast axis has length 1 and is read at index 0.

import type { Operand } from '../backend';
import { broadcastStrides, type Shape } from '../shape';
import { planWalk, type Walk } from '../strided';

/** The merged axes; equal shapes become one axis. */
export function walkOf(operands: readonly Operand[], out: Shape): Walk {
  return planWalk(
    out,
    operands.map(({ shape }) => broadcastStrides(shape, out)),
  );
}

/** The operand's own lengths along the merged axes: 1 where it is broadcast. */
export function ownLengths({ lengths }: Walk, strides: readonly number[]): number[] {
  return lengths.map((length, axis) => (strides[axis] === 0 ? 1 : length));
}

const THREAD = ['this.thread.x', 'this.thread.y', 'this.thread.z'];

/** `z0x`: which indices the operand is read at, outermost first. */
export function patternOf(strides: readonly number[]): string {
  return strides.map((stride, axis) => (stride === 0 ? '0' : 'xyz'[strides.length - 1 - axis])).join('');
}

/** The element of `name` that a thread reads under a pattern: `a[this.thread.z][0][this.thread.x]`. */
export function element(name: string, pattern: string): string {
  return (
    name + Array.from(pattern, (axis) => `[${axis === '0' ? '0' : THREAD['xyz'.indexOf(axis)]}]`).join('')
  );
}
