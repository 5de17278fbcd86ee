// Sample inputs of the loss and the update.

import { formatShape, type Shape } from '../../backends/shape';
import { type ConformanceCase, type Draw, kernelCase } from '../probe';
import { updateCases } from './update';

export function trainingCases(): ConformanceCase[] {
  return [...softmaxCases(), ...crossEntropyCases(), ...updateCases()];
}

function softmaxCases(): ConformanceCase[] {
  const shapes: readonly Shape[] = [[1], [7], [3, 10], [2, 3, 5], [4, 1], [0, 3]];
  return shapes.flatMap((shape) => [
    ...[1, 30].map((limit) =>
      kernelCase('logSoftmax', `${formatShape(shape)}, logits up to ${limit}`, (draw) => {
        const x = draw.numbers(shape, -limit, limit);
        return (bench) => ({ y: bench.backend.logSoftmax(bench.place(x, shape)) });
      }),
    ),
    kernelCase('logSoftmaxGradient', formatShape(shape), (draw) => {
      const [x, g] = [draw.numbers(shape, -2, 2), draw.numbers(shape)];
      return (bench) => {
        const y = { handle: bench.own(bench.backend.logSoftmax(bench.place(x, shape))), shape };
        return { dx: bench.backend.logSoftmaxGradient(bench.place(g, shape), y) };
      };
    }),
  ]);
}

function labelled(draw: Draw, rows: number, classes: number, limit: number) {
  return {
    logits: draw.numbers([rows, classes], -limit, limit),
    labels: Int32Array.from({ length: rows }, () => draw.random.integer(classes)),
  };
}

function crossEntropyCases(): ConformanceCase[] {
  const sizes: readonly (readonly [number, number, number])[] = [
    [1, 1, 1],
    [1, 10, 2],
    [5, 3, 2],
    [33, 10, 2],
    [4, 7, 40],
  ];
  return sizes.flatMap(([rows, classes, limit]) => {
    const shape = [rows, classes];
    const name = `${formatShape(shape)}, logits up to ${limit}`;
    return [
      kernelCase('crossEntropy', name, (draw) => {
        const { logits, labels } = labelled(draw, rows, classes, limit);
        return (bench) => ({ ...bench.backend.crossEntropy(bench.place(logits, shape), labels) });
      }),
      kernelCase('crossEntropyGradient', name, (draw) => {
        const { logits, labels } = labelled(draw, rows, classes, limit);
        const scale = draw.numbers(1, 0.5, 2);
        return (bench) => {
          const { loss, probabilities } = bench.backend.crossEntropy(bench.place(logits, shape), labels);
          bench.own(loss);
          bench.own(probabilities);
          return {
            dx: bench.backend.crossEntropyGradient(
              bench.place(scale, []),
              { handle: probabilities, shape },
              labels,
            ),
          };
        };
      }),
    ];
  });
}
