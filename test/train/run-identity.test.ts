// Whose checkpoint it is, and of which images.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import { runSettings } from '../../src/train';
import { performRun } from '../../src/train/node/run';
import { readCheckpoint } from '../../src/train/node/run/files';
import { RunFolder } from '../../src/train/node/run/folder';
import { contentOf } from '../../src/train/node/run/images';

const train = shapes({ count: 8, seed: 1, split: 'train' });
const held = shapes({ count: 8, seed: 1, split: 'test' });

describe('the hash of images', () => {
  test('is of pixels, labels, sizes and split, and not of names', () => {
    const hash = contentOf(train, held);
    expect(hash).toMatch(/^[0-9a-f]{32}$/);
    expect(contentOf({ ...train, name: 'other' }, held)).toBe(hash);
    const pixels = train.pixels.slice();
    pixels[5]! ^= 1;
    const labels = train.labels.slice().reverse();
    const flat = { ...train, height: 16, width: 64 };
    const others = [{ ...train, pixels }, { ...train, labels }, flat].map((images) =>
      contentOf(images, held),
    );
    expect(new Set([hash, contentOf(held, train), ...others]).size).toBe(5);
  });
});

describe('a run', () => {
  let cwd: string;
  const folderOf = (name: string) => join(cwd, name);

  async function perform(name: string, seed: number): Promise<void> {
    const folder = await RunFolder.create(folderOf(name));
    const given = { dataset: 'shapes', width: 1, timesteps: 1, batch: 8, epochs: 1, lr: 0.1, seed } as const;
    const settings = runSettings(given, train);
    await folder.write('settings', JSON.stringify(settings));
    const images = { name: 'shapes', train: 8, test: 8 };
    const surroundings = { version: '0.1.0', backend: 'cpu', images };
    await performRun({ folder, settings, surroundings, train, test: held });
  }

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'spikegrad-identity-'));
    await init({ backend: 'cpu' });
    await perform('a', 0);
    await perform('b', 0);
    await perform('c', 1);
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  const copied = (name: string, from: string) => {
    cpSync(folderOf('a'), folderOf(name), { recursive: true });
    cpSync(join(folderOf(from), 'checkpoint.safetensors'), join(folderOf(name), 'checkpoint.safetensors'));
    return folderOf(name);
  };

  test('has an id of its own in its folder and its checkpoint', async () => {
    const ids = await Promise.all(
      ['a', 'b'].map(async (name) => {
        const { id } = JSON.parse(readFileSync(join(folderOf(name), 'run.json'), 'utf8'));
        expect((await readCheckpoint(join(folderOf(name), 'checkpoint.safetensors'))).run).toBe(id);
        return id;
      }),
    );
    expect(new Set(ids).size).toBe(2);
  });

  test("another run's checkpoint is refused, and nothing in the folder is touched", async () => {
    const path = copied('other', 'b');
    const metrics = readFileSync(join(path, 'metrics.jsonl'), 'utf8');
    await expect(RunFolder.enter(path)).rejects.toThrow(
      /checkpoint\.safetensors is another run's: it is of run/,
    );
    await expect(RunFolder.resume(path)).rejects.toThrow(/another run's/);
    expect(readFileSync(join(path, 'metrics.jsonl'), 'utf8')).toBe(metrics);
  });

  test('where a folder has no id, settings tell', async () => {
    const path = copied('older', 'c');
    rmSync(join(path, 'run.json'));
    await expect(RunFolder.enter(path)).rejects.toThrow(/its seed is 1, that in settings.json 0/);
    writeFileSync(join(path, 'settings.json'), 'mine');
    await (await RunFolder.enter(path)).folder.release(); // nothing to tell by
  });

  test('a folder that is copied goes on', async () => {
    const path = copied('copy', 'a');
    const { folder, checkpoint } = await RunFolder.resume(path);
    expect(checkpoint.run).toBe(JSON.parse(readFileSync(join(path, 'run.json'), 'utf8')).id);
    await folder.release();
  });
});
