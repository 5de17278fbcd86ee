// Initial weights.

import { type Shape, sizeOf } from '../backends/shape';
import { tensor } from '../core/create';
import { globalRandom } from '../core/engine';
import type { Random } from '../core/random';
import type { Tensor } from '../core/tensor';

/** Normal numbers with mean 0 and the given standard deviation, drawn in row-major order. */
export function normalTensor(shape: Shape, deviation: number, random: Random = globalRandom()): Tensor {
  return tensor(
    Float64Array.from({ length: sizeOf(shape) }, () => random.normal(0, deviation)),
    shape,
  );
}
