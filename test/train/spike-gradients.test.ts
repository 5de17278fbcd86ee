// What is seen of gradients on their way from spikes to spikes, on a network whose numbers one can do by hand.

import { beforeAll, expect, test } from 'vitest';
import { init } from '../../src/init';
import { Flatten, Linear } from '../../src/nn/layers';
import { sequential } from '../../src/nn/sequential';
import { Lif, TdBatchNorm, TimeMean } from '../../src/snn';
import { Direct } from '../../src/snn/encoder';
import { gradientNorms } from '../../src/train/gradients/norms';

beforeAll(async () => {
  await init({ backend: 'cpu', precision: 'f64' });
});

const batch = {
  images: Float32Array.from([1.25, 0.7]),
  shape: [2, 1, 1, 1],
  labels: Int32Array.from([0, 1]),
  indices: Uint32Array.from([0, 1]),
  index: 0,
  count: 1,
};

test('rates, norms and gains of a chain are those that one computes by hand', async () => {
  const [stem, inner, head] = [new Linear(1, 2), new Linear(2, 1), new Linear(1, 2)];
  const network = sequential(
    new Direct(1),
    new Flatten(3),
    stem,
    new Lif(),
    inner,
    new Lif(),
    head,
    new TimeMean(),
  );
  stem.weight.overwrite([0.6, 0.3]); // H = 0.75, 0.375; 0.42, 0.21: one of four spikes, all in the window (0, 1)
  inner.weight.overwrite([0.8, -0.4]); // H = 0.8 and 0: one of two spikes; 0 lies on the window's edge, outside
  head.weight.overwrite([0.3, -0.8]);
  const { spikes } = await gradientNorms(network, [batch]);
  expect(spikes.neurons.map(({ name, rate, shortcuts }) => [name, rate, shortcuts])).toEqual([
    ['3', 0.25, []],
    ['5', 0.5, []],
  ]);
  // logits of the first image 0.3, -0.8, of the second 0, 0; the loss is the mean of two
  const p = 1 / (1 + Math.exp(-1.1));
  const first = (0.3 * (p - 1) - 0.8 * (1 - p)) / 2;
  const second = (0.3 * 0.5 - 0.8 * -0.5) / 2;
  const [before, behind] = spikes.neurons;
  expect(behind!.norm).toBeCloseTo(Math.hypot(first, second), 12);
  // only the first image's membrane is in the window, and its gradient goes back by 0.8 and -0.4
  const passed = Math.hypot(0.8 * first, 0.4 * first);
  expect(before!.norm).toBeCloseTo(passed, 12);
  const [image, middle] = spikes.paths;
  expect(image).toMatchObject({ name: '2', behind: '3', before: undefined, gain: undefined });
  expect(middle).toMatchObject({ name: '4', behind: '5', before: '3', pooled: 1, scale: undefined });
  expect(middle!.gain).toBeCloseTo(passed / Math.hypot(first, second), 12);
  expect(spikes.paths.length).toBe(2); // no neurons behind the head
});

test('the scale is that of the norm, its weights as they are now', async () => {
  const norm = new TdBatchNorm(2, { vth: 0.5, alpha: 0.5 });
  norm.weight.overwrite([3, 4]);
  const network = sequential(
    new Direct(2),
    new Flatten(3),
    new Linear(1, 2),
    norm,
    new Lif(),
    new Linear(2, 2),
    new TimeMean(),
  );
  const { spikes } = await gradientNorms(network, [batch]);
  expect(spikes.paths[0]!.scale).toBeCloseTo(0.25 * Math.sqrt(12.5), 12);
});
