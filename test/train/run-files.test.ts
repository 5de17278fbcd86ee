// Which file a path means where a checkpoint is wanted.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkpointFile, readCheckpoint, runsIn } from '../../src/train/node/run/files';
import { RunFolder } from '../../src/train/node/run/folder';

const disk = vi.hoisted(() => ({ isReversed: false }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const inItsOrder = (entries: unknown[]) => (disk.isReversed ? entries.reverse() : entries);
  return {
    ...fs,
    readdirSync: (...given: Parameters<typeof fs.readdirSync>) => inItsOrder(fs.readdirSync(...given)),
  };
});

describe('the checkpoint that a path means', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'spikegrad-runs-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const put = (...files: string[]) => {
    for (const file of files) {
      mkdirSync(join(root, file, '..'), { recursive: true });
      writeFileSync(join(root, file), '');
    }
  };

  test('of a run its model, else its checkpoint; of a file the file', () => {
    put('a/checkpoint.safetensors', 'b/checkpoint.safetensors', 'b/model.safetensors');
    expect(checkpointFile(join(root, 'a'))).toBe(join(root, 'a/checkpoint.safetensors'));
    expect(checkpointFile(join(root, 'b'))).toBe(join(root, 'b/model.safetensors'));
    expect(checkpointFile(join(root, 'b/checkpoint.safetensors'))).toBe(
      join(root, 'b/checkpoint.safetensors'),
    );
  });

  test('of a folder with one run that run, also below `runs`; several are listed', () => {
    put('runs/k3/model.safetensors', 'notes/readme');
    expect(checkpointFile(root)).toBe(join(root, 'runs/k3/model.safetensors'));
    put('runs/none/model.safetensors');
    const [a, b] = [join(root, 'runs/k3'), join(root, 'runs/none')];
    expect(() => checkpointFile(root)).toThrow(`holds several runs: ${a}, ${b}; give one of them`);
  });

  test('of runs further in nobody knows, and names come in order whatever order a disk has', () => {
    put('c/model.safetensors', 'a/model.safetensors', 'b/in/model.safetensors', 'd/far/in/model.safetensors');
    const inOrder = ['a', 'b/in', 'c'].map((name) => join(root, name));
    expect(runsIn(root)).toEqual(inOrder);
    disk.isReversed = true;
    expect(runsIn(root)).toEqual(inOrder);
    disk.isReversed = false;
  });

  test('and where a run is to go on, its folder is asked for', async () => {
    put('runs/k3/checkpoint.safetensors');
    const file = join(root, 'runs/k3/checkpoint.safetensors');
    await expect(RunFolder.resume(file)).rejects.toThrow(
      `${file} is a file; a run is a folder, such as ${join(root, 'runs/k3')}`,
    );
    await expect(RunFolder.resume(root)).rejects.toThrow(/to resume from; the runs in it are .*k3$/);
  });

  test('else what is there is said', async () => {
    put('x/old.safetensors', 'cifar10/data_batch_1.bin', 'runs/k3/model.safetensors');
    expect(() => checkpointFile(join(root, 'x'))).toThrow(`give one of ${join(root, 'x/old.safetensors')}`);
    expect(() => checkpointFile(join(root, 'cifar10'))).toThrow(
      /holds neither model\.safetensors nor checkpoint\.safetensors: .*cifar10 holds CIFAR-10/,
    );
    await expect(readCheckpoint(join(root, 'runs/k3/modle.safetensors'))).rejects.toThrow(
      /no file .*modle\.safetensors; did you mean model\.safetensors\?/,
    );
    await expect(readCheckpoint(join(root, 'runs/k3'))).rejects.toThrow(
      /model\.safetensors: .*an empty file/,
    );
  });
});
