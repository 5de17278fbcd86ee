// Folders that are read-only, from the beginning or all of a sudden. (Skipped where a disk in memory may not be
// mounted.)

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFile } from '../../src/cli/files';
import { downloadArchive } from '../../src/data/download/node';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { GridFolder } from '../../src/paper/node/store';
import { performRun } from '../../src/train/node/run';
import { readCheckpoint } from '../../src/train/node/run/files';
import { RunFolder } from '../../src/train/node/run/folder';
import { needsOf } from '../support/needs';
import { cell, SETTINGS } from '../support/records';

const { missing, note } = needsOf('test/disk/read-only.test.ts');
const home = mkdtempSync(join(tmpdir(), 'spikegrad-read-only-'));
const disk = join(home, 'disk');
const at = (name: string) => join(disk, name);
const mount = (...words: string[]) => execFileSync('mount', [...words, disk]);

describe.skipIf(missing)(`a disk that is read-only${note}`, () => {
  beforeAll(() => {
    mkdirSync(disk);
    mount('-t', 'tmpfs', '-o', 'size=4m', 'tmpfs');
  });
  afterAll(() => {
    execFileSync('umount', [disk]);
    rmSync(home, { recursive: true, force: true });
  });

  const settings = { ...SETTINGS, width: 2, timesteps: 1, batch: 4, epochs: 3 };
  const train = shapes({ count: 8, seed: 1 });
  const held = shapes({ count: 4, seed: 1, split: 'test' });
  const surroundings = { version: '0.1.0', backend: 'cpu', images: { name: 'shapes', train: 8, test: 4 } };
  const run = { settings, surroundings, train, test: held };

  test('in the midst of a run ends it with that word, and nothing is lost', async () => {
    await init({ backend: 'cpu', seed: 0 });
    await performRun({ ...run, folder: await RunFolder.create(join(home, 'whole')) });
    await init({ backend: 'cpu', seed: 0 });
    const broken = performRun(
      { ...run, folder: await RunFolder.create(at('run')) },
      { saveEvery: 1, onStep: ({ step }) => step === 4 && mount('-o', 'remount,ro') },
    );
    await expect(broken).rejects.toThrow(
      /cannot write .*metrics\.jsonl: the file system is read-only there .*; make it writable and resume/,
    );
    expect((await readCheckpoint(at('run/checkpoint.safetensors'))).progress!.step).toBe(3);
    await expect(RunFolder.resume(at('run'))).rejects.toThrow(/read-only/);
    mount('-o', 'remount,rw');
    const { folder, checkpoint } = await RunFolder.resume(at('run'));
    await init({ backend: 'cpu', seed: 0 });
    await performRun({ ...run, folder, checkpoint });
    for (const name of ['model.safetensors', 'metrics.jsonl'])
      expect(readFileSync(at(`run/${name}`)).equals(readFileSync(join(home, 'whole', name))), name).toBe(
        true,
      );
    expect(readdirSync(at('run')).sort()).toEqual(readdirSync(join(home, 'whole')).sort());
  });

  test('is told by every writer', async () => {
    mkdirSync(at('data'));
    mount('-o', 'remount,ro');
    const archive = { url: 'http://127.0.0.1:9/x', bytes: 4, sha256: '0'.repeat(64) };
    const grid = new GridFolder(at('grid'));
    const writers: Readonly<Record<string, () => Promise<unknown>>> = {
      'a new run': () => RunFolder.create(at('new')),
      'a run in a folder that is there': () => RunFolder.create(at('data')),
      'a record': () => grid.keep(cell({}, 0.5)),
      'a table': () => grid.writeTable([], []),
      'an export': () => writeFile(at('model.onnx'), 'x'),
      'a picture in a folder of its own': () => writeFile(at('figures/figure2.svg'), 'x'),
      'a download': () => downloadArchive(archive, { directory: at('new'), retryWaits: [] }),
    };
    try {
      for (const [name, write] of Object.entries(writers))
        await expect(write(), name).rejects.toThrow(/the file system is read-only there/);
    } finally {
      mount('-o', 'remount,rw');
    }
    expect(readdirSync(disk)).toEqual(expect.arrayContaining(['data', 'run']));
    expect(readdirSync(disk).length).toBe(2);
  });
});
