import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { init } from '../../src/init';
import { avgPool2d, conv2d, crossEntropy, linear } from '../../src/ops';
import { cosine, Sgd } from '../../src/optim';
import { mpr, tdbn } from '../../src/snn';
import { expectClose, type GoldenArray, golden, load, readJson } from './golden';

interface ConvCase {
  stride: number;
  padding: number;
  x: GoldenArray;
  weight: GoldenArray;
  y: GoldenArray;
  gradY: GoldenArray;
  gradX: GoldenArray;
  gradWeight: GoldenArray;
}

interface TdbnCase {
  alpha: number;
  vth: number;
  eps: number;
  momentum: number;
  x: GoldenArray;
  weight: GoldenArray;
  bias: GoldenArray;
  runningMeanBefore: GoldenArray;
  runningVarBefore: GoldenArray;
  runningMeanAfter: GoldenArray;
  runningVarAfter: GoldenArray;
  y: GoldenArray;
  gradY: GoldenArray;
  gradX: GoldenArray;
  gradWeight: GoldenArray;
  gradBias: GoldenArray;
  yEval: GoldenArray;
}

interface Layers {
  avgPool2: Pick<ConvCase, 'x' | 'y' | 'gradY' | 'gradX'>;
  linear: Omit<ConvCase, 'stride' | 'padding'> & { bias: GoldenArray; gradBias: GoldenArray };
  crossEntropy: { x: GoldenArray; labels: number[]; loss: number; gradX: GoldenArray };
  sgdCosine: {
    momentum: number;
    weightDecay: number;
    baseLr: number;
    steps: number;
    lr: number[];
    p0: GoldenArray;
    grads: GoldenArray;
    params: GoldenArray;
  };
  mpr: { ks: number[]; x: GoldenArray; y: GoldenArray; dydx: GoldenArray };
}

describe.skipIf(golden.missing)(`layers equal the reference vectors${golden.note}`, () => {
  beforeAll(async () => {
    await init({ precision: 'f64' });
  });
  const layers = golden.missing ? {} : readJson<Record<string, unknown>>('layers.json');
  const named = <T>(prefix: string) =>
    Object.entries(layers).filter(([name]) => name.startsWith(prefix)) as [string, T][];
  const rest = layers as unknown as Layers;

  for (const [name, c] of named<ConvCase>('conv')) {
    test(`${name}: value and both gradients`, () => {
      const x = load(c.x, 'image', true);
      const w = load(c.weight, 'conv', true);
      const y = conv2d(x, w, { stride: c.stride, padding: c.padding });
      expectClose(y, c.y, 'image');
      y.backward(load(c.gradY, 'image'));
      expectClose(x.grad!, c.gradX, 'image');
      expectClose(w.grad!, c.gradWeight, 'conv');
    });
  }

  for (const [name, c] of named<TdbnCase>('tdbn')) {
    test(`${name}: value, gradients, running statistics, evaluation`, () => {
      const x = load(c.x, 'image', true);
      const state = {
        weight: load(c.weight, 'plain', true),
        bias: load(c.bias, 'plain', true),
        runningMean: load(c.runningMeanBefore, 'plain'),
        runningVariance: load(c.runningVarBefore, 'plain'),
      };
      const options = { alpha: c.alpha, vth: c.vth, epsilon: c.eps, momentum: c.momentum };
      const y = tdbn(x, state, true, options);
      expectClose(y, c.y, 'image');
      expectClose(state.runningMean, c.runningMeanAfter, 'plain');
      expectClose(state.runningVariance, c.runningVarAfter, 'plain');
      y.backward(load(c.gradY, 'image'));
      expectClose(x.grad!, c.gradX, 'image');
      expectClose(state.weight.grad!, c.gradWeight, 'plain');
      expectClose(state.bias.grad!, c.gradBias, 'plain');
      expectClose(tdbn(x, state, false, options), c.yEval, 'image');
    });
  }

  test('avgPool2: value and gradient', () => {
    const c = rest.avgPool2;
    const x = load(c.x, 'image', true);
    const y = avgPool2d(x, { window: 2 });
    expectClose(y, c.y, 'image');
    y.backward(load(c.gradY, 'image'));
    expectClose(x.grad!, c.gradX, 'image');
  });

  test('linear: value and gradients', () => {
    const c = rest.linear;
    const [x, w, b] = [load(c.x, 'plain', true), load(c.weight, 'linear', true), load(c.bias, 'plain', true)];
    const y = linear(x, w, b);
    expectClose(y, c.y, 'plain');
    y.backward(load(c.gradY, 'plain'));
    expectClose(x.grad!, c.gradX, 'plain');
    expectClose(w.grad!, c.gradWeight, 'linear');
    expectClose(b.grad!, c.gradBias, 'plain');
  });

  test('crossEntropy: loss and gradient', () => {
    const c = rest.crossEntropy;
    const x = load(c.x, 'plain', true);
    const loss = crossEntropy(x, c.labels);
    expect(Math.abs(loss.itemSync() - c.loss)).toBeLessThanOrEqual(1e-9);
    loss.backward();
    expectClose(x.grad!, c.gradX, 'plain');
  });

  test('SGD with momentum, weight decay and cosine: the parameters after every step', () => {
    const c = rest.sgdCosine;
    const p = load(c.p0, 'plain', true);
    const sgd = new Sgd([p], { lr: c.baseLr, momentum: c.momentum, weightDecay: c.weightDecay });
    const size = p.size;
    for (let i = 0; i < c.steps; i++) {
      sgd.lr = c.baseLr * cosine().at(i, c.steps);
      expect(Math.abs(sgd.lr - c.lr[i]!)).toBeLessThanOrEqual(1e-9);
      p.grad = tensor(c.grads.data.slice(i * size, (i + 1) * size), p.shape);
      sgd.step();
      expectClose(p, { shape: [...p.shape], data: c.params.data.slice(i * size, (i + 1) * size) }, 'plain');
    }
  });

  test('MPR: value and derivative for every k', () => {
    const c = rest.mpr;
    const points = c.x.data.length;
    c.ks.forEach((k, row) => {
      const phi = mpr({ k });
      c.x.data.forEach((x, i) => {
        expect(Math.abs(phi.value(x) - c.y.data[row * points + i]!)).toBeLessThanOrEqual(1e-9);
        expect(Math.abs(phi.derivative(x) - c.dydx.data[row * points + i]!)).toBeLessThanOrEqual(1e-9);
      });
    });
  });
});
