// From `init` to gradients, and what a user meets who asks for what the backend cannot do.

import { describe, expect, test } from 'vitest';
import type { GpuBackend } from '../../../src/backends/gpu';
import { init, matmul, relu, sum, tensor } from '../../../src/index';
import { testDriver } from '../../support/gpu';

const { missing, note, driver } = await testDriver();
driver?.close();

test('precision f64 and threads are refused before a device is sought', async () => {
  await expect(init({ backend: 'gpu', precision: 'f64' })).rejects.toThrow(/f32; for f64 use backend 'cpu'/);
  await expect(init({ backend: 'gpu', threads: 2 })).rejects.toThrow(/no threads to set/);
});

describe.skipIf(missing)(`init({ backend: 'gpu' })${note}`, () => {
  test('computes a product, its rectified sum and the gradients; only reading waits', async () => {
    const backend = (await init({ backend: 'gpu' })) as GpuBackend;
    const x = tensor([1, 2, -3, 4, 5, 6], [2, 3], { requiresGrad: true });
    const w = tensor([1, -1, 0.5, 2, -1, 0.25], [3, 2], { requiresGrad: true });
    const y = sum(relu(matmul(x, w)));
    y.backward();
    expect(backend.counters()).toMatchObject({ uploads: 2, reads: 0 });
    expect(await y.item()).toBe(15.25);
    expect(Array.from(await x.grad!.data())).toEqual([0, 2.5, -0.75, 0, 2.5, -0.75]);
    expect(Array.from(await w.grad!.data())).toEqual([5, 5, 7, 7, 3, 3]);
    expect(() => y.dataSync()).toThrow(/reads asynchronously/);
    backend.close();
  });
});
