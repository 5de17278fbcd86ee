// A network in one file and back, and what it takes images for.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { manualSeed } from '../../src/core/engine';
import { memory } from '../../src/core/storage';
import { batches } from '../../src/data/batches';
import { makeDataset } from '../../src/data/dataset';
import { take } from '../../src/data/parts';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { toNir } from '../../src/interop/nir';
import { describeOnnx, toOnnx } from '../../src/interop/onnx';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors';
import { stateOf } from '../../src/interop/state';
import { Conv2d, Dropout, GlobalAvgPool, Linear, type Module, sequential } from '../../src/nn';
import { Direct, Lif, resnet20, TdBatchNorm, TimeMean } from '../../src/snn';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  encodeModel,
  evaluate,
  load,
  predict,
  save,
  Trainer,
  trainingSettings,
} from '../../src/train';
import { metadataOfRun } from '../../src/train/model-metadata';
import { SETTINGS } from '../support/records';

beforeAll(() => init({ backend: 'cpu', seed: 1 }));

const images = shapes({ count: 20, seed: 4 });
const known = {
  classes: images.classes,
  mean: [0.5, 0.5, 0.5],
  deviation: [0.264, 0.264, 0.264],
  inputShape: [32, 32, 3],
};
const small = () => {
  manualSeed(7);
  return sequential(
    new Conv2d(3, 4, { stride: 4 }),
    new Direct(2),
    new TdBatchNorm(4),
    new Lif(),
    new Dropout(0.5),
    new GlobalAvgPool(),
    new Linear(4, 10, { deviation: 1 }),
    new TimeMean(),
  );
};
const trained = (network = small()) => {
  const [batch] = batches(images, { batchSize: 20 });
  for (let i = 0; i < 4; i++) network.call(tensor(batch!.images, [20, 32, 32, 3])).dispose();
  return network;
};
const numbers = async (network: Module) =>
  (await stateOf(network)).map(([name, { data }]) => [name, Array.from(data as Float32Array)]);

describe('a network in a file', () => {
  test('comes back with its weights, and with what it takes and tells apart', async () => {
    const network = trained();
    const bytes = await save(network, known);
    const other = small();
    const { metadata, missing, leftOver } = await load(other, bytes);
    expect(metadata).toEqual(known);
    expect([missing, leftOver]).toEqual([[], []]);
    expect(await numbers(other)).toEqual(await numbers(network));
    const { metadata: texts } = readSafetensors(bytes);
    expect(texts).toEqual({
      format: 'spikegrad model',
      classes: JSON.stringify(images.classes),
      mean: '[0.5,0.5,0.5]',
      deviation: '[0.264,0.264,0.264]',
      input_shape: '[32,32,3]',
      input_layout: '[N,H,W,C]',
    });
    // a Blob takes them as they are, in every TypeScript
    expect(new Blob([bytes]).size).toBe(bytes.length);
  });

  test('takes what its data set knows; or nothing', async () => {
    expect((await load(small(), await save(small(), images))).metadata).toEqual(known);
    expect((await load(small(), await save(small()))).metadata).toEqual({});
  });

  test('may be a run’s, whose optimiser is passed over; or another tool’s, whose texts are', async () => {
    const trainer = new Trainer(small(), images, trainingSettings(SETTINGS));
    const network = small();
    expect((await load(network, await encodeCheckpoint(trainer, SETTINGS))).metadata).toEqual(known);
    expect((await load(network, await encodeModel(small(), SETTINGS, known))).metadata).toEqual(known);
    const foreign = writeSafetensors(await stateOf(small()), { format: 'pt', classes: 'many', mean: 'none' });
    expect((await load(network, foreign)).metadata).toEqual({});
    const behind = writeSafetensors(await stateOf(small(), 'module.'), { format: 'pt' });
    expect((await load(network, behind, { prefix: 'module.' })).missing).toEqual([]);
  });

  test('of another network is refused as by loadState; damaged metadata by their key', async () => {
    await expect(async () => load(sequential(new Linear(2, 2)), await save(small()))).rejects.toThrow(
      /loadState: /,
    );
    const file = writeSafetensors(await stateOf(small()), { format: 'spikegrad model', mean: '[0.5,"x"]' });
    await expect(load(small(), file)).rejects.toThrow(
      /load: metadata "mean" must be a list, .* as JSON, got '\[0\.5,"x"\]'/,
    );
    // @ts-expect-error a misspelt part
    await expect(save(small(), { means: [1] })).rejects.toThrow(
      /save: has no option 'means'; did you mean mean\?/,
    );
  });

  test('tells exports its shape, and its normalisation', async () => {
    const network = small();
    await load(network, await save(trained(), known));
    const { images: said, metadata } = describeOnnx(await toOnnx(network, { raw: true }));
    expect(said).toEqual(known);
    expect(metadata.input).toBe('image, pixels from 0 to 1');
    expect((await toNir(network)).nodes.has('input')).toBe(true);
    await expect(toNir(small())).rejects.toThrow(/toNir: needs inputShape/);
  });
});

describe('checkpoints of runs', () => {
  test('say what their images are; of those that do not, the settings do', async () => {
    const trainer = new Trainer(small(), images, trainingSettings(SETTINGS));
    const checkpoint = decodeCheckpoint(await encodeCheckpoint(trainer, SETTINGS));
    expect(checkpoint.metadata).toEqual(known);
    expect(metadataOfRun(checkpoint)).toEqual(known);
    const older = decodeCheckpoint(
      await encodeModel(small(), { ...SETTINGS, dataset: 'mnist', channels: 1, height: 28, imageWidth: 28 }),
    );
    expect(older.metadata).toEqual({});
    expect(metadataOfRun(older)).toEqual({
      classes: [...'0123456789'],
      mean: [0.1307],
      deviation: [0.3081],
      inputShape: [28, 28, 1],
    });
  });
});

describe('predictions', () => {
  test('are the classes that evaluate counts, with their softmax, whatever the images come in', async () => {
    const network = small();
    await load(network, await save(trained(), known));
    const all = await predict(network, images, { batchSize: 7 });
    const right = all.filter(({ index }, i) => index === images.labels[i]).length;
    expect(right / 20).toBe((await evaluate(network, images, { batchSize: 20 })).accuracy);
    for (const { index, name, probability, probabilities } of all) {
      expect(name).toBe(images.classes[index]);
      expect(probability).toBe(Math.max(...probabilities));
      expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    }
    const shape = [20, 32, 32, 3];
    const floats = Float64Array.from(images.pixels, (pixel) => pixel / 255);
    const [batch] = batches(images, { batchSize: 20 });
    const own = (i: number) => images.pixels.subarray(3072 * i, 3072 * (i + 1));
    const rows = (flat: ArrayLike<number>, width: number): number[][] =>
      Array.from({ length: flat.length / width }, (_, y) =>
        Array.from({ length: width }, (_, x) => flat[y * width + x]!),
      );
    for (const same of [
      Array.from({ length: 20 }, (_, i) => own(i)), // a list of images
      images.pixels,
      new Uint8ClampedArray(images.pixels),
      floats,
      Array.from(floats),
      tensor(batch!.images, shape),
    ])
      expect(await predict(network, same)).toEqual(all);
    const nested = rows(floats.subarray(0, 3072), 3);
    const lines = Array.from({ length: 32 }, (_, y) => nested.slice(32 * y, 32 * (y + 1)));
    const [alone] = await predict(network, [lines]); // [1,32,32,3] in lists, in f32
    expect(alone!.index).toBe(all[0]!.index);
    expect(alone!.probability).toBeCloseTo(all[0]!.probability, 5);
    await expect(predict(network, [[1, 2], [3]])).rejects.toThrow(/predict: record 1 has 1 entries where/);
    const other = makeDataset({ ...images, mean: [0, 0, 0], deviation: [1, 1, 1] });
    expect(await predict(network, other)).toEqual(all); // the network's own normalisation
  });

  test('take what options say, and number classes without names', async () => {
    const network = trained();
    const [first] = await predict(network, images.pixels.subarray(0, 3072), { ...known, classes: undefined });
    expect(first!.name).toBe(String(first!.index));
    const [named] = await predict(network, take(images, 1), { classes: [...'abcdefghij'] });
    expect(named!.name).toBe('abcdefghij'[named!.index]);
  });

  test('start anew with each batch where neurons are stateful; a tensor is the next piece', async () => {
    const stateful = () =>
      sequential(new Direct(2), new Lif({ stateful: true, tau: 1 }), new GlobalAvgPool(), new TimeMean());
    const all = await predict(stateful(), images, { classes: ['r', 'g', 'b'] });
    const network = stateful();
    expect(await predict(network, images, { classes: ['r', 'g', 'b'], batchSize: 3 })).toEqual(all);
    const red = Float32Array.from({ length: 3072 }, (_, i) => (i % 3 === 0 ? 0.2 : 0));
    const piece = tensor(red, [1, 32, 32, 3]);
    const [first] = await predict(network, piece);
    expect(await predict(network, piece)).not.toEqual([first]);
    network.reset();
    expect(await predict(network, piece)).toEqual([first]);
  });

  test('leave nothing behind, and each layer in the mode that it was in', async () => {
    const network = trained();
    network.layers[2]!.evaluate();
    const input = tensor(new Float32Array(3072), [1, 32, 32, 3]);
    const before = memory().tensors;
    await predict(network, images);
    await predict(network, input);
    expect(memory().tensors).toBe(before);
    expect(input.disposed).toBe(false);
    const modes = [...network.modules()].map(([name, { training }]) => [name, training]);
    expect(modes.filter(([, training]) => !training)).toEqual([['2', false]]);
    await expect(predict(network, [1, 2, 3], known)).rejects.toThrow();
    expect(network.training).toBe(true);
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'an array without a shape',
      () => predict(small(), [1, 2]),
      /predict: needs inputShape, that of one image/,
    ],
    [
      'half an image',
      () => predict(small(), [1, 2], known),
      /2 numbers are no whole number of images of \[32,32,3\]/,
    ],
    [
      'a mean for other channels',
      () => predict(small(), images.pixels, { ...known, mean: [1, 2] }),
      /mean \[1,2\] must hold/,
    ],
    [
      'names for other classes',
      () => predict(small(), images, { classes: ['a'] }),
      /tells 10 classes apart, there are 1 names/,
    ],
    [
      'a network that gives sequences',
      () => predict(sequential(new Direct(2), new Lif(), new GlobalAvgPool()), images),
      /must give logits \[20,classes\] for a batch of 20, it gives \[2,20,3\]; new TimeMean/,
    ],
    [
      'a promise',
      () => predict(small(), Promise.resolve(images) as never),
      /images must be a Tensor, a data set, .* await it first/,
    ],
    [
      'a network of another shape',
      () => predict(resnet20({ width: 1, channels: 1 }), images),
      /expects images \[N,H,W,1\]/,
    ],
  ])('of %s are refused', async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });
});
