// Sample inputs of threshold-dependent batch normalisation: running statistics included, spikes and far-off means too.

import type { NormSpec } from '../../backends/backend';
import { formatShape, type Shape } from '../../backends/shape';
import { type ConformanceCase, type Draw, kernelCase } from '../probe';

const shapes: readonly Shape[] = [
  [2, 1],
  [5, 3],
  [4, 2, 3, 5, 7],
  [2, 2, 4, 4, 16],
  [9, 1, 1],
];

const specs: readonly NormSpec[] = [
  { scale: 0.5, epsilon: 1e-5, momentum: 0.1 },
  { scale: 1.3, epsilon: 1e-2, momentum: 0.7 },
];

/** Numbers around a mean that is not 0, and per-channel parameters. */
function sample(draw: Draw, shape: Shape) {
  const channels = shape.at(-1)!;
  return {
    x: draw.numbers(shape, -1, 3),
    weight: draw.numbers(channels, 0.5, 1.5),
    bias: draw.numbers(channels),
    mean: draw.numbers(channels),
    variance: draw.numbers(channels, 0.5, 2),
    gradient: draw.numbers(shape),
  };
}

export function normCases(): ConformanceCase[] {
  return shapes.flatMap((shape) =>
    specs.flatMap((spec) => {
      const name = `${formatShape(shape)}, scale ${spec.scale}, momentum ${spec.momentum}`;
      return [
        kernelCase('normTrain', name, (draw) => {
          const s = sample(draw, shape);
          return (bench) => {
            const runningMean = bench.placeInPlace(s.mean).handle;
            const runningVariance = bench.placeInPlace(s.variance).handle;
            const { y, statistics } = bench.backend.normTrain(
              bench.place(s.x, shape),
              bench.place(s.weight),
              bench.place(s.bias),
              runningMean,
              runningVariance,
              spec,
            );
            return { y, ...statistics, runningMean, runningVariance };
          };
        }),
        kernelCase('normEvaluate', name, (draw) => {
          const s = sample(draw, shape);
          return (bench) => ({
            y: bench.backend.normEvaluate(
              bench.place(s.x, shape),
              bench.place(s.weight),
              bench.place(s.bias),
              bench.place(s.mean),
              bench.place(s.variance),
              spec,
            ),
          });
        }),
        kernelCase('normGradient', name, (draw) => {
          const s = sample(draw, shape);
          return (bench) => {
            const [x, weight] = [bench.place(s.x, shape), bench.place(s.weight)];
            const { y, statistics } = bench.backend.normTrain(
              x,
              weight,
              bench.place(s.bias),
              bench.placeInPlace(s.mean).handle,
              bench.placeInPlace(s.variance).handle,
              spec,
            );
            bench.own(y);
            bench.own(statistics.mean);
            bench.own(statistics.inverseDeviation);
            return {
              ...bench.backend.normGradient(bench.place(s.gradient, shape), x, weight, statistics, spec),
            };
          };
        }),
      ];
    }),
  );
}
