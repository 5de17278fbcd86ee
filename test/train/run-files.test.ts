// Which file a path means where a checkpoint is wanted.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkpointFile, readCheckpoint } from '../../src/train/node/run/files';
import { RunFolder } from '../../src/train/node/run/folder';

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
