import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spikegrad } from './spikegrad';

describe('the command line', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'spikegrad-usage-'));
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));
  const run = (words: string) => spikegrad(words.split(' ').filter(Boolean), cwd);

  test.each([
    'train',
    'eval',
    'predict',
    'inspect',
    'export',
    'info',
    'data download',
    'paper table1',
    'paper gradients',
    'paper dynamics',
    'worker',
  ])('%s --help shows examples and ends with 0', async (command) => {
    const { code, out } = await run(`${command} --help`);
    expect(code).toBe(0);
    expect(out).toMatch(/Examples:\n {2}\$ spikegrad /);
  });

  test.each([
    ['train --epoch 3', /unknown option '--epoch'[\s\S]*--epochs/],
    ['train --learning-rate 0.1', /unknown option '--learning-rate'; it is called --lr here/],
    ['train --batch_size 8', /unknown option '--batch_size'; it is called --batch here/],
    ['train --num-steps=8', /unknown option '--num-steps=8'; it is called --timesteps here/],
    ['train --cuda', /unknown option '--cuda'; it is called --backend here/],
    ['train --output-dir x', /unknown option '--output-dir'; it is called --out here/],
    ['train --threshold 0.5', /unknown option '--threshold'; .* --neuron '\{"equations":/],
    ['train --spike-grad=atan', /unknown option '--spike-grad=atan'; .*"surrogate":"arctan"/],
    ['eval --checkpoint x --tau 2', /unknown option '--tau'\n/],
    ['train --optimizer Adam', /Allowed choices\s+are sgd, .*muon; did you mean adam\?/s],
    ['train --dataset CIFAR-10', /did you\s+mean cifar10\?/],
    ['train --backend cuda', /it is called gpu\s+here/],
    ['eval --device cpu --checkpoint x', /unknown option '--device'; it is called --backend here/],
    ['train --epochs 0', /Expected a whole number >= 1/],
    ['train --lr fast', /Expected a number >= 0/],
    ['train --mpr 0', /Expected a number above 0, or none/],
    ['train --dataset cifar', /Allowed choices are cifar10/],
    ['train --augment crop,spin', /spin/],
    ['trian', /unknown command 'trian'[\s\S]*train/],
    ['eval', /--checkpoint/],
  ])('"%s" is wrong usage: exit 2 and what would be right', async (words, message) => {
    const { code, err } = await run(words);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /); // no stack
    expect(code).toBe(2);
  });

  test.each([
    ['train --dataset cifar10', /needs --data DIR; `spikegrad data download cifar10/],
    ['train --dataset mnist --data nowhere', /nowhere/],
    ['train --resume', /needs --out/],
    ['train --resume --out nothing', /nothing has no checkpoint/],
    ['eval --checkpoint missing.safetensors', /no file missing\.safetensors/],
    ['train --backend cpu --threads 2', /one thread/],
  ])('"%s" fails with one line and exit 1', async (words, message) => {
    const { code, err } = await run(words);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  });

  test('a damaged checkpoint is named, not a crash', async () => {
    writeFileSync(join(cwd, 'junk.safetensors'), Buffer.alloc(64, 0xff));
    const { code, err } = await run('inspect --checkpoint junk.safetensors');
    expect(code).toBe(1);
    expect(err).toMatch(/error: junk\.safetensors/);
  });

  test('info names every backend and why one is missing', async () => {
    const { code, out } = await run('info --json');
    expect(code).toBe(0);
    const { backends } = JSON.parse(out) as {
      backends: { backend: string; available: boolean; note: string }[];
    };
    expect(backends.find((entry) => entry.backend === 'cpu')?.available).toBe(true);
    for (const { available, note } of backends) expect(available || note.length > 0).toBe(true);
  });

  test('a download that is not the official archive is refused and leaves no data', async () => {
    const server = createServer((_, response) => response.end(Buffer.alloc(1000, 7))).listen(0, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
    const { port } = server.address() as AddressInfo;
    const { code, err } = await run(
      `data download cifar10 --dir c10 --source http://127.0.0.1:${port}/a.tar.gz`,
    );
    server.close();
    expect(code).toBe(1);
    expect(err).toMatch(/error: /);
    expect(readdirSync(join(cwd, 'c10')).filter((name) => name.endsWith('.bin'))).toEqual([]);
  });
});
