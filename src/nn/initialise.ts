// Initial weights.

import { checkSize, type Shape, sizeOf } from '../backends/shape';
import { drawNumbers, tensor } from '../core/create';
import { globalRandom } from '../core/engine';
import type { Random } from '../core/random';
import type { Tensor } from '../core/tensor';

/** Normal numbers with mean 0 and the given standard deviation, drawn in row-major order. */
export function normalTensor(shape: Shape, deviation: number, random: Random = globalRandom()): Tensor {
  checkSize('initial weights', shape);
  return tensor(
    drawNumbers('initial weights', sizeOf(shape), () => random.normal(0, deviation)),
    shape,
  );
}
