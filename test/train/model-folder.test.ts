// Models as folders, as people publish them: config.json beside model.safetensors.

import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { noGrad } from '../../src/core/tape';
import { init } from '../../src/init';
import { fromMap, type NameMap } from '../../src/interop/maps';
import { metadataOf } from '../../src/interop/metadata';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors';
import type { Module } from '../../src/nn';
import { loadFolder, type ModelConfig, saveFolder } from '../../src/node';
import { buildNetwork } from '../../src/train';

const options = {
  ...{ width: 3, timesteps: 2, mpr: null, dynamics: 'leak' as const, gradientScale: 1 },
  ...{ classes: 4, channels: 1, height: 8, imageWidth: 8 },
};
const config: ModelConfig = {
  architecture: 'mlp',
  options,
  classes: ['a', 'b', 'c', 'd'],
  mean: [0.5],
  deviation: [0.25],
  inputShape: [8, 8, 1],
};
const x = () =>
  tensor(
    Float32Array.from({ length: 128 }, (_, i) => Math.sin(i)),
    [2, 8, 8, 1],
  );
const logits = (network: Module) => Array.from(noGrad(() => network.call(x())).dataSync());

let root: string;
let network: Module;
let count = 0;
const fresh = () => join(root, String(count++));
beforeAll(async () => {
  await init({ backend: 'cpu', precision: 'f32', seed: 3 });
  root = mkdtempSync(join(tmpdir(), 'spikegrad-folder-'));
  network = buildNetwork({ ...options, arch: 'mlp' }).evaluate();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a model as a folder', () => {
  test('gives the logits that were written, and says what it is', async () => {
    const folder = fresh();
    await saveFolder(folder, network, config);
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.safetensors']);
    const file = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
    expect(file).toMatchObject({ library_name: 'spikegrad', architectures: ['mlp'], input_shape: [8, 8, 1] });
    const back = await loadFolder(folder);
    expect(back.config).toEqual(config);
    expect(metadataOf(back.network).classes).toEqual(['a', 'b', 'c', 'd']);
    expect(back.network.training).toBe(false);
    expect(new Set(logits(network)).size).toBeGreaterThan(1);
    expect(logits(back.network)).toEqual(logits(network));
  });

  test('in several files too, until it is written whole again', async () => {
    const folder = fresh();
    await saveFolder(folder, network, config, { mostBytes: 600 });
    const shards = readdirSync(folder).filter((name) => /^model-0000\d-of-0000\d\.safetensors$/.test(name));
    expect(shards.length).toBeGreaterThan(1);
    expect(logits((await loadFolder(folder)).network)).toEqual(logits(network));
    await saveFolder(folder, network, config);
    expect(readdirSync(folder)).not.toContain('model.safetensors.index.json');
  });

  test('whose names stand behind a prefix is read by it, as its error says', async () => {
    const folder = fresh();
    await saveFolder(folder, network, config);
    const file = join(folder, 'model.safetensors');
    const { tensors } = readSafetensors(readFileSync(file));
    writeFileSync(file, writeSafetensors([...tensors].map(([name, one]) => [`module.${name}`, one])));
    await expect(loadFolder(folder)).rejects.toThrow("pass { prefix: 'module.' }");
    expect(logits((await loadFolder(folder, { prefix: 'module.' })).network)).toEqual(logits(network));
  });

  test('of another tool’s weights is built by its map, and written under their names', async () => {
    const map: NameMap = {
      inputShape: [2, 2, 1],
      layers: [{ flatten: true }, { linear: 'l1' }, { relu: true }],
    };
    const weight = {
      dtype: 'F32',
      shape: [3, 4],
      data: Float32Array.from({ length: 12 }, (_, i) => i),
    } as const;
    const theirs = await fromMap(map, new Map([['l1.weight', weight]]));
    const folder = fresh();
    await saveFolder(folder, theirs, { architecture: 'map', options: map });
    const back = (await loadFolder(folder)).network;
    const image = tensor(Float32Array.of(1, 2, 3, 4), [1, 2, 2, 1]);
    expect(Array.from(back.call(image).dataSync())).toEqual([20, 60, 100]);
    const behind = [['net.l1.weight', weight] as const, ['other', weight] as const];
    writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(behind));
    const named = (await loadFolder(folder, { prefix: 'net.' })).network;
    expect(Array.from(named.call(image).dataSync())).toEqual([20, 60, 100]);
  });
});

describe('a folder that is none', () => {
  const written = async (changes: Readonly<Record<string, unknown>>) => {
    const folder = fresh();
    await saveFolder(folder, network, config);
    const file = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object;
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...file, ...changes }));
    return folder;
  };
  test.each([
    [
      { architectures: undefined, model_type: 'bert' },
      /config\.json: "architectures" must be a list of one name.*another library/,
    ],
    [{ architectures: ['mlpp'] }, /config\.json: "architectures" must name one of .*, got 'mlpp'.*mlp/],
    [{ options: { ...options, width: 0 } }, /config\.json: "options": .*width/],
    [{ options: { ...options, wdith: 1 } }, /config\.json: "options": .*wdith/],
    [{ options: { ...options, width: 4 } }, /loadFolder: .*weight/],
    [{ mean: 'grey' }, /config\.json: metadata "mean" must be/],
  ])('is told by file and key: %j', async (changes, message) => {
    await expect(loadFolder(await written(changes))).rejects.toThrow(message);
  });

  test('without its files, or with an index that is not of them', async () => {
    await expect(loadFolder(join(root, 'none'))).rejects.toThrow(/cannot read .*none.config\.json/);
    const published = await written({});
    renameSync(join(published, 'model.safetensors'), join(published, 'pytorch_model.bin'));
    await expect(loadFolder(published)).rejects.toThrow(
      /model\.safetensors: .* holds config\.json, pytorch_model\.bin; pytorch_model\.bin is read by readPyTorch/,
    );
    const folder = await written({});
    const index = join(folder, 'model.safetensors.index.json');
    const map = (weight_map: unknown) => writeFileSync(index, JSON.stringify({ weight_map }));
    map({ '1.weight': '../model.safetensors' });
    await expect(loadFolder(folder)).rejects.toThrow(
      /index\.json: "weight_map" has '\.\.\/model\.safetensors' for "1\.weight"/,
    );
    map({ lost: 'model.safetensors' });
    await expect(loadFolder(folder)).rejects.toThrow(
      /model\.safetensors holds ".*", which .*index\.json does not name/,
    );
    writeFileSync(join(folder, 'one.safetensors'), writeSafetensors([]));
    map({ lost: 'one.safetensors' });
    await expect(loadFolder(folder)).rejects.toThrow(
      /says that "lost" is in one\.safetensors, which has none/,
    );
    copyFileSync(join(folder, 'config.json'), join(folder, 'one.safetensors'));
    await expect(loadFolder(folder)).rejects.toThrow(/one\.safetensors: /);
  });

  test('is not written for a network of another name', async () => {
    const wrong = { architecture: 'resnet', options } as never;
    await expect(saveFolder(fresh(), network, wrong)).rejects.toThrow(
      /saveFolder: "architectures" must name one of/,
    );
  });
});
