// Sample inputs of the elementwise kernels: every operation, every way of broadcasting, empty and single elements.

import type { BinaryOp, UnaryOp } from '../../backends/backend';
import { broadcastShapes, formatShape, type Shape, sameShape } from '../../backends/shape';
import { arctan, customRectifier, fastSigmoid, rectangular, sigmoidal, triangular } from '../../neurons';
import { mpr } from '../../snn/rectifier';
import { type ConformanceCase, kernelCase } from '../probe';

/** For each operation the range of its sample inputs, and its parameters. */
const unaryOps: Record<UnaryOp, { low: number; high: number; parameters?: readonly number[] }> = {
  negate: { low: -3, high: 3 },
  exp: { low: -3, high: 3 },
  log: { low: 0.1, high: 5 },
  sqrt: { low: 0.1, high: 5 },
  tanh: { low: -3, high: 3 },
  sigmoid: { low: -3, high: 3 },
  relu: { low: -3, high: 3 },
  abs: { low: -3, high: 3 },
  sign: { low: -3, high: 3 },
  power: { low: 0.2, high: 2, parameters: [2.5] },
  clamp: { low: -3, high: 3, parameters: [-1, 0.5] },
};

export const binaryOps: Record<BinaryOp, 'any' | 'positive'> = {
  add: 'any',
  subtract: 'any',
  multiply: 'any',
  divide: 'positive',
  power: 'positive',
  maximum: 'any',
  minimum: 'any',
  equal: 'any',
  notEqual: 'any',
  less: 'any',
  lessEqual: 'any',
  greater: 'any',
  greaterEqual: 'any',
};

const broadcasts: readonly (readonly [Shape, Shape])[] = [
  [[5], [5]],
  [[], [3]],
  [[2, 3], []],
  [[2, 3], [3]],
  [
    [2, 1],
    [1, 3],
  ],
  [
    [4, 1, 3],
    [2, 1],
  ],
  [
    [2, 3, 1, 5],
    [3, 7, 1],
  ],
  [[0, 3], [3]],
  [
    [1, 1],
    [0, 2],
  ],
  [
    [3, 4, 5],
    [3, 1, 5],
  ],
];

/** A function that the library does not have. */
const bent = customRectifier({ name: 'bent', parameters: { slope: 0.3 }, value: 'slope*x + x^3' });

export function elementwiseCases(): ConformanceCase[] {
  return [...unaryCases(), ...binaryCases(), ...whereCases(), ...mapCases()];
}

function unaryCases(): ConformanceCase[] {
  const sampled = Object.entries(unaryOps).flatMap(([op, { low, high, parameters = [] }]) =>
    [[], [0], [67], [3, 1, 5]].map((shape) =>
      kernelCase('unary', `${op} ${formatShape(shape)}`, (draw) => {
        const data = draw.numbers(shape, low, high);
        return (bench) => ({
          y: bench.backend.unary(op as UnaryOp, bench.place(data, shape), parameters),
        });
      }),
    ),
  );
  const edges = (op: UnaryOp, data: readonly number[], parameters: readonly number[] = []) =>
    kernelCase('unary', `${op} of ${data.join(', ')}`, () => (bench) => ({
      y: bench.backend.unary(op, bench.place(data), parameters),
    }));
  return [
    ...sampled,
    edges('sigmoid', [-200, -20, 0, 20, 200]),
    edges('tanh', [-200, -20, 0, 20, 200]),
    edges('relu', [-1, 0, 1, Number.NaN]),
    edges('sign', [-2, 0, 2]),
    edges('abs', [-2, 0, 2]),
    edges('clamp', [-2, -1, 0, 1, 2], [-1, 1]),
    edges('power', [-2, -1, 0, 1, 2], [2]),
    kernelCase('unary', 'negate of spikes', (draw) => {
      const data = draw.spikes(33);
      return (bench) => ({ y: bench.backend.unary('negate', bench.placeSpikes(data), []) });
    }),
  ];
}

function binaryCases(): ConformanceCase[] {
  const sampled = Object.entries(binaryOps).flatMap(([op, range]) =>
    broadcasts.flatMap(([a, b]) =>
      (sameShape(a, b) ? [[a, b] as const] : [[a, b] as const, [b, a] as const]).map(([first, second]) =>
        kernelCase('binary', `${op} ${formatShape(first)} ${formatShape(second)}`, (draw) => {
          const comparing = op.includes('qual') || op === 'less' || op === 'greater' || op.endsWith('imum');
          const sample = (shape: Shape) =>
            comparing
              ? draw.integers(shape)
              : range === 'positive'
                ? draw.numbers(shape, 0.3, 2)
                : draw.numbers(shape);
          const [x, y] = [sample(first), sample(second)];
          const out = broadcastShapes('conformance', first, second);
          return (bench) => ({
            z: bench.backend.binary(op as BinaryOp, bench.place(x, first), bench.place(y, second), out),
          });
        }),
      ),
    ),
  );
  return [
    ...sampled,
    kernelCase('binary', 'multiply of an operand with itself', (draw) => {
      const x = draw.numbers(9);
      return (bench) => {
        const operand = bench.place(x);
        return { z: bench.backend.binary('multiply', operand, operand, [9]) };
      };
    }),
    kernelCase('binary', 'add of spikes to spikes', (draw) => {
      const [x, y] = [draw.spikes([5, 7]), draw.spikes([7])];
      return (bench) => ({
        z: bench.backend.binary('add', bench.placeSpikes(x, [5, 7]), bench.placeSpikes(y, [7]), [5, 7]),
      });
    }),
  ];
}

function whereCases(): ConformanceCase[] {
  const settings: readonly (readonly [Shape, Shape, Shape])[] = [
    [[5], [5], [5]],
    [[], [3], [1]],
    [[2, 1], [3], []],
    [
      [4, 1, 3],
      [2, 1],
      [4, 2, 3],
    ],
    [[0, 2], [2], [1, 1]],
  ];
  return settings.flatMap(([c, a, b]) =>
    [false, true].map((spikes) =>
      kernelCase(
        'where',
        `${formatShape(c)} ${formatShape(a)} ${formatShape(b)}${spikes ? ' by spikes' : ''}`,
        (draw) => {
          const out = broadcastShapes('conformance', c, broadcastShapes('conformance', a, b));
          const condition = spikes ? draw.spikes(c, 0.5) : draw.integers(c, -1, 1);
          const [x, y] = [draw.numbers(a), draw.numbers(b)];
          return (bench) => {
            const chosen = spikes ? bench.placeSpikes(condition, c) : bench.place(condition, c);
            return { z: bench.backend.where(chosen, bench.place(x, a), bench.place(y, b), out) };
          };
        },
      ),
    ),
  );
}

function mapCases(): ConformanceCase[] {
  const functions = [
    mpr({ k: 3 }),
    mpr({ k: 7, centre: 0.8 }),
    rectangular(),
    triangular(),
    sigmoidal(),
    arctan(),
    fastSigmoid(),
    bent,
  ];
  return functions.flatMap((f) =>
    (['value', 'derivative'] as const).flatMap((which) =>
      [[0], [41]].map((shape) =>
        kernelCase(
          'map',
          `${which} of ${f.name} ${JSON.stringify(f.parameters)} ${formatShape(shape)}`,
          (draw) => {
            // halves away from the edges of the rectangle, where f32 and f64 may fall on different sides
            const data = draw
              .numbers(shape, -1.5, 1.5)
              .map((x) => (Math.abs(Math.abs(x) - 0.5) < 1e-3 ? 0 : x));
            return (bench) => ({ y: bench.backend.map(f, which, bench.place(data, shape)) });
          },
        ),
      ),
    ),
  );
}
