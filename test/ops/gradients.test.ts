// Every exported operator against central differences, on drawn shapes and numbers away from its kinks.

import { beforeAll, describe, expect } from 'vitest';
import type { ScalarFunction } from '../../src/backends/backend';
import { cpuBackend } from '../../src/backends/cpu';
import { sizeOf } from '../../src/backends/shape';
import { tensor } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { Random } from '../../src/core/random';
import type { Tensor } from '../../src/core/tensor';
import * as ops from '../../src/ops';
import {
  broadcastPairs,
  convSettings,
  dataOf,
  gradCheck,
  type NumberConstraints,
  poolSettings,
  shapes,
  type TensorData,
  tensorData,
} from '../../src/testing';
import { fc, test } from '../support/properties';

beforeAll(() => setActiveBackend(cpuBackend('f64')));

interface Sample {
  readonly fn: (...inputs: Tensor[]) => Tensor;
  readonly inputs: readonly TensorData[];
}

const small = { maxLength: 3 };
const positive = { min: 0.3, max: 2 };

function unary(fn: (x: Tensor) => Tensor, constraints: NumberConstraints = {}): fc.Arbitrary<Sample> {
  return tensorData({ ...small, ...constraints }).map((x) => ({ fn, inputs: [x] }));
}

/** Two operands that broadcast together. */
function binary(
  fn: (a: Tensor, b: Tensor) => Tensor,
  first: NumberConstraints = {},
  second: NumberConstraints = first,
): fc.Arbitrary<Sample> {
  return broadcastPairs(small).chain(({ a, b }) =>
    fc.tuple(dataOf(a, first), dataOf(b, second)).map((inputs) => ({ fn, inputs })),
  );
}

/** Numbers of which no two are nearer than 0.05, in random order. */
function distinct(shape: readonly number[]): fc.Arbitrary<TensorData> {
  return fc.nat().map((seed) => ({
    data: Array.from(new Random(seed).permutation(sizeOf(shape)), (place) => place * 0.05 - 1),
    shape: [...shape],
  }));
}

/** Two operands whose elements never meet: even and odd multiples of 0.1. */
const apart = broadcastPairs(small).chain(({ a, b }) => {
  const grid = (shape: readonly number[], odd: number) =>
    fc
      .array(fc.integer({ min: -5, max: 5 }), { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
      .map((whole) => ({ data: whole.map((n) => (2 * n + odd) / 10), shape: [...shape] }));
  return fc.tuple(grid(a, 0), grid(b, 1));
});

/** A tensor with some of its axes. */
function overAxes(
  fn: (x: Tensor, axes: number[] | undefined, keepAxes: boolean) => Tensor,
  data: (shape: readonly number[]) => fc.Arbitrary<TensorData> = (shape) => dataOf(shape),
): fc.Arbitrary<Sample> {
  return shapes({ maxLength: 3 }).chain((shape) =>
    fc
      .tuple(
        data(shape),
        fc.option(fc.subarray(shape.map((_, axis) => axis)), { nil: undefined }),
        fc.boolean(),
      )
      .map(([x, axes, keepAxes]) => ({ fn: (t) => fn(t, axes, keepAxes), inputs: [x] })),
  );
}

const bent: ScalarFunction = {
  name: 'bent',
  parameters: {},
  value: (x) => Math.sin(x) + x * x,
  derivative: (x) => Math.cos(x) + 2 * x,
};

const square = ops.customOp({
  name: 'square',
  forward(context, x: Tensor) {
    context.save(x);
    return ops.mul(x, x);
  },
  backward: ({ saved: [x] }, gradient) => [ops.mul(gradient, ops.mul(x!, 2))],
});

const length = fc.integer({ min: 1, max: 4 });

const matmulSamples = fc
  .record({
    lead: broadcastPairs({ maxRank: 2, maxLength: 2 }),
    m: length,
    k: length,
    n: length,
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
  })
  .chain(({ lead, m, k, n, transposeA, transposeB }) =>
    fc
      .tuple(
        dataOf([...lead.a, ...(transposeA ? [k, m] : [m, k])]),
        dataOf([...lead.b, ...(transposeB ? [n, k] : [k, n])]),
      )
      .map((inputs): Sample => ({ fn: (a, b) => ops.matmul(a, b, { transposeA, transposeB }), inputs })),
  );

const linearSamples = fc
  .record({ lead: shapes({ maxRank: 2, maxLength: 3 }), from: length, to: length, bias: fc.boolean() })
  .chain(({ lead, from, to, bias }) =>
    fc
      .tuple(dataOf([...lead, from]), dataOf([from, to]), dataOf([to]))
      .map((inputs): Sample => ({ fn: (x, w, b) => ops.linear(x, w, bias ? b : undefined), inputs })),
  );

const images = { maxSide: 4, maxChannels: 2 };

const convSamples = convSettings(images).chain(({ image, weight, stride, padding }) =>
  fc
    .tuple(dataOf(image), dataOf(weight))
    .map((inputs): Sample => ({ fn: (x, w) => ops.conv2d(x, w, { stride, padding }), inputs })),
);

/** Stride, padding and dilation that differ, groups, and a bias. */
const groupedSamples = fc
  .record({
    ...{ groups: fc.integer({ min: 1, max: 2 }), depth: fc.integer({ min: 1, max: 2 }) },
    ...{ own: fc.integer({ min: 1, max: 2 }), bias: fc.boolean() },
    stride: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 })),
    padding: fc.tuple(fc.nat(1), fc.nat(2)),
    dilation: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
  })
  .map(({ depth, own, bias, ...windows }) => ({
    ...{ depth, own, windows, bias, channels: depth * windows.groups, filters: own * windows.groups },
  }));

const conv2dSamples = fc.oneof(
  convSamples,
  groupedSamples.chain(({ depth, windows, bias, channels, filters }) =>
    fc.tuple(dataOf([1, 4, 5, channels]), dataOf([2, 3, depth, filters]), dataOf([filters])).map(
      (inputs): Sample => ({
        fn: (x, w, b) => ops.conv2d(x, w, { ...windows, ...(bias && { bias: b }) }),
        inputs: bias ? inputs : inputs.slice(0, 2),
      }),
    ),
  ),
);

const transposedSamples = groupedSamples.chain(({ own, windows, bias, channels, filters }) =>
  fc.tuple(dataOf([1, 2, 3, channels]), dataOf([3, 3, own, channels]), dataOf([filters])).map(
    (inputs): Sample => ({
      fn: (x, w, b) =>
        ops.convTranspose2d(x, w, {
          ...{ ...windows, padding: 1, outputPadding: [0, windows.stride[1] - 1] },
          ...(bias && { bias: b }),
        }),
      inputs: bias ? inputs : inputs.slice(0, 2),
    }),
  ),
);

const im2colSamples = convSettings(images).chain(({ image, weight, stride, padding }) => {
  const window = [weight[0]!, weight[1]!] as const;
  return dataOf(image).map(
    (x): Sample => ({ fn: (t) => ops.im2col(t, { window, stride, padding }), inputs: [x] }),
  );
});

const col2imSamples = convSettings(images).chain(({ image, weight, stride, padding, geometry: g }) => {
  const window = [weight[0]!, weight[1]!] as const;
  const columns = [g.batch * g.outHeight * g.outWidth, window[0] * window[1] * g.channels];
  return dataOf(columns).map(
    (x): Sample => ({ fn: (t) => ops.col2im(t, image, { window, stride, padding }), inputs: [x] }),
  );
});

const poolSamples = poolSettings(images).chain(({ image, window, stride }) =>
  dataOf(image).map((x): Sample => ({ fn: (t) => ops.avgPool2d(t, { window, stride }), inputs: [x] })),
);

const paddedPools = fc.record({
  window: fc.tuple(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 2, max: 3 })),
  stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  padding: fc.tuple(fc.nat(1), fc.nat(1)),
  ceil: fc.boolean(),
});

const averageSamples = fc.oneof(
  poolSamples,
  fc.tuple(paddedPools, fc.boolean(), dataOf([1, 4, 5, 2])).map(
    ([options, countIncludePad, x]): Sample => ({
      fn: (t) => ops.avgPool2d(t, { ...options, countIncludePad }),
      inputs: [x],
    }),
  ),
);

const maxSamples = fc
  .tuple(paddedPools, distinct([1, 4, 5, 2]))
  .map(([options, x]): Sample => ({ fn: (t) => ops.maxPool2d(t, options), inputs: [x] }));

const sliceSamples = shapes({ minRank: 1, maxLength: 4 }).chain((shape) =>
  fc
    .tuple(dataOf(shape), ...shape.map((n) => fc.tuple(fc.nat({ max: n }), fc.nat({ max: n }))))
    .map(([x, ...ranges]): Sample => {
      const begin = ranges.map(([p, q]) => Math.min(p, q));
      const end = ranges.map(([p, q]) => Math.max(p, q));
      return { fn: (t) => ops.slice(t, begin, end), inputs: [x] };
    }),
);

const selectSamples = shapes({ minRank: 1, ...small }).chain((shape) =>
  fc
    .tuple(dataOf(shape), fc.nat({ max: shape.length - 1 }), fc.nat())
    .map(([x, axis, at]): Sample => ({ fn: (t) => ops.select(t, axis, at % shape[axis]!), inputs: [x] })),
);

const concatSamples = shapes({ minRank: 1, ...small }).chain((shape) =>
  fc
    .tuple(
      fc.nat({ max: shape.length - 1 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
    )
    .chain(([axis, lengths]) =>
      fc
        .tuple(...lengths.map((n) => dataOf(shape.with(axis, n))))
        .map((inputs): Sample => ({ fn: (...parts) => ops.concat(parts, axis), inputs })),
    ),
);

const stackSamples = shapes({ maxRank: 2, ...small }).chain((shape) =>
  fc
    .tuple(fc.nat({ max: shape.length }), fc.array(dataOf(shape), { minLength: 1, maxLength: 3 }))
    .map(([axis, inputs]): Sample => ({ fn: (...parts) => ops.stack(parts, axis), inputs })),
);

const transposeSamples = shapes({ maxRank: 4, ...small }).chain((shape) =>
  fc.tuple(dataOf(shape), fc.nat()).map(
    ([x, seed]): Sample => ({
      fn: (t) =>
        ops.transpose(t, seed === 0 ? undefined : Array.from(new Random(seed).permutation(shape.length))),
      inputs: [x],
    }),
  ),
);

const broadcastSamples = broadcastPairs({ maxLength: 3 }).chain(({ a, out }) =>
  dataOf(a).map((x): Sample => ({ fn: (t) => ops.broadcastTo(t, out), inputs: [x] })),
);

const reshapeSamples = shapes(small).chain((shape) =>
  dataOf(shape).map((x): Sample => ({ fn: (t) => ops.mul(ops.reshape(t, [-1, 1]), 2), inputs: [x] })),
);

/** Slices in one axis, or single elements by an index of x's rank; places come again and are left out. */
const gatherSamples = fc
  .tuple(shapes({ minRank: 1, ...small }), fc.nat(), fc.nat(), fc.boolean(), fc.nat({ max: 5 }))
  .chain(([shape, at, seed, single, count]) =>
    dataOf(shape).map((x): Sample => {
      const axis = at % shape.length;
      const random = new Random(seed);
      const wanted = single ? shape.with(axis, count) : [count];
      const index = Int32Array.from({ length: sizeOf(wanted) }, () => random.integer(shape[axis]!));
      return { fn: (t) => ops.gather(t, tensor(index, wanted), axis), inputs: [x] };
    }),
  );

const padSamples = shapes(small).chain((shape) =>
  fc
    .tuple(dataOf(shape), fc.constantFrom(0, 2.5), ...shape.map(() => fc.tuple(fc.nat(2), fc.nat(2))))
    .map(([x, value, ...widths]): Sample => ({ fn: (t) => ops.pad(t, widths, value), inputs: [x] })),
);

const repeatSamples = shapes({ maxRank: 2, ...small }).chain((shape) =>
  fc
    .tuple(
      dataOf(shape),
      fc.array(fc.integer({ min: 1, max: 2 }), { minLength: shape.length, maxLength: shape.length + 1 }),
    )
    .map(([x, times]): Sample => ({ fn: (t) => ops.repeat(t, times), inputs: [x] })),
);

const whereSamples = fc.tuple(broadcastPairs(small), fc.nat()).chain(([{ a, b, out }, seed]) =>
  fc.tuple(dataOf(a), dataOf(b)).map((inputs): Sample => {
    const random = new Random(seed);
    const condition = Float64Array.from({ length: sizeOf(out) }, () => random.integer(2));
    return { fn: (x, y) => ops.where(tensor(condition, out), x, y), inputs };
  }),
);

const crossEntropySamples = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), fc.nat())
  .chain(([rows, classes, seed]) =>
    dataOf([rows, classes]).map((x): Sample => {
      const random = new Random(seed);
      const labels = Array.from({ length: rows }, () => random.integer(classes));
      const options = [
        {},
        { labelSmoothing: 0.1, classWeights: [1, 2, 0.5, 1, 3].slice(0, classes) },
        { ignoreIndex: labels[0]!, reduction: 'none' as const },
      ];
      return { fn: (t) => ops.crossEntropy(t, labels, options[seed % 3]), inputs: [x] };
    }),
  );

/** Losses over time of outputs [T,2,3]. */
const overTime = (fn: (x: Tensor, labels: number[]) => Tensor, drawn = dataOf([2, 2, 3])) =>
  drawn.map((x): Sample => ({ fn: (t) => fn(t, [2, 0]), inputs: [x] }));

const comparison = (fn: (a: Tensor, b: Tensor) => Tensor) => apart.map((inputs): Sample => ({ fn, inputs }));

/** For every exported function what is drawn for it. */
const samples: Record<keyof typeof ops, fc.Arbitrary<Sample>> = {
  add: binary(ops.add),
  sub: binary(ops.sub),
  mul: binary(ops.mul),
  div: binary(ops.div, {}, positive),
  pow: binary(ops.pow, positive, {}),
  maximum: apart.map((inputs) => ({ fn: ops.maximum, inputs })),
  minimum: apart.map((inputs) => ({ fn: ops.minimum, inputs })),
  equal: comparison(ops.equal),
  notEqual: comparison(ops.notEqual),
  less: comparison(ops.less),
  lessEqual: comparison(ops.lessEqual),
  greater: comparison(ops.greater),
  greaterEqual: comparison(ops.greaterEqual),
  where: whereSamples,
  im2col: im2colSamples,
  col2im: col2imSamples,
  conv2d: conv2dSamples,
  convTranspose2d: transposedSamples,
  convOperations: convSamples, // counts; see the law in conv.test.ts
  dropout: tensorData(small).map((x) => ({
    fn: (t) => ops.dropout(t, 0.4, { random: new Random(7) }),
    inputs: [x],
  })),
  neg: unary(ops.neg),
  exp: unary(ops.exp),
  log: unary(ops.log, positive),
  sqrt: unary(ops.sqrt, positive),
  tanh: unary(ops.tanh),
  sigmoid: unary(ops.sigmoid),
  relu: unary(ops.relu, { kinks: [0] }),
  abs: unary(ops.abs, { kinks: [0] }),
  sign: unary(ops.sign, { kinks: [0] }),
  clamp: unary((x) => ops.clamp(x, -0.5, 1), { kinks: [-0.5, 1] }),
  map: unary((x) => ops.map(bent, x)),
  derivativeOf: unary((x) => ops.mul(x, ops.derivativeOf({ ...bent, derivative: () => 3 }, x))),
  reshape: reshapeSamples,
  transpose: transposeSamples,
  broadcastTo: broadcastSamples,
  slice: sliceSamples,
  select: selectSamples,
  concat: concatSamples,
  stack: stackSamples,
  repeat: repeatSamples,
  logSoftmax: shapes({ minRank: 1, ...small }).chain((shape) =>
    dataOf(shape).map((x) => ({ fn: ops.logSoftmax, inputs: [x] })),
  ),
  crossEntropy: crossEntropySamples,
  tetLoss: overTime((x, labels) => ops.tetLoss(x, labels, { lambda: 0.2 })),
  rateMse: overTime((x, labels) => ops.rateMse(x, labels)),
  maxMembraneLoss: overTime((x, labels) => ops.maxMembraneLoss(x, labels), distinct([2, 2, 3])),
  rateBounds: dataOf([2, 3]).map(
    (x): Sample => ({ fn: (t) => ops.rateBounds(t, { low: 0.9 }), inputs: [x] }),
  ),
  softmax: shapes({ minRank: 1, ...small }).chain((shape) =>
    fc
      .tuple(dataOf(shape), fc.nat({ max: shape.length - 1 }))
      .map(([x, axis]): Sample => ({ fn: (t) => ops.softmax(t, axis), inputs: [x] })),
  ),
  argMax: overAxes((x, axes) => ops.mul(x, ops.argMax(x, axes?.[0], { keepAxes: true })), distinct),
  oneHot: tensorData({ ...small, minRank: 1 }).map((x) => ({
    fn: (t) => ops.mul(ops.reshape(t, [-1, 1]), ops.oneHot(new Uint8Array(t.size).fill(1), 3)),
    inputs: [x],
  })),
  gather: gatherSamples,
  pad: padSamples,
  matmul: matmulSamples,
  linear: linearSamples,
  customOp: unary(square),
  avgPool2d: averageSamples,
  maxPool2d: maxSamples,
  globalAvgPool: poolSettings(images).chain(({ image }) =>
    dataOf(image).map((x) => ({ fn: ops.globalAvgPool, inputs: [x] })),
  ),
  sum: overAxes((x, axes, keepAxes) => ops.sum(x, axes, { keepAxes })),
  mean: overAxes((x, axes, keepAxes) => ops.mean(x, axes, { keepAxes })),
  variance: overAxes((x, axes, keepAxes) => ops.variance(x, axes, { keepAxes })),
  max: overAxes((x, axes, keepAxes) => ops.max(x, axes, { keepAxes }), distinct),
  min: overAxes((x, axes, keepAxes) => ops.min(x, axes, { keepAxes }), distinct),
};

describe('backward agrees with central differences', () => {
  for (const [name, arbitrary] of Object.entries(samples)) {
    test.prop([arbitrary, fc.nat()], { numRuns: 25 })(`for ${name}`, ({ fn, inputs }, seed) => {
      gradCheck(fn, inputs, { seed });
    });
  }

  test('for every exported operator: none was forgotten', () => {
    const exported = Object.entries(ops).flatMap(([name, value]) =>
      typeof value === 'function' ? [name] : [],
    );
    expect(Object.keys(samples).sort()).toEqual(exported.sort());
  });
});

describe('backward takes a stated side at a kink', () => {
  const gradientAt = (fn: (x: Tensor) => Tensor, x: number) => {
    const leaf = tensor([x], [1], { requiresGrad: true });
    ops.sum(fn(leaf)).backward();
    return leaf.grad!.itemSync();
  };

  test('relu and abs have no gradient at 0, clamp passes at its limits', () => {
    expect(gradientAt(ops.relu, 0)).toBe(0);
    expect(gradientAt(ops.abs, 0)).toBe(0);
    expect(gradientAt((x) => ops.clamp(x, -1, 1), 1)).toBe(1);
    expect(gradientAt((x) => ops.clamp(x, -1, 1), -1)).toBe(1);
  });

  test('maximum, minimum and max share the gradient of a tie', () => {
    expect(gradientAt((x) => ops.maximum(x, 0.5), 0.5)).toBe(0.5);
    expect(gradientAt((x) => ops.minimum(x, 0.5), 0.5)).toBe(0.5);
    expect(gradientAt((x) => ops.max(ops.concat([x, tensor([0.5])])), 0.5)).toBe(0.5);
  });
});
