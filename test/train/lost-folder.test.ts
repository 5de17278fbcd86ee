// A run whose folder another process has taken while it stood still: it ends and writes nothing more; the other goes
// on.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { shapes } from '../../src/data/shapes';
import { FolderLostError } from '../../src/disk/lock';
import { newLock } from '../../src/disk/lock/file';
import { init } from '../../src/init';
import { performRun, type RunOptions } from '../../src/train/node/run';
import { RunFolder } from '../../src/train/node/run/folder';
import { SETTINGS } from '../support/records';

const home = mkdtempSync(join(tmpdir(), 'spikegrad-lost-folder-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const settings = { ...SETTINGS, width: 2, timesteps: 1, batch: 4 };
const train = shapes({ count: 8, seed: 1 });
const held = shapes({ count: 4, seed: 1, split: 'test' });
const surroundings = { version: '0.1.0', backend: 'cpu', images: { name: 'shapes', train: 8, test: 4 } };
const run = { settings, surroundings, train, test: held };

const contents = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'base64')]));

describe('a run that has lost its folder', () => {
  test('is told of by its next write, at whatever moment, and the folder stays the other’s', async () => {
    await init({ backend: 'cpu', seed: 0 });
    await performRun({ ...run, folder: await RunFolder.create(join(home, 'whole')) }, { saveEvery: 1 });
    const moments: readonly ((take: () => void) => RunOptions)[] = [
      (take) => ({ onStep: ({ step }) => step === 2 && take() }),
      (take) => ({ onEvaluation: (images) => images === 4 && take() }),
      (take) => ({ onEpoch: ({ epoch }) => epoch === 1 && take() }),
      (take) => ({ onLook: take }),
    ];
    for (const [i, at] of moments.entries()) {
      const path = join(home, `run-${i}`);
      const folder = await RunFolder.create(path);
      let found: Record<string, string> = {};
      const take = () => {
        if ('lock.json' in found) return;
        // what the other does first: its own lock, and metrics of its own in their place
        writeFileSync(folder.file('lock'), newLock().text.replace(/"pid":\d+/, '"pid":4711'));
        found = contents(path);
      };
      await init({ backend: 'cpu', seed: 0 });
      const lost = performRun({ ...run, folder }, { saveEvery: 1, ...at(take) });
      await expect(lost).rejects.toThrow(FolderLostError);
      await expect(lost).rejects.toThrow(/another process \(4711\) has taken .*; this process stops/);
      expect(contents(path)).toEqual(found);

      rmSync(folder.file('lock'));
      const { checkpoint, folder: again } = await RunFolder.enter(path);
      await init({ backend: 'cpu', seed: 0 });
      await performRun({ ...run, folder: again, checkpoint }, { saveEvery: 1 });
      for (const name of ['model.safetensors', 'metrics.jsonl'])
        expect(contents(path)[name], `${i}: ${name}`).toBe(contents(join(home, 'whole'))[name]);
    }
  });
});
