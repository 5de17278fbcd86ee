// Small things of runs that nothing else would miss; each stands for a mutant that no test had noticed (npm run
// mutants).

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memory } from '../../src/core/storage';
import { datasetOf } from '../../src/data';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors';
import { Linear } from '../../src/nn/layers';
import { GlobalAvgPool } from '../../src/nn/pools';
import { sequential } from '../../src/nn/sequential';
import { Direct, Lif, TimeMean } from '../../src/snn';
import {
  buildNetwork,
  checkRunSettings,
  decodeCheckpoint,
  encodeCheckpoint,
  encodeModel,
  evaluate,
  restoreModel,
  runSettings,
  Trainer,
  trainingSettings,
  trainingWorkload,
} from '../../src/train';
import { checkProgress } from '../../src/train/checkpoint/progress';
import { trainedLength } from '../../src/train/continuation';
import { parseMetrics } from '../../src/train/metrics';
import { metadataOfRun } from '../../src/train/model-metadata';
import { calibrationFolder } from '../../src/train/node/calibration-folder';
import { detectAnomaly } from '../../src/train/numbers/anomaly';
import { compareVersions } from '../../src/train/surroundings';
import { SETTINGS } from '../support/records';

const wrong = (value: unknown) => value as never;

test('a progress that counts below nothing, or by halves, or knows no best epoch, is none', () => {
  const sound = { epoch: 1, batch: 0, step: 4, correct: 2, images: 8, lossSum: 1.5, history: [{}] };
  expect(checkProgress(sound, 'here')).toBe(sound);
  for (const name of ['epoch', 'batch', 'step', 'correct', 'images'])
    for (const value of [-1, 0.5, undefined])
      expect(() => checkProgress({ ...sound, [name]: value }, 'here')).toThrow(
        `here: progress.${name} must be a whole number >= 0`,
      );
  const best = { epoch: 0, accuracy: 0.5, loss: 1 };
  expect(checkProgress({ ...sound, best }, 'here')).toMatchObject({ best });
  for (const name of Object.keys(best))
    expect(() => checkProgress({ ...sound, best: { ...best, [name]: null } }, 'here')).toThrow(
      'progress.best',
    );
});

test('images for validation are not trained on', () => {
  expect([trainedLength(100), trainedLength(100, 0.1)]).toEqual([100, 90]);
});

test('versions are compared by three numbers', () => {
  expect(compareVersions('1.2.3', '1.2.4')).toBeLessThan(0);
  expect(compareVersions('1.2.3.4', '1.2.3.5')).toBe(0);
});

test('what is no network, no function, no checkpoint is refused by name', async () => {
  await expect(encodeModel(wrong(3), wrong({}))).rejects.toThrow('encodeModel: ');
  await expect(encodeModel(wrong(3), wrong({}))).rejects.toThrow('got 3');
  await expect((async () => detectAnomaly(wrong(3)))()).rejects.toThrow('detectAnomaly: fn must be');
  expect(() => restoreModel(wrong({}), wrong('runs/a'))).toThrow();
  const bytes = writeSafetensors([], { format: 'spikegrad checkpoint' });
  expect(() => decodeCheckpoint(bytes)).toThrow('decodeCheckpoint');
  const bare = writeSafetensors([], { format: 'spikegrad 1' });
  expect(() => decodeCheckpoint(bare)).toThrow(/^decodeCheckpoint: metadata "settings" is missing$/);
  await init({ backend: 'cpu' });
  const network = new Linear(1, 1);
  const refused = (value: unknown, words: string | RegExp) =>
    expect(() => restoreModel(network, wrong(value))).toThrow(words);
  const demand =
    'restoreModel: checkpoint must be a Checkpoint, as readCheckpoint and decodeCheckpoint give it';
  for (const value of [{ settings: {} }, { tensors: new Map() }]) refused(value, demand);
  refused('runs/a', /await readCheckpoint\(path\) of spikegrad\/node reads it$/);
  refused(Promise.resolve({}), /got a Promise(?!.*readCheckpoint\(path\))/);
});

test('lines of metrics say whether of a step or an epoch, and which step; others are none', () => {
  const lines = ['{"kind":"step","step":1}', '{"kind":"epoch","step":2}'];
  const others = [
    '{"kind":"step"}',
    '{"kind":"note","step":3}',
    '{"step":4}',
    '{"kind":"step","step":"5"}',
    'null',
  ];
  expect(parseMetrics([...lines, ...others].join('\n')).map(({ step }) => step)).toEqual([1, 2]);
});

test('a checkpoint of a run that nobody changed says nothing of changes', async () => {
  await init({ backend: 'cpu' });
  const trainer = new Trainer(
    buildNetwork(SETTINGS),
    shapes({ count: 4, seed: 1 }),
    trainingSettings(SETTINGS),
  );
  const notedIn = async (changes: string[]) =>
    readSafetensors(await encodeCheckpoint(trainer, SETTINGS, { changes })).metadata.changes;
  expect(await notedIn([])).toBeUndefined();
  expect(await notedIn(['epochs'])).toBe('["epochs"]');
});

test('a data set that there is not, and a stretch that cannot be, are refused by name', () => {
  const images = shapes({ count: 4, seed: 1 });
  expect(() => runSettings({ dataset: wrong('cifar11') }, images)).toThrow(
    /^runSettings: settings\.dataset must be .*cifar10/,
  );
  const sound = { step: 4, epochs: 2, lr: 0.1 };
  const read = (stretch: object) => checkRunSettings({ ...SETTINGS, continued: [stretch] }, 'here');
  expect(read(sound)).toMatchObject({ continued: [sound] });
  for (const change of [{ step: -1 }, { step: 0.5 }, { epochs: 0 }, { lr: -1 }, { lr: Number.NaN }])
    expect(() => read({ ...sound, ...change }), JSON.stringify(change)).toThrow('here: settings.continued');
});

test('each batch of an evaluation starts from rest', async () => {
  await init({ backend: 'cpu' });
  const bytes = Uint8Array.from({ length: 6 * 4 * 4 * 3 }, (_, i) => (i * 37) % 256);
  const images = datasetOf(bytes, [0, 1, 2, 0, 1, 2], { shape: [4, 4, 3], classes: 3 });
  const carrying = () =>
    sequential(new Direct(2), new Lif({ stateful: true, tau: 1 }), new GlobalAvgPool(), new TimeMean());
  const whole = await evaluate(carrying(), images, { batchSize: 6 });
  const parts = await evaluate(carrying(), images, { batchSize: 2 });
  expect(parts.confusion).toEqual(whole.confusion);
  expect(parts.loss).toBeCloseTo(whole.loss, 6);
});

test('a workload that is over holds nothing', async () => {
  await init({ backend: 'cpu' });
  const before = memory();
  const workload = trainingWorkload({ ...SETTINGS, width: 1, height: 8, imageWidth: 8 }, 1).prepare();
  await workload.run();
  expect(memory().tensors).toBeGreaterThan(before.tensors);
  workload.dispose();
  expect(memory()).toEqual(before);
});

test('a calibration under a key of another, or that is none, is not taken', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spikegrad-calibration-'));
  const store = calibrationFolder(folder);
  await store.save('a', wrong({ fastest: 'wasm', milliseconds: { wasm: 1 } }));
  expect(await store.load('a')).toMatchObject({ fastest: 'wasm' });
  const file = join(folder, (await readdir(folder))[0]!);
  for (const text of ['{"key":"b","fastest":"wasm","milliseconds":{}}', '{"key":"a"}', 'null', '7']) {
    await writeFile(file, text);
    expect(await store.load('a'), text).toBeUndefined();
  }
  await rm(folder, { recursive: true });
});

test('a model that says less of its images than we do is of the shape that its settings tell', () => {
  const metadata = { classes: ['a'], mean: [0.5], deviation: [0.25] };
  const file = { settings: SETTINGS, metadata, tensors: new Map() };
  expect(metadataOfRun(file)).toEqual({ ...metadata, inputShape: [32, 32, 3] });
  expect(metadataOfRun({ ...file, metadata: { ...metadata, inputShape: [8, 8, 1] } }).inputShape).toEqual([
    8, 8, 1,
  ]);
});
