// NaN, infinities and zeros through every kernel that could lose them: what is not finite must come out as the
// reference gives it, or a run that is lost looks sound.

import type { BinaryOp, UnaryOp } from '../../../backends/backend';
import { convGeometry, poolGeometry } from '../../../backends/geometry';
import { formatShape, type Shape } from '../../../backends/shape';
import { arctan, customRectifier, fastSigmoid, rectangular, sigmoidal, triangular } from '../../../neurons';
import { sgdRule } from '../../../optim/sgd';
import { mpr } from '../../../snn/rectifier';
import { type ConformanceCase, kernelCase } from '../../probe';
import { binaryOps } from '../elementwise';
import { constantsOf, updateOf } from '../update';
import { specialNeuronCases, specialNormCases, spoilt } from './layers';

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
/** Near the largest f32 number: its square is infinite. */
const huge = Math.fround(3e38);

const numbers = [nan, infinity, -infinity, 0, -0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 200, -200, huge, -huge];

const unaryOps: Readonly<Record<UnaryOp, readonly (readonly number[])[]>> = {
  negate: [[]],
  exp: [[]],
  log: [[]],
  sqrt: [[]],
  tanh: [[]],
  sigmoid: [[]],
  relu: [[]],
  abs: [[]],
  sign: [[]],
  power: [[2], [3], [-1], [-2], [0], [0.5], [-0.5], [1], [2.5], [infinity], [-infinity], [nan]],
  clamp: [
    [-1, 0.5],
    [0, infinity],
    [-infinity, 0],
  ],
};

/** A function of one's own that asks for whatever may be left open. */
const open = customRectifier({
  name: 'open',
  parameters: { shift: 1 },
  value: 'log(x) + sqrt(x) + min(x, shift) + max(x, shift) + tanh(x) + (x == x ? 0 : 1)',
  derivative: 'exp(x)*(x^3 > 1 ? 1 : x) + arctan(x) + sign(x - shift)',
});

/** Every test that a function may make of a number tells NaN from the others. */
const asking = customRectifier({
  name: 'asking',
  value: 'x == x ? 5 : 7',
  derivative: '(x > 1 ? 1 : 2) + (x < 1 ? 10 : 20) + (x >= 1 ? 100 : 200) + (x <= 1 ? 1000 : 2000)',
});

export function specialCases(): ConformanceCase[] {
  return [
    ...elementwise(),
    ...reductions(),
    ...products(),
    ...losses(),
    ...updates(),
    ...specialNormCases(),
    ...specialNeuronCases(),
  ];
}

function elementwise(): ConformanceCase[] {
  const all = numbers.length;
  const unary = Object.entries(unaryOps).flatMap(([op, settings]) =>
    settings.map((parameters) =>
      kernelCase('unary', `${op}${formatShape(parameters)} of special numbers`, () => (bench) => ({
        y: bench.backend.unary(op as UnaryOp, bench.place(numbers), parameters),
      })),
    ),
  );
  const binary = (Object.keys(binaryOps) as BinaryOp[]).flatMap((op) => [
    kernelCase('binary', `${op} of special numbers, each with each`, () => (bench) => ({
      z: bench.backend.binary(op, bench.place(numbers, [all, 1]), bench.place(numbers, [1, all]), [all, all]),
    })),
    kernelCase('binary', `${op} of special numbers side by side`, () => {
      const a = numbers.flatMap((x) => numbers.map(() => x));
      const b = numbers.flatMap(() => numbers);
      return (bench) => ({ z: bench.backend.binary(op, bench.place(a), bench.place(b), [a.length]) });
    }),
  ]);
  const where = kernelCase('where', 'special numbers as condition and as choice', () => (bench) => ({
    z: bench.backend.where(bench.place(numbers, [all, 1]), bench.place(numbers), bench.place([nan], []), [
      all,
      all,
    ]),
  }));
  const functions = [
    mpr({ k: 3 }),
    rectangular(),
    triangular(),
    sigmoidal(),
    arctan(),
    fastSigmoid(),
    open,
    asking,
  ];
  const maps = functions.flatMap((f) =>
    (['value', 'derivative'] as const).map((which) =>
      kernelCase('map', `${which} of ${f.name} at special numbers`, () => (bench) => ({
        y: bench.backend.map(f, which, bench.place(numbers.slice(0, -2))), // a formula may square what is huge
      })),
    ),
  );
  return [...unary, ...binary, where, ...maps];
}

/** Each special number once at the beginning, in the middle and at the end of a row of others. */
function rows(length: number): { data: Float64Array; count: number } {
  const specials = [nan, infinity, -infinity];
  const places = [...new Set([0, Math.floor(length / 2), length - 1])];
  const found = specials.flatMap((special) =>
    places.map((place) =>
      Float64Array.from({ length }, (_, i) => (i === place ? special : (((i * 7) % 13) - 6) / 4)),
    ),
  );
  found.push(new Float64Array(length).fill(-infinity), new Float64Array(length).fill(nan));
  found.push(Float64Array.from({ length }, (_, i) => (i % 2 === 0 ? infinity : -infinity)));
  const data = new Float64Array(found.length * length);
  for (const [i, row] of found.entries()) data.set(row, i * length);
  return { data, count: found.length };
}

function reductions(): ConformanceCase[] {
  const short = [1, 3, 9, 67, 300, 4500].flatMap((length) =>
    (['max', 'sum'] as const).flatMap((op) => [
      kernelCase('reduce', `${op} of rows of ${length} with special numbers`, () => {
        const { data, count } = rows(length);
        return (bench) => ({ y: bench.backend.reduce(op, bench.place(data, [count, length]), [1]) });
      }),
      kernelCase('reduce', `${op} of columns of ${length} with special numbers`, () => {
        const { data, count } = rows(length);
        const turned = Float64Array.from(data, (_, i) => data[(i % count) * length + Math.floor(i / count)]!);
        return (bench) => ({ y: bench.backend.reduce(op, bench.place(turned, [length, count]), [0]) });
      }),
    ]),
  );
  const whole = (['max', 'sum'] as const).map((op) =>
    kernelCase('reduce', `${op} of all of 40 numbers, the last NaN`, () => (bench) => ({
      y: bench.backend.reduce(op, bench.place([...new Array(39).fill(1), nan], [5, 8]), [0, 1]),
    })),
  );
  return [...short, ...whole];
}

function products(): ConformanceCase[] {
  const specials = [nan, infinity, -infinity];
  const sizes: readonly (readonly [number, number, number])[] = [
    [3, 5, 4],
    [40, 33, 36],
  ];
  const matrices = sizes.flatMap(([m, k, n]) =>
    specials.flatMap((special) => [
      kernelCase('matmul', `[${m},${k}] [${k},${n}], ${special} on the left`, (draw) => {
        const [a, b] = [spoilt(draw.numbers([m, k]), k + 2, special), draw.numbers([k, n])];
        return (bench) => ({
          z: bench.backend.matmul(bench.place(a, [m, k]), bench.place(b, [k, n]), flat, [m, n]),
        });
      }),
      kernelCase('matmul', `[${m},${k}] [${k},${n}], ${special} on the right`, (draw) => {
        const [a, b] = [draw.numbers([m, k]), spoilt(draw.numbers([k, n]), n + 1, special)];
        return (bench) => ({
          z: bench.backend.matmul(bench.place(a, [m, k]), bench.place(b, [k, n]), flat, [m, n]),
        });
      }),
    ]),
  );
  const g = convGeometry('conformance', [2, 6, 6, 4], [3, 3, 4, 8], 1, 1);
  const [image, weight, out]: Shape[] = [
    [2, 6, 6, 4],
    [3, 3, 4, 8],
    [2, 6, 6, 8],
  ];
  const pool = poolGeometry('conformance', [2, 6, 6, 4], 2, 2);
  const convolutions = specials.flatMap((special) => [
    kernelCase('conv2d', `${special} in the image`, (draw) => {
      const [x, w] = [spoilt(draw.numbers(image!), 40, special), draw.numbers(weight!)];
      return (bench) => ({ y: bench.backend.conv2d(bench.place(x, image), bench.place(w, weight), g) });
    }),
    kernelCase('conv2dInputGradient', `${special} in the gradient`, (draw) => {
      const [dy, w] = [spoilt(draw.numbers(out!), 40, special), draw.numbers(weight!)];
      return (bench) => ({
        dx: bench.backend.conv2dInputGradient(bench.place(dy, out), bench.place(w, weight), g),
      });
    }),
    kernelCase('conv2dWeightGradient', `${special} in the gradient, at a corner`, (draw) => {
      const [x, dy] = [draw.numbers(image!), spoilt(draw.numbers(out!), 60, special)];
      return (bench) => ({
        dw: bench.backend.conv2dWeightGradient(bench.place(x, image), bench.place(dy, out), g),
      });
    }),
    kernelCase('avgPool2d', `${special} in the image`, (draw) => {
      const x = spoilt(draw.numbers(image!), 40, special);
      return (bench) => ({ y: bench.backend.avgPool2d(bench.place(x, image), pool) });
    }),
    kernelCase('avgPool2dGradient', `${special} in the gradient`, (draw) => {
      const dy = spoilt(draw.numbers([2, 3, 3, 4]), 10, special);
      return (bench) => ({ dx: bench.backend.avgPool2dGradient(bench.place(dy, [2, 3, 3, 4]), pool) });
    }),
  ]);
  return [...matrices, ...convolutions];
}

const flat = { transposeA: false, transposeB: false };

/** Rows of five logits. */
const logits = [
  [nan, 1, 2, 3, 4],
  [0, 1, 2, 3, nan],
  [infinity, 1, 2, 3, 4],
  [0, 1, -infinity, 3, 4],
  [-infinity, -infinity, -infinity, -infinity, -infinity],
  [infinity, infinity, 0, 0, 0],
  [huge, -huge, 0, 1, 2],
  [0, 1, 2, 3, 4],
];
/** Of them a mean over rows that are all sound but for a logit of -Infinity, and one with a lost row. */
const batches = [
  { name: 'label of -Infinity', from: [3, 7], labels: [2, 0] },
  { name: 'another of -Infinity', from: [3, 7], labels: [0, 4] },
  { name: 'one of NaN', from: [7, 1], labels: [1, 1] },
  { name: 'one of Infinity', from: [7, 2], labels: [1, 1] },
  { name: 'all of -Infinity', from: [4], labels: [0] },
  { name: 'huge', from: [6], labels: [0] },
];

function losses(): ConformanceCase[] {
  const shape = [logits.length, 5];
  const soft = [
    kernelCase('logSoftmax', 'special numbers', () => (bench) => ({
      y: bench.backend.logSoftmax(bench.place(logits.flat(), shape)),
    })),
    kernelCase('logSoftmaxGradient', 'special numbers', (draw) => {
      const g = draw.numbers(shape);
      return (bench) => {
        const y = { handle: bench.own(bench.backend.logSoftmax(bench.place(logits.flat(), shape))), shape };
        return { dx: bench.backend.logSoftmaxGradient(bench.place(g, shape), y) };
      };
    }),
  ];
  const entropies = batches.flatMap(({ name, from, labels }) => {
    const data = from.flatMap((row) => logits[row]!);
    const targets = Int32Array.from(labels);
    const all = [labels.length, 5];
    return [
      kernelCase('crossEntropy', `logits, ${name}`, () => (bench) => ({
        ...bench.backend.crossEntropy(bench.place(data, all), targets),
      })),
      kernelCase('crossEntropyGradient', `logits, ${name}`, () => (bench) => {
        const { loss, probabilities } = bench.backend.crossEntropy(bench.place(data, all), targets);
        bench.own(loss);
        bench.own(probabilities);
        const p = { handle: probabilities, shape: all };
        return { dx: bench.backend.crossEntropyGradient(bench.place([1], []), p, targets) };
      }),
    ];
  });
  return [...soft, ...entropies];
}

function updates(): ConformanceCase[] {
  return [0, 0.9].map((momentum) =>
    kernelCase('update', `special gradients, momentum ${momentum}`, (draw) => {
      const rule = sgdRule(false);
      const constants = constantsOf(rule, { lr: 0.5, momentum, share: 1, weightDecay: 0.25 });
      return updateOf(rule, constants, numbers.length, draw, { gradient: numbers });
    }),
  );
}
