// What commit d79ba47 wrote opens, evaluates the same, and goes on to the same figures. All on the cpu backend, whose
// bits do not depend on the machine's SIMD.

import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataset, openImages } from '../../src/cli/run/datasets';
import { init } from '../../src/init';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors';
import { parseArm } from '../../src/paper/arm';
import { cellName, sameSettings } from '../../src/paper/cell';
import { gridCells } from '../../src/paper/grid';
import { GridFolder } from '../../src/paper/node/store';
import { buildNetwork, evaluate, restoreModel, runSettings } from '../../src/train';
import { performRun } from '../../src/train/node/run';
import { readCheckpoint } from '../../src/train/node/run/files';
import { RunFolder } from '../../src/train/node/run/folder';
import { changesOf } from '../../src/train/settings/resume';
import { spikegrad } from '../cli/spikegrad';

const samples = resolve('test/compat/samples');
const expected = JSON.parse(readFileSync(join(samples, 'expected.json'), 'utf8')) as {
  model: string;
  accuracy: number;
  loss: number;
};
/** Of a model as d79ba47 wrote it: tensors, format and settings; what newer versions say besides is left out. */
function hash(file: string): string {
  const { tensors, metadata } = readSafetensors(readFileSync(file));
  const { format, settings } = metadata;
  const written = writeSafetensors(tensors, { format: format!, settings: settings! });
  return createHash('sha256').update(written).digest('hex');
}

/**
 * The farthest that a weight of a model lies from that of the undisturbed run, over the largest of its tensor. Not 0:
 * d79ba47's cpu backend rounded a neuron's step once, today's every operation of it, as the other backends do.
 */
function distance(file: string): number {
  const [ours, theirs] = [file, join(samples, 'finished/model.safetensors')].map(
    (path) => readSafetensors(readFileSync(path)).tensors,
  );
  const distances = [...theirs!].map(([name, { data }]) => {
    const [own, right] = [ours!.get(name)!.data, data].map((values) => Array.from(values, Number));
    const largest = Math.max(...right!.map(Math.abs));
    return Math.max(...right!.map((value, i) => Math.abs(value - own![i]!))) / largest;
  });
  return Math.max(...distances);
}

describe('samples of d79ba47', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'spikegrad-compat-'));
    cpSync(samples, cwd, { recursive: true });
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  test.each(['model', 'checkpoint'])('the %s opens and evaluates the same', async (name) => {
    const checkpoint = await readCheckpoint(join(samples, 'finished', `${name}.safetensors`));
    const { settings } = checkpoint;
    const written = JSON.parse(readFileSync(join(samples, 'finished/settings.json'), 'utf8'));
    expect(settings).toEqual(written);
    await init({ backend: 'cpu' });
    const network = buildNetwork(settings);
    restoreModel(network, checkpoint);
    const images = await openDataset({ dataset: settings.dataset, limit: 32 }, 'test');
    const { accuracy, loss } = await evaluate(network, images, { batchSize: 128 });
    expect({ accuracy, loss }).toEqual({ accuracy: expected.accuracy, loss: expected.loss });
  });

  test('an interrupted run goes on to the figures of the undisturbed one, with one line', async () => {
    const words = ['train', '--out', 'interrupted', '--resume', '--backend', 'cpu'];
    const { code, err } = await spikegrad(words, cwd);
    expect(code, err).toBe(0);
    expect(err).toMatch(/resuming at epoch 2, step 6 of 8/);
    expect(err.split('\n').filter((line) => line.includes('did not note'))).toEqual([
      expect.stringMatching(/^changed: spikegrad \S+ on cpu; the version that began the run did not note/),
    ]);
    expect(distance(join(cwd, 'interrupted/model.safetensors'))).toBeLessThan(1e-6);
    const lines = (run: string) => readFileSync(join(run, 'metrics.jsonl'), 'utf8');
    expect(lines(join(cwd, 'interrupted'))).toBe(lines(join(samples, 'finished')));
    expect(readFileSync(join(cwd, 'interrupted/report.html'), 'utf8')).toMatch(/from step 6 on: spikegrad/);
  });

  test('inspect and predict know its images, which the file does not say', async () => {
    const words = ['inspect', 'finished/model.safetensors'];
    const { out, code } = await spikegrad(words, cwd);
    expect(code).toBe(0);
    expect(out).toMatch(
      /mean 0\.5, 0\.5, 0\.5, deviation 0\.264.*\nclasses: disc, .*\n\(of shapes; the file itself/,
    );
  });

  test('a finished run opens, and its model stays bit for bit', async () => {
    const { folder, checkpoint } = await RunFolder.resume(join(cwd, 'finished'));
    const { settings } = checkpoint;
    const { train, test } = await openImages(settings, undefined);
    const images = { name: train.name, train: train.length, test: test.length };
    const surroundings = { version: '0.1.0', backend: 'cpu', images };
    expect(changesOf(checkpoint.surroundings, surroundings, false)).toHaveLength(1);
    await init({ backend: 'cpu', seed: settings.seed });
    const former = JSON.parse(readFileSync(join(samples, 'finished/summary.json'), 'utf8'));
    const {
      settings: same,
      testAccuracy,
      testLoss,
      firingRates,
      energy,
    } = (await performRun({
      folder,
      settings,
      checkpoint,
      surroundings,
      train,
      test,
    }))!;
    const { seconds, warnings, ...figures } = former;
    expect({ settings: same, testAccuracy, testLoss, firingRates, energy }).toEqual(figures);
    expect(hash(join(cwd, 'finished/model.safetensors'))).toBe(expected.model);
  });

  test('cells are found under the names and settings that they have today', async () => {
    const records = await new GridFolder(join(samples, 'grid')).cells();
    const given = { dataset: 'shapes', width: 2, limit: 16, batch: 8, epochs: 1, lr: 0.1 } as const;
    const { train } = await openImages(given, undefined);
    const wanted = gridCells(runSettings(given, train), {
      timesteps: [1],
      arms: [parseArm('mpr:3'), parseArm('none')],
      seeds: [0],
    });
    expect(wanted.map((settings) => `${cellName(settings)}.json`)).toEqual(
      readdirSync(join(samples, 'grid/cells')),
    );
    for (const settings of wanted)
      expect(records.some((record) => sameSettings(record.settings, settings))).toBe(true);
  });

  test('a cell whose run was interrupted goes on in its folder', async () => {
    const { settings } = await readCheckpoint(join(samples, 'interrupted/checkpoint.safetensors'));
    cpSync(join(samples, 'interrupted'), join(cwd, 'runs', cellName(settings)), { recursive: true });
    const words =
      'paper table1 --dataset shapes --width 2 --timesteps 2 --limit 32 --batch 8 --epochs 2 --lr 0.05 --augment crop,flip ' +
      '--mpr 3 --seeds 5 --backend cpu --out table1 --runs runs';
    const { code, err } = await spikegrad(words.split(' '), cwd);
    expect(code, err).toBe(0);
    expect(distance(join(cwd, 'runs', cellName(settings), 'model.safetensors'))).toBeLessThan(1e-6);
  });
});
