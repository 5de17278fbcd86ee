import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shapes } from '../../src/data/shapes';
import { writeAtomically } from '../../src/disk/write';
import { init } from '../../src/init';
import { buildNetwork, encodeCheckpoint, Trainer, trainingSettings } from '../../src/train';
import { readCheckpoint } from '../../src/train/node/run/files';
import { RunFolder } from '../../src/train/node/run/folder';
import { SETTINGS } from '../support/records';

describe('a run folder', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'spikegrad-run-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test('refuses to begin a run where there is one', async () => {
    const folder = await RunFolder.create(join(directory, 'a'));
    await folder.write('checkpoint', new Uint8Array(8));
    await folder.release();
    await expect(RunFolder.create(join(directory, 'a'))).rejects.toThrow(
      /already holds a run: give another --out/,
    );
  });

  test('a run that died before its first checkpoint is begun again in its folder', async () => {
    const folder = await RunFolder.create(join(directory, 'a'));
    await folder.write('settings', '{}');
    await folder.write('metrics', '{"kind":"step","step":1}\n');
    await folder.release();
    const again = await RunFolder.create(join(directory, 'a'));
    expect(await again.readMetrics()).toEqual([]);
    await again.release();
  });

  test('two processes never work in one folder, and a dead one is no hindrance', async () => {
    const path = join(directory, 'a');
    const folder = await RunFolder.create(path);
    await expect(RunFolder.enter(path)).rejects.toThrow(
      new RegExp(`another process \\(${process.pid}\\) is working in this folder`),
    );
    const lock = readFileSync(folder.file('lock'), 'utf8');
    await folder.release();
    writeFileSync(folder.file('lock'), lock.replace(/"start":"\d*"/, '"start":"1"')); // the process had this number
    await (await RunFolder.enter(path)).folder.release();
    writeFileSync(folder.file('lock'), 'gibberish');
    await expect(RunFolder.enter(path)).rejects.toThrow(/lock\.json is there and is no lock of a run/);
    expect(readdirSync(path)).toEqual(['lock.json', 'metrics.jsonl']);
  });

  test('says what is missing when there is nothing to resume', async () => {
    await expect(RunFolder.resume(directory)).rejects.toThrow(/has no checkpoint.safetensors to resume from/);
  });

  test('keeps the former content when a write fails, and leaves no temporary file', async () => {
    const path = join(directory, 'file');
    await writeAtomically(path, 'first');
    await expect(writeAtomically(join(directory, 'no', 'such', 'folder'), 'x')).rejects.toThrow(
      /cannot write/,
    );
    await writeAtomically(path, 'second');
    expect(readFileSync(path, 'utf8')).toBe('second');
    expect(readdirSync(directory)).toEqual(['file']);
  });

  test('of many writes of one file at once each is whole, and no temporary file is left', async () => {
    const path = join(directory, 'file');
    const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(10_000 + i));
    await Promise.all(contents.map((content) => writeAtomically(path, content)));
    expect(contents).toContain(readFileSync(path, 'utf8'));
    expect(readdirSync(directory)).toEqual(['file']);
  });

  test('lines of steps and epochs that the checkpoint does not know go when a run is entered again', async () => {
    const folder = await RunFolder.create(directory);
    const line = (kind: 'step' | 'epoch', step: number, epoch: number) => ({ kind, step, epoch });
    const kept = [line('step', 1, 0), line('epoch', 1, 0), line('step', 2, 1)];
    // killed between the line of the second epoch and the checkpoint that would have counted it
    const settings = { ...SETTINGS, epochs: 3 };
    const images = shapes({ count: 8, seed: 1 });
    await init({ backend: 'cpu' });
    const trainer = new Trainer(buildNetwork(settings), images, trainingSettings(settings));
    Object.assign(trainer.progress, { step: 2, epoch: 1, batch: 1 });
    await folder.write('checkpoint', await encodeCheckpoint(trainer, settings));
    for (const each of [...kept, line('epoch', 2, 1), line('step', 3, 2)]) await folder.appendMetrics(each);
    await folder.release();
    const entered = await RunFolder.enter(directory);
    expect(await entered.folder.readMetrics()).toEqual(kept);
    await entered.folder.release();
  });

  test('reads metrics back and leaves out a line that a crash cut off', async () => {
    const folder = await RunFolder.create(directory);
    await folder.appendMetrics({ kind: 'step', step: 1, loss: 2.5 });
    writeFileSync(folder.file('metrics'), '{"kind":"step","step":2,"lo', { flag: 'a' });
    expect(await folder.readMetrics()).toEqual([{ kind: 'step', step: 1, loss: 2.5 }]);
  });

  test('names the file when a checkpoint is damaged', async () => {
    const path = join(directory, 'bad.safetensors');
    writeFileSync(path, 'not a checkpoint at all');
    await expect(readCheckpoint(path)).rejects.toThrow(/bad\.safetensors: /);
    await expect(readCheckpoint(join(directory, 'none'))).rejects.toThrow(/no file/);
  });
});
