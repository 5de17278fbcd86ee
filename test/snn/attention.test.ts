// Attention on spikes against its equation, written out pixel by pixel; its gradient against differences.

import { beforeEach, describe, expect, test, vi } from 'vitest';
import { tensor } from '../../src/core/create';
import { init } from '../../src/init';
import { SpikeAttention, spikformer, Voting } from '../../src/snn';
import { gradCheck } from '../../src/testing';
import { digits, initTested } from '../support/backend';
import { normal } from './numbers';

beforeEach(() => initTested());

/** s·Σ_m (Σ_c q[n,c]·k[m,c])·v[m,c'] for each head. */
function attended(x: ArrayLike<number>, pixels: number, channels: number, heads: number, scale: number) {
  const of = channels / heads;
  const at = (pixel: number, which: number, channel: number) =>
    x[pixel * 3 * channels + which * channels + channel]!;
  return Array.from({ length: pixels * channels }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / channels), i % channels];
    const first = Math.floor(channel / of) * of;
    let sum = 0;
    for (let m = 0; m < pixels; m++)
      for (let c = first; c < first + of; c++) sum += at(pixel, 0, c) * at(m, 1, c) * at(m, 2, channel);
    return scale * sum;
  });
}

describe('SpikeAttention', () => {
  const [heads, channels, height, width] = [2, 4, 2, 3];
  const size = height * width * 3 * channels;

  test('is s·Q·Kᵀ·V for each head, image and time step by itself', () => {
    const spikes = normal(2 * size, 1).map((x) => (x > 0 ? 1 : 0));
    const y = new SpikeAttention(heads).call(tensor(spikes, [2, 1, height, width, 3 * channels]));
    expect(y.shape).toEqual([2, 1, height, width, channels]);
    const wanted = [0, 1].flatMap((image) =>
      attended(spikes.slice(image * size, (image + 1) * size), height * width, channels, heads, 0.125),
    );
    expect(Array.from(y.dataSync())).toEqual(wanted);
  });

  test('has the gradient of its equation', async () => {
    await init({ backend: 'cpu', precision: 'f64' });
    const layer = new SpikeAttention(heads, { scale: 0.5 });
    const x = { data: normal(size, 2), shape: [1, height, width, 3 * channels] };
    gradCheck((t) => layer.call(t), [x]);
  });

  test('says which axis does not fit', () => {
    expect(() => new SpikeAttention(2).call(tensor(new Float64Array(9), [1, 1, 1, 9]))).toThrow(
      /SpikeAttention: the last axis of \[1,1,1,9\] is not 3 times the channels of 2 heads/,
    );
    expect(() => spikformer({ width: 24, heads: 5 })).toThrow(
      /spikformer: 5 heads do not divide a width of 24/,
    );
  });
});

test('Voting is the mean of each class’s voters', () => {
  const x = tensor([1, 0, 1, 1, 0, 0], [1, 6]);
  const y = Array.from(new Voting(3).call(x).dataSync());
  expect(y.map((value) => Number(value.toFixed(digits(6))))).toEqual([0.666667, 0.333333]);
  expect(() => new Voting(4).call(x)).toThrow(
    /Voting: 4 votes a class do not divide the last axis of \[1,6\]/,
  );
});

test('sums of spikes say once that they leave the event path', async () => {
  vi.resetModules(); // in this process somebody may have been told
  const { tellNotices } = await import('../../src/notices');
  const { Residual, sequential } = await import('../../src/nn');
  const { Lif } = await import('../../src/snn');
  const { tensor } = await import('../../src/core/create');
  const { noGrad } = await import('../../src/core/tape');
  const { init } = await import('../../src/init');
  await init({ backend: 'cpu' });
  const told: string[] = [];
  tellNotices((text) => void told.push(text));
  const currents = tensor([2, 2], [1, 2]);
  const spiking = (join: 'add' | 'and') => sequential(new Lif(), new Residual(new Lif(), { join }));
  noGrad(() => {
    for (const join of ['and', 'add', 'add'] as const) spiking(join).call(currents);
  });
  tellNotices(undefined);
  expect(told.filter((text) => /sums of spikes above 1 leave the event path/.test(text))).toHaveLength(1);
});
