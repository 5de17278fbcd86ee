// Walking several row-major arrays side by side when each has strides of its own (0 along an axis that it is broadcast
// over). Neighbouring axes that can be walked as one are merged first, so that equal shapes become a single run.

import type { Shape } from './shape';

export interface Walk {
  /** Merged axis lengths, outermost first; at least one. */
  readonly lengths: readonly number[];
  /** For each operand its strides along the merged axes. */
  readonly strides: readonly (readonly number[])[];
}

/** Merges axis i into i-1 wherever every operand's stride allows it. */
export function planWalk(shape: Shape, strides: readonly (readonly number[])[]): Walk {
  const lengths: number[] = [];
  const merged: number[][] = strides.map(() => []);
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const last = lengths.length - 1;
    if (last >= 0 && strides.every((s, i) => merged[i]![last] === s[axis]! * length)) {
      lengths[last]! *= length;
      for (let i = 0; i < strides.length; i++) merged[i]![last] = strides[i]![axis]!;
    } else {
      lengths.push(length);
      for (let i = 0; i < strides.length; i++) merged[i]!.push(strides[i]![axis]!);
    }
  });
  if (lengths.length === 0) {
    lengths.push(1);
    for (const list of merged) list.push(0);
  }
  return { lengths, strides: merged };
}

/**
 * Calls `visit` for each run along the innermost merged axis with the position in the (contiguous) walk and the offset
 * of each operand. `offsets` is reused between calls.
 */
export function forEachRun(walk: Walk, visit: (position: number, offsets: readonly number[]) => void): void {
  const { lengths, strides } = walk;
  const inner = lengths.length - 1;
  const length = lengths[inner]!;
  let runs = 1;
  for (let axis = 0; axis < inner; axis++) runs *= lengths[axis]!;
  if (length === 0 || runs === 0) return;
  const counter = new Array<number>(inner).fill(0);
  const offsets = strides.map(() => 0);
  for (let run = 0; run < runs; run++) {
    visit(run * length, offsets);
    for (let axis = inner - 1; axis >= 0; axis--) {
      const wraps = ++counter[axis]! === lengths[axis];
      for (let i = 0; i < offsets.length; i++) {
        offsets[i]! += wraps ? strides[i]![axis]! * (1 - lengths[axis]!) : strides[i]![axis]!;
      }
      if (!wraps) break;
      counter[axis] = 0;
    }
  }
}
