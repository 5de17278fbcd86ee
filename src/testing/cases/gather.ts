// Sample inputs of gather: entries of an axis, in any order, several times, not at all, and the zeros of -1.

import { formatShape, type Shape } from '../../backends/shape';
import { type ConformanceCase, kernelCase } from '../probe';

const settings: readonly (readonly [Shape, readonly number[], number])[] = [
  [[5], [4, 0, 0, 2], 0],
  [[3, 4], [2, 0], 0],
  [[3, 4], [1, -1, 3, 1, 0], 1],
  [[2, 3, 4], [2, 2, -1, 0], 1],
  [[2, 1, 3, 2], [0, 0, -1], 1],
  [[2, 3, 4, 5], [1, 0], 2],
  [[4, 300], [299, 0, 150], 1],
  [[3, 4], [], 0],
  [[0, 4], [-1, -1], 0],
  [[3, 0], [2, 1], 0],
];

export function gatherCases(): ConformanceCase[] {
  const drawn = settings.flatMap(([shape, index, axis]) =>
    [false, true].map((spikes) =>
      kernelCase(
        'gather',
        `${formatShape(shape)} at ${formatShape(index)} along ${axis}${spikes ? ', spikes' : ''}`,
        (draw) => {
          const x = spikes ? draw.spikes(shape) : draw.numbers(shape);
          return (bench) => ({
            y: bench.backend.gather(
              spikes ? bench.placeSpikes(x, shape) : bench.place(x, shape),
              Int32Array.from(index),
              axis,
            ),
          });
        },
      ),
    ),
  );
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  const special = kernelCase('gather', 'of numbers that are not finite', () => (bench) => ({
    y: bench.backend.gather(
      bench.place([nan, 1, infinity, -infinity, 2, nan], [3, 2]),
      Int32Array.of(1, -1, 0, 2, 1),
      0,
    ),
  }));
  return [...drawn, special];
}
