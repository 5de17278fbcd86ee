import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCheckpoint } from '../../src/train/node/run/files';
import { stepsIn } from './records';
import { spikegrad } from './spikegrad';

const TINY = '--width 1 --timesteps 1 --limit 16 --batch 8 --epochs 2 --lr 0.05 --seed 5 --backend cpu';

describe('--resume', () => {
  let cwd: string;
  const run = (words: string) => spikegrad(words.split(' '), cwd);
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'spikegrad-resume-'));
    const { code, err } = await run(`train ${TINY} --out a`);
    expect(code, err).toBe(0);
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  test('the checkpoint says what the run is computed with', async () => {
    const { surroundings, changes } = await readCheckpoint(join(cwd, 'a/checkpoint.safetensors'));
    expect(surroundings).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      build: expect.stringMatching(/^\d+\.\d+\.\d+/),
      backend: 'cpu',
      images: { name: 'shapes', train: 16, test: 16, content: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    expect(changes).toBeUndefined();
  });

  test.each([
    [
      '--lr 0.5 --width 4',
      /^error: --width 4, but the run has 1; --lr 0\.5, but the run has 0\.05: --resume keeps/,
    ],
    ['--dataset cifar10', /--dataset cifar10, but the run has shapes/],
    ['--augment flip', /--augment flip, but the run has none/],
    ['--epochs 1', /--epochs 1, but the run has 2 epochs done/],
    ['--backend wasm', /backend: the run has cpu, here is wasm: --force/],
    ['--data .', /shapes are drawn, not read/],
    ['--recipe paper', /--recipe is for a new run/],
  ])('%s is refused, with both values', async (words, message) => {
    const { code, err } = await run(`train --out a --resume ${words}`);
    expect(err).toMatch(message);
    expect(code).toBe(1);
    expect(stepsIn(join(cwd, 'a'))).toHaveLength(4);
  });

  test('nothing left to do is said, with the way on', async () => {
    const { code, err } = await run('train --out a --resume --lr 0.05 --epochs 2');
    expect(err).toMatch(/all 2 epochs are done: nothing to train; --resume --epochs 3 adds one/);
    expect(code).toBe(0);
  });

  test('more epochs go on along a cosine of their own, on the backend of the run, and every place says so', async () => {
    const { code, err } = await run('train --out a --resume --epochs 3');
    expect(code, err).toBe(0);
    const line =
      '3 epochs instead of 2; after epoch 2 the learning rate falls to 0 along a cosine of its own from 0.005';
    expect(err).toContain(`changed: ${line}`);
    expect(err).toMatch(/resuming at epoch 3, step 4 of 6/);
    const steps = stepsIn(join(cwd, 'a'));
    expect(steps.map(({ lr }) => Number(Number(lr).toPrecision(3)))).toEqual([
      0.05, 0.0427, 0.025, 0.00732, 0.005, 0.0025,
    ]);
    expect(steps.map(({ continuation }) => continuation)).toEqual([...Array(4), 1, 1]);
    const checkpoint = await readCheckpoint(join(cwd, 'a/checkpoint.safetensors'));
    expect(checkpoint.settings.continued).toEqual([{ step: 4, epochs: 3, lr: 0.005 }]);
    expect(checkpoint.changes).toEqual([`from step 4 on: ${line}`]);
    expect(JSON.parse(readFileSync(join(cwd, 'a/settings.json'), 'utf8'))).toEqual(checkpoint.settings);
    expect(readFileSync(join(cwd, 'a/report.html'), 'utf8')).toContain(`from step 4 on: ${line}`);
  });

  test('--force takes another backend, with a line', async () => {
    const { code, err } = await run('train --out a --resume --backend wasm --force');
    expect(code, err).toBe(0);
    expect(err).toMatch(/^changed: backend: wasm instead of cpu$/m);
    const { surroundings, changes } = await readCheckpoint(join(cwd, 'a/checkpoint.safetensors'));
    expect(surroundings).toMatchObject({ backend: 'wasm', simd: expect.stringMatching(/plain|relaxed/) });
    expect(changes).toHaveLength(2);
    expect((await run(`train ${TINY} --out b --force`)).err).toMatch(/--force is for --resume/);
  });
});
