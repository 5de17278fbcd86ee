// Small files that claim to be of something large: refused by what they hold, before anything is built.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Dataset, File, ready } from 'h5wasm/node';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../examples/playground/src/rooms/resnet/checkpoint';
import { resnetCodec } from '../../examples/playground/src/rooms/resnet/state';
import { checkpointOf } from '../../src/cli/model/weights';
import { openPicture } from '../../src/cli/predict/pictures';
import { memory } from '../../src/core/storage';
import { init } from '../../src/init';
import { floats, integers, nirNode, readNir, writeNir } from '../../src/interop/nir';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors';
import { resnet20 } from '../../src/snn';
import { numbersOfResNet20 } from '../../src/snn/resnet20/plan';
import { ARCHITECTURES, buildNetwork, decodeCheckpoint, encodeModel } from '../../src/train';
import { numbersOfEventsNetwork } from '../../src/train/network/events';
import { knownNetworks } from '../../src/train/network/known';
import { SETTINGS } from '../support/records';

const claiming = (settings: object) =>
  writeSafetensors([['fc.bias', { dtype: 'F32', shape: [1], data: Float32Array.of(1) }]], {
    format: 'spikegrad 1',
    settings: JSON.stringify({ ...SETTINGS, ...settings }),
  });

describe('a checkpoint', () => {
  test.each([
    [
      { width: 6000 },
      /of resnet20-small of width 6000 .*, 37945578010 numbers, and the tensors hold 1: the file is damaged/,
    ],
    [{ arch: 'resnet20', width: 64 }, /of resnet20 of width 64/],
    [{ classes: 2 ** 31 }, /for 2147483648 classes/],
    [{ channels: 2 ** 40 }, /1099511627776 channels/],
  ])('of some hundred bytes that claims %j is refused before anything is built', (claim, words) => {
    const file = claiming(claim);
    expect(file.length).toBeLessThan(700);
    const before = memory().tensors;
    expect(() => decodeCheckpoint(file)).toThrow(words);
    expect(memory().tensors).toBe(before);
  });

  test('of another tool, whose first layer is wide and which has no others, is refused too', () => {
    const stem = { dtype: 'F32', shape: [6000, 1, 1, 1], data: new Float32Array(6000) } as const;
    const fc = { dtype: 'F32', shape: [10, 1], data: new Float32Array(10) } as const;
    const bytes = writeSafetensors([
      ['stem.0.conv.weight', stem],
      ['fc.weight', fc],
    ]);
    const opened = { file: 'w.safetensors', bytes, form: 'safetensors' as const, ...readSafetensors(bytes) };
    expect(() => checkpointOf(opened, {})).toThrow(/of width 6000 .*the tensors hold 6010/);
  });

  test.each([
    { variant: 'small', width: 3, channels: 1, classes: 7 },
    { variant: 'wide', width: 2, channels: 3, classes: 10 },
  ] as const)('that holds what it says opens: the numbers of %j are counted right', async (of) => {
    await init({ backend: 'cpu' });
    const network = resnet20({ ...of, timesteps: 1 });
    const sizes = [...network.state().values()].map(({ tensor }) => tensor.size);
    expect(numbersOfResNet20(of)).toBe(sizes.reduce((sum, size) => sum + size));
    const arch = of.variant === 'wide' ? 'resnet20' : 'resnet20-small';
    const settings = {
      ...SETTINGS,
      arch,
      width: of.width,
      channels: of.channels,
      classes: of.classes,
    } as const;
    expect(decodeCheckpoint(await encodeModel(network, settings)).settings).toEqual(settings);
  });
});

/** The head of a PNG of so many pixels, and an empty body. */
function png(side: number): Uint8Array {
  const bytes = new Uint8Array(60);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, side);
  view.setUint32(20, side);
  bytes.set([8, 6], 24);
  return bytes;
}

test('a picture of 60 bytes that claims 10,000x10,000 pixels is refused by its size', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spikegrad-claims-'));
  const file = join(folder, 'a.png');
  writeFileSync(file, png(10_000));
  await expect(openPicture(file, [32, 32, 3])).rejects.toThrow(
    /it claims 10000x10000 pixels, more than its 60 bytes can hold/,
  );
  rmSync(folder, { recursive: true, force: true });
});

test('a NIR file whose weights were never written, and are said to be 2^26 numbers, is refused', async () => {
  const nodes = new Map([
    ['input', nirNode('Input', { shape: integers([2]) })],
    ['fc', nirNode('Linear', { weight: floats(Float32Array.of(1, 2), [1, 2]) })],
    ['output', nirNode('Output', { shape: integers([1]) })],
  ]);
  const edges: [string, string][] = [
    ['input', 'fc'],
    ['fc', 'output'],
  ];
  const bytes = await writeNir({ nodes, edges, metadata: new Map() });
  await ready;
  const folder = mkdtempSync(join(tmpdir(), 'spikegrad-claims-'));
  const path = join(folder, 'claims.nir');
  writeFileSync(path, bytes);
  const file = new File(path, 'a');
  const group = file.get('node/nodes/fc') as unknown as { create_dataset(args: object): Dataset };
  group
    .create_dataset({
      name: 'bias',
      data: Float32Array.of(1),
      shape: [1],
      maxshape: [2 ** 26],
      chunks: [1024],
    })
    .resize([2 ** 26]);
  file.close();
  const claimed = readFileSync(path);
  rmSync(folder, { recursive: true, force: true });
  expect(claimed.length).toBeLessThan(30_000);
  await expect(readNir(claimed)).rejects.toThrow(
    /fc\/bias claims the shape \[67108864\], more than a file of \d+ bytes/,
  );
});

test.each(ARCHITECTURES.filter((arch) => knownNetworks[arch] !== undefined))(
  'the numbers of %s are counted right',
  async (arch) => {
    await init({ backend: 'cpu' });
    const width = arch === 'spikformer' ? 8 : 3;
    const of = { arch, width, timesteps: 2, dynamics: 'leak', mpr: 3, classes: 7 } as const;
    const settings = { ...of, channels: 2, height: 33, imageWidth: 40 };
    const sizes = [...buildNetwork(settings).state().values()].map(({ tensor }) => tensor.size);
    expect(knownNetworks[arch]!.numbers(settings)).toBe(sizes.reduce((sum, size) => sum + size, 0));
  },
);

test.each(['events-conv', 'events-dense'] as const)('the numbers of %s are counted right', async (arch) => {
  await init({ backend: 'cpu' });
  const of = { arch, width: 5, timesteps: 2, dynamics: 'leak', mpr: null, classes: 7 } as const;
  const settings = { ...of, channels: 2, height: 9, imageWidth: 6 };
  const sizes = [...buildNetwork(settings).state().values()].map(({ tensor }) => tensor.size);
  expect(numbersOfEventsNetwork(settings)).toBe(sizes.reduce((sum, size) => sum + size, 0));
});

test('the page refuses such a checkpoint too, in words for its reader', async () => {
  const file = new globalThis.File([claiming({ width: 6000 })], 'run.safetensors');
  await expect(openCheckpoint(file, false, resnetCodec.initial)).rejects.toThrow(
    /run\.safetensors.*width 6000/s,
  );
});
