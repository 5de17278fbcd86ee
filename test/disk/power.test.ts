// A run on a disk that keeps nothing but what it was told to: whatever a power loss leaves, a checkpoint has its
// metrics.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Random } from '../../src/core/random';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { decodeCheckpoint } from '../../src/train';
import { metricsOfCheckpoint, parseMetrics } from '../../src/train/metrics';
import { performRun } from '../../src/train/node/run';
import { RunFolder } from '../../src/train/node/run/folder';
import { SETTINGS } from '../support/records';
import type { Journal } from './journal';

const journal = vi.hoisted(() => ({ now: undefined as Journal | undefined }));
vi.mock('node:fs/promises', async (real) => {
  const promises = await real<typeof import('node:fs/promises')>();
  const { Journal: Recorder } = await import('./journal');
  journal.now = new Recorder();
  return journal.now.recording(promises);
});

const root = mkdtempSync(join(tmpdir(), 'spikegrad-model-'));
const path = join(root, 'deep/in/run');
const file = (name: string) => join(path, name);
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeAll(async () => {
  await init({ backend: 'cpu', seed: 1 });
  const train = shapes({ count: 10, seed: 1 });
  const test = shapes({ count: 4, seed: 1, split: 'test' });
  const settings = { ...SETTINGS, width: 2, timesteps: 1, batch: 4, validation: 0.2 };
  const surroundings = { version: '0.1.0', backend: 'cpu', images: { name: 'shapes', train: 10, test: 4 } };
  journal.now!.begin(root);
  const folder = await RunFolder.create(path);
  await folder.write('settings', JSON.stringify(settings));
  await performRun({ folder, settings, surroundings, train, test }, { saveEvery: 1 });
  journal.now!.end();
});

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

test('a power loss after any call leaves checkpoints that are whole, with all of their metrics', () => {
  const { calls } = journal.now!;
  const expected = parseMetrics(readFileSync(file('metrics.jsonl'), 'utf8'));
  expect(expected.length).toBe(6);
  const seed = Number(process.env.SPIKEGRAD_SEED ?? 1);
  const random = new Random(seed);
  const draw = () => random.uniform();
  const found = { checkpoints: 0, summaries: 0, steps: new Set<number>() };
  for (let count = 0; count <= calls.length; count++)
    for (let drawn = 0; drawn < 6; drawn++) {
      const left = journal.now!.lossAfter(count, root, draw);
      const lines = parseMetrics(text(left.get(file('metrics.jsonl'))));
      const checkpoint = left.get(file('checkpoint.safetensors'));
      if (checkpoint !== undefined) {
        found.checkpoints++;
        const { progress } = decodeCheckpoint(checkpoint);
        found.steps.add(progress!.step);
        // the file itself must have them: nothing is taken from the checkpoint
        const own = metricsOfCheckpoint(lines, { ...progress!, history: [] });
        expect(own.lost, `seed ${seed}`).toBe(0);
        expect(own.lines).toEqual(metricsOfCheckpoint(expected, { ...progress!, history: [] }).lines);
      }
      if (left.has(file('summary.json'))) {
        found.summaries++;
        for (const name of ['summary.json', 'report.html', 'model.safetensors', 'best.safetensors'])
          expect(Buffer.from(left.get(file(name))!).equals(readFileSync(file(name))), name).toBe(true);
      }
      const settings = left.get(file('settings.json'));
      if (settings !== undefined) expect(JSON.parse(text(settings)).batch).toBe(4);
    }
  for (let drawn = 0; drawn < 20; drawn++)
    expect([...journal.now!.lossAfter(calls.length, root, draw).keys()]).not.toContain(file('lock.json'));
  // every step's checkpoint was met, and so was the end
  expect([...found.steps].sort()).toEqual([1, 2, 3, 4]);
  expect(found.checkpoints).toBeGreaterThan(250);
  expect(found.summaries).toBeGreaterThan(2);
});

test('an epoch whose line is gone all the same is taken from the checkpoint, in its place and to the letter', async () => {
  const expected = readFileSync(file('metrics.jsonl'), 'utf8');
  const { progress } = decodeCheckpoint(readFileSync(file('checkpoint.safetensors')));
  const lines = parseMetrics(expected);
  const { lines: again, lost } = metricsOfCheckpoint(
    lines.filter(({ kind }) => kind === 'step'),
    progress!,
  );
  expect(JSON.stringify(again)).toBe(JSON.stringify(lines));
  expect(lost).toBe(0);
  expect(metricsOfCheckpoint([], progress!)).toEqual({
    lines: lines.filter(({ kind }) => kind === 'epoch'),
    lost: 4,
  });
});
