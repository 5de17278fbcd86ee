// Weights that others published, on the digits that they are for: what is known of their accuracy.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadDataset } from '../../src/data/node/files';
import { init } from '../../src/init';
import { fromMap, type NameMap } from '../../src/interop/maps';
import { readPyTorch } from '../../src/interop/pytorch';
import { readSafetensors } from '../../src/interop/safetensors';
import { evaluate } from '../../src/train';
import { sharedFolder } from '../support/shared';

const files = sharedFolder('files');
const digits = sharedFolder('data/mnist');
const bytes = (name: string) => new Uint8Array(readFileSync(join(files.path, name)));

describe.skipIf(files.missing || digits.missing)(`files that people have${files.note || digits.note}`, () => {
  beforeAll(() => init({ backend: 'wasm', threads: 1 }));

  const right = async (map: string | NameMap, tensors: Parameters<typeof fromMap>[1], limit: number) => {
    const data = await loadDataset('mnist', 'test', digits.path, { limit });
    const network = await fromMap(map, tensors);
    return (await evaluate(network, { ...data, mean: [0], deviation: [1] })).accuracy;
  };

  test("tinygrad's two layers have 90.9 % of 10,000 digits right", async () => {
    const layers = [{ flatten: true }, { linear: 'l1' }, { relu: true }, { linear: 'l2' }];
    const { tensors } = readSafetensors(bytes('mnist-tinygrad.safetensors'));
    expect(await right({ inputShape: [28, 28, 1], layers }, tensors, 10_000)).toBeCloseTo(0.909, 3);
  });

  test("Sinabs' CNN has 977 of the first 1,000 right", async () => {
    const { tensors } = await readPyTorch(bytes('sinabs-mnist_params.pt'));
    expect(await right('sinabs-mnist', tensors, 1000)).toBe(0.977);
  });
});
