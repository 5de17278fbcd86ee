// Laws of threshold-dependent batch normalisation in training, and its one error of use.

import { beforeAll, describe, expect } from 'vitest';
import { ones, tensor, zeros } from '../../src/core/create';
import { TdBatchNorm, type TdbnOptions, tdbn } from '../../src/snn';
import { expectClose, normal } from '../snn/numbers';
import { initTested, onWasm } from '../support/backend';
import { fc, test } from '../support/properties';

beforeAll(async () => {
  await initTested();
});

const [steps, batch, channels] = [3, 4, 2];
const shape = [steps, batch, 2, 2, channels];
const count = steps * batch * 4;

function normalised(data: number[], weight: number, bias: number, options: TdbnOptions): Float64Array {
  const state = {
    weight: tensor(new Float64Array(channels).fill(weight), [channels]),
    bias: tensor(new Float64Array(channels).fill(bias), [channels]),
    runningMean: zeros([channels]),
    runningVariance: ones([channels]),
  };
  return Float64Array.from(tdbn(tensor(data, shape), state, true, options).dataSync());
}

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('tdBN in training', () => {
  test.prop([fc.nat(), between(-10, 10), between(0.1, 100)])(
    'does not see a shift or a positive scale of its input',
    (seed, shift, scale) => {
      const data = normal(count * channels, seed);
      // without ε, which is the one thing that does see the scale
      const options = { epsilon: 0 };
      const moved = data.map((x) => scale * x + shift);
      // in f32 the shift itself rounds the input
      const tolerance = onWasm ? 4e-7 * (10 + Math.abs(shift) / scale) : 1e-9;
      expectClose(normalised(moved, 1, 0, options), normalised(data, 1, 0, options), tolerance);
    },
  );

  test.prop([fc.nat(), between(0.1, 2), between(-1, 1), between(0.3, 1), fc.constantFrom(1, Math.SQRT1_2)])(
    'has mean β and standard deviation λ·α·vth in every channel',
    (seed, weight, bias, vth, alpha) => {
      const data = normal(count * channels, seed, 3, 5);
      const y = normalised(data, weight, bias, { vth, alpha, epsilon: 0 });
      for (let c = 0; c < channels; c++) {
        const own = y.filter((_, i) => i % channels === c);
        const mean = own.reduce((a, b) => a + b, 0) / count;
        const deviation = Math.sqrt(own.reduce((a, b) => a + (b - mean) ** 2, 0) / count);
        expectClose([mean, deviation], [bias, weight * alpha * vth], 1e-10);
      }
    },
  );

  test('refuses one value per channel and says what would help, but evaluates it', () => {
    const layer = new TdBatchNorm(3);
    const single = tensor([1, 2, 3], [1, 1, 1, 1, 3]);
    expect(() => layer.call(single)).toThrow(/one value per channel, which has no variance.*evaluate\(\)/);
    const y = layer.evaluate().call(single).dataSync();
    expectClose(
      y,
      [1, 2, 3].map((x) => (0.5 * x) / Math.sqrt(1 + 1e-5)),
      1e-14,
    );
  });

  test('names the channels when they do not fit', () => {
    expect(() => new TdBatchNorm(3).call(zeros([2, 2, 4]))).toThrow(
      /expects 3 channels in the last axis, input is \[2,2,4\]/,
    );
  });

  test('moves the running statistics in training only', () => {
    const layer = new TdBatchNorm(1);
    layer.evaluate().call(tensor([1, 3], [2, 1]));
    expect(layer.runningMean.itemSync()).toBe(0);
    layer.train().call(tensor([1, 3], [2, 1]));
    // a tenth of mean 2 and of the unbiased variance 2
    expectClose([layer.runningMean.itemSync(), layer.runningVariance.itemSync()], [0.2, 0.9 + 0.2], 1e-15);
  });
});
