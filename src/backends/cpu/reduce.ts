// Sums and maxima over axes.

import type { ReductionKernels } from '../backend';
import { sizeOf, stridesOf } from '../shape';
import { forEachRun, planWalk } from '../strided';
import { type Allocate, dataOf } from './buffer';

export function reductionKernels(allocate: Allocate): ReductionKernels {
  return {
    reduce(op, x, axes) {
      // Where x's element lands: the strides of the kept axes in the result, 0 along the reduced ones.
      const reduced = new Set(axes);
      const kept = x.shape.filter((_, axis) => !reduced.has(axis));
      const keptStrides = stridesOf(kept);
      let next = 0;
      const target = x.shape.map((_, axis) => (reduced.has(axis) ? 0 : keptStrides[next++]!));
      const source = dataOf(x.handle);
      // f64 sums, so that long f32 reductions lose nothing until the final rounding
      const sums = new Float64Array(sizeOf(kept)).fill(op === 'sum' ? 0 : Number.NEGATIVE_INFINITY);
      const walk = planWalk(x.shape, [target]);
      const inner = walk.lengths.length - 1;
      const length = walk.lengths[inner]!;
      const stride = walk.strides[0]![inner]!;
      forEachRun(walk, (position, [start]) => {
        let o = start!;
        if (op === 'sum') {
          for (let n = 0; n < length; n++, o += stride) sums[o]! += source[position + n]!;
        } else {
          for (let n = 0; n < length; n++, o += stride) sums[o] = Math.max(sums[o]!, source[position + n]!);
        }
      });
      const result = allocate(sums.length);
      result.data.set(sums);
      return result;
    },
  };
}
