// A GPU that starts and then fails while `auto` measures it: the run goes on with wasm, one sentence is said, nothing
// is kept.

import { afterEach, expect, test, vi } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { cpuBackend } from '../../src/backends/cpu';
import type { Calibration } from '../../src/calibrate';
import { tensor } from '../../src/core/create';
import { init } from '../../src/init';
import { trainingWorkload } from '../../src/train';

const lost = new Error('the device was lost');
const fail = () => {
  throw lost;
};
/** How the device fails: what of it throws, or rejects. */
let faults: Partial<Record<keyof Backend | 'close', unknown>> = {};

vi.mock('../../src/backends/gpu', () => ({
  gpuBackend: async () => ({
    ...cpuBackend('f32'),
    name: 'gpu',
    adapter: { vendor: 'a', architecture: 'b', description: 'c' },
    close: () => {},
    ...faults,
  }),
}));
afterEach(() => {
  faults = {};
});

const workload = trainingWorkload(
  {
    ...{ arch: 'resnet20-small', width: 1, timesteps: 1, mpr: 3, dynamics: 'leak' },
    ...{ classes: 2, channels: 1, height: 4, imageWidth: 4 },
  } as const,
  2,
);

test.each([
  ['at the first upload', { upload: fail }],
  ['in the middle of a step', { conv2d: fail }],
  ['when its numbers are read', { read: () => Promise.reject(lost), synchronous: false }],
  ['so that it cannot even free or close', { conv2d: fail, free: fail, close: fail }],
])('a GPU that fails %s leaves the work to wasm', async (_, broken) => {
  faults = broken;
  const said: string[] = [];
  const kept: Calibration[] = [];
  const backend = await init({
    workload,
    store: { load: async () => undefined, save: async (_key, one) => void kept.push(one) },
    onNotice: (text) => said.push(text),
  });
  expect(backend.name).toBe('wasm');
  expect(said).toEqual([
    'the gpu backend failed while it was measured (the device was lost): computing on wasm',
  ]);
  expect(kept).toEqual([]);
  expect(await tensor([1, 2]).data()).toEqual(Float32Array.of(1, 2));
});
