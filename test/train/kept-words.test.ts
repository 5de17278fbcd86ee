// Small things of runs that nothing else would miss; each stands for a mutant that no test had noticed (npm run mutants).

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSafetensors } from '../../src/interop/safetensors';
import { decodeCheckpoint, encodeModel, restoreModel } from '../../src/train/checkpoint';
import { checkProgress } from '../../src/train/checkpoint/progress';
import { trainedLength } from '../../src/train/continuation';
import { calibrationFolder } from '../../src/train/node/calibration-folder';
import { detectAnomaly } from '../../src/train/numbers/anomaly';
import { compareVersions } from '../../src/train/surroundings';

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
