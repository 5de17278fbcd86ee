// Laws that hold for whole families of operators: broadcasting as NumPy does it, convolution as a linear map with an
// adjoint, and autograd as a linear map of its cotangent.

import { beforeAll, describe, expect } from 'vitest';
import { cpuBackend } from '../../src/backends/cpu';
import { sizeOf } from '../../src/backends/shape';
import { tensor } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { Random } from '../../src/core/random';
import type { Tensor } from '../../src/core/tensor';
import * as ops from '../../src/ops';
import { broadcastPairs, type ConvSetting, convSettings, dataOf, type TensorData } from '../../src/testing';
import { fc, test } from '../support/properties';

beforeAll(() => setActiveBackend(cpuBackend('f64')));

/** The options of a drawn convolution. */
const windowOf = ({ stride, padding }: ConvSetting) => ({ stride, padding });

const of = ({ data, shape }: TensorData) => tensor(data, shape);

function drawn(shape: readonly number[], random: Random): Tensor {
  return tensor(
    Float64Array.from({ length: sizeOf(shape) }, () => random.uniform(-1, 1)),
    shape,
  );
}

/** ⟨a, b⟩ = Σ a·b. */
const inner = (a: Tensor, b: Tensor) => ops.sum(ops.mul(a, b)).itemSync();

function expectClose(a: Tensor, b: Tensor): void {
  expect(a.shape).toEqual(b.shape);
  const [x, y] = [a.dataSync(), b.dataSync()];
  x.forEach((value, i) => {
    expect(value).toBeCloseTo(y[i]!, 9);
  });
}

const pair = broadcastPairs({ minLength: 0, maxLength: 3 }).chain(({ a, b, out }) =>
  fc.record({ a: dataOf(a), b: dataOf(b), out: fc.constant(out) }),
);

describe('broadcasting', () => {
  test.prop([
    pair,
    fc.constantFrom(ops.add, ops.sub, ops.mul, ops.maximum, ops.minimum, ops.less, ops.equal),
  ])('is the same as repeating both operands to the common shape first', ({ a, b, out }, op) => {
    const spread = op(ops.broadcastTo(of(a), out), ops.broadcastTo(of(b), out));
    const direct = op(of(a), of(b));
    expect(direct.shape).toEqual(out);
    expect(direct.dataSync()).toEqual(spread.dataSync());
  });

  test.prop([pair])('commutes where the operator does', ({ a, b }) => {
    expect(ops.add(of(a), of(b)).dataSync()).toEqual(ops.add(of(b), of(a)).dataSync());
    expect(ops.mul(of(a), of(b)).dataSync()).toEqual(ops.mul(of(b), of(a)).dataSync());
    expect(ops.less(of(a), of(b)).dataSync()).toEqual(ops.greater(of(b), of(a)).dataSync());
  });

  test.prop([pair])('sums the gradient over the axes that were repeated', ({ a, b, out }) => {
    const x = tensor(a.data, a.shape, { requiresGrad: true });
    ops.sum(ops.add(x, of(b))).backward();
    const copies = sizeOf(a.shape) === 0 ? 0 : sizeOf(out) / sizeOf(a.shape);
    expect(x.grad!.shape).toEqual(a.shape);
    expect([...x.grad!.dataSync()]).toEqual(a.data.map(() => copies));
  });

  test.prop([pair, fc.double({ min: -3, max: 3, noNaN: true })])(
    'takes a number as a scalar',
    ({ a }, number) => {
      expect(ops.mul(of(a), number).dataSync()).toEqual(ops.mul(of(a), tensor(number)).dataSync());
      expect(ops.sub(number, of(a)).dataSync()).toEqual(ops.sub(tensor(number), of(a)).dataSync());
    },
  );
});

const conv = fc.tuple(convSettings({ maxSide: 5 }), fc.nat());

describe('conv2d', () => {
  test.prop([conv])('equals the product of im2col and the weight as a matrix', ([s, seed]) => {
    const { image, weight, stride, padding, geometry: g } = s;
    const random = new Random(seed);
    const [x, w] = [drawn(image, random), drawn(weight, random)];
    const columns = ops.im2col(x, { window: [weight[0]!, weight[1]!], stride, padding });
    const product = ops.matmul(columns, ops.reshape(w, [-1, g.filters]));
    const y = ops.conv2d(x, w, { stride, padding });
    expectClose(y, ops.reshape(product, [g.batch, g.outHeight, g.outWidth, g.filters]));
  });

  test.prop([conv])('equals its defining sum', ([s, seed]) => {
    const { image, weight, stride, padding, geometry: g } = s;
    const random = new Random(seed);
    const [x, w] = [drawn(image, random), drawn(weight, random)];
    const [pixels, taps] = [x.dataSync(), w.dataSync()];
    const expected: number[] = [];
    for (let n = 0; n < g.batch; n++)
      for (let oy = 0; oy < g.outHeight; oy++)
        for (let ox = 0; ox < g.outWidth; ox++)
          for (let f = 0; f < g.filters; f++) {
            let sum = 0;
            for (let ky = 0; ky < g.kernelHeight; ky++)
              for (let kx = 0; kx < g.kernelWidth; kx++)
                for (let c = 0; c < g.channels; c++) {
                  const [py, px] = [oy * stride - padding + ky, ox * stride - padding + kx];
                  if (py < 0 || py >= g.height || px < 0 || px >= g.width) continue;
                  const pixel = pixels[((n * g.height + py) * g.width + px) * g.channels + c]!;
                  sum += pixel * taps[((ky * g.kernelWidth + kx) * g.channels + c) * g.filters + f]!;
                }
            expected.push(sum);
          }
    const y = ops.conv2d(x, w, { stride, padding });
    expectClose(y, tensor(expected, y.shape));
  });

  test.prop([conv, fc.double({ min: -2, max: 2, noNaN: true })])(
    'is linear in the image and in the weight',
    ([s, seed], a) => {
      const random = new Random(seed);
      const [x, x2] = [drawn(s.image, random), drawn(s.image, random)];
      const [w, w2] = [drawn(s.weight, random), drawn(s.weight, random)];
      const f = (image: Tensor, weight: Tensor) => ops.conv2d(image, weight, windowOf(s));
      expectClose(f(ops.add(ops.mul(x, a), x2), w), ops.add(ops.mul(f(x, w), a), f(x2, w)));
      expectClose(f(x, ops.add(ops.mul(w, a), w2)), ops.add(ops.mul(f(x, w), a), f(x, w2)));
    },
  );

  test.prop([conv])('has its two gradients as adjoints: ⟨x*w, y⟩ = ⟨x, dx⟩ = ⟨w, dw⟩', ([s, seed]) => {
    const random = new Random(seed);
    const [x, w] = [drawn(s.image, random), drawn(s.weight, random)];
    x.requiresGrad = true;
    w.requiresGrad = true;
    const out = ops.conv2d(x, w, windowOf(s));
    const y = drawn(out.shape, random);
    const product = inner(out.detach(), y);
    out.backward(y);
    expect(inner(x.detach(), x.grad!)).toBeCloseTo(product, 9);
    expect(inner(w.detach(), w.grad!)).toBeCloseTo(product, 9);
  });

  test.prop([conv])('has im2col and col2im as adjoints: ⟨im2col(x), c⟩ = ⟨x, col2im(c)⟩', ([s, seed]) => {
    const { image, weight, stride, padding } = s;
    const random = new Random(seed);
    const options = { window: [weight[0]!, weight[1]!] as const, stride, padding };
    const x = drawn(image, random);
    const columns = ops.im2col(x, options);
    const c = drawn(columns.shape, random);
    expect(inner(columns, c)).toBeCloseTo(inner(x, ops.col2im(c, image, options)), 9);
  });

  test.prop([conv])('takes leading axes as one batch', ([s, seed]) => {
    const random = new Random(seed);
    const [x, w] = [drawn([2, ...s.image], random), drawn(s.weight, random)];
    const y = ops.conv2d(x, w, windowOf(s));
    const flat = ops.conv2d(ops.reshape(x, [-1, ...s.image.slice(1)]), w, windowOf(s));
    expect(y.shape.slice(0, 2)).toEqual([2, s.image[0]]);
    expect(y.dataSync()).toEqual(flat.dataSync());
  });

  test.prop([convSettings()])(
    'counts a multiply-accumulate for every tap of every output',
    ({ geometry: g, image, weight }) => {
      const outputs = g.batch * g.outHeight * g.outWidth * g.filters;
      expect(ops.convOperations(g)).toBe(outputs * weight[0]! * weight[1]! * image.at(-1)!);
    },
  );
});

describe('backward', () => {
  const shape = [3, 4];
  const forward = (x: Tensor) => ops.mul(ops.tanh(x), ops.sum(ops.exp(x), 1, { keepAxes: true }));

  test.prop([dataOf(shape), fc.nat(), fc.double({ min: -2, max: 2, noNaN: true })])(
    'is linear in the gradient that it starts from',
    (data, seed, a) => {
      const random = new Random(seed);
      const [g, h] = [drawn(shape, random), drawn(shape, random)];
      const gradientFor = (cotangent: Tensor) => {
        const x = tensor(data.data, shape, { requiresGrad: true });
        forward(x).backward(cotangent);
        return x.grad!;
      };
      expectClose(
        gradientFor(ops.add(ops.mul(g, a), h)),
        ops.add(ops.mul(gradientFor(g), a), gradientFor(h)),
      );
    },
  );

  test.prop([dataOf(shape)])('of a sum of two functions is the sum of their gradients', (data) => {
    const gradientOf = (fn: (x: Tensor) => Tensor) => {
      const x = tensor(data.data, shape, { requiresGrad: true });
      ops.sum(fn(x)).backward();
      return x.grad!;
    };
    const together = gradientOf((x) => ops.add(forward(x), ops.sigmoid(x)));
    expectClose(together, ops.add(gradientOf(forward), gradientOf(ops.sigmoid)));
  });
});

describe('dropout', () => {
  test('keeps the mean, scales what it keeps, and draws the same mask from the same seed', () => {
    const x = tensor(new Float64Array(20_000).fill(1));
    const y = ops.dropout(x, 0.25, { random: new Random(3) }).dataSync();
    for (const value of new Set(y)) expect([0, 4 / 3]).toContain(value);
    expect(ops.mean(tensor(y)).itemSync()).toBeCloseTo(1, 1);
    expect(ops.dropout(x, 0.25, { random: new Random(3) }).dataSync()).toEqual(y);
    expect(ops.dropout(x, 0).dataSync()).toEqual(x.dataSync());
  });
});
