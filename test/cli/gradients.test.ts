import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { steepnesses } from '../../src/cli/paper/k-list';
import type { TrainedProfile } from '../../src/paper/gradients/training';
import { spikegrad } from './spikegrad';

describe('a list of steepnesses', () => {
  test('holds numbers and ranges in whole steps', () => {
    expect(steepnesses('1..4')).toEqual([1, 2, 3, 4]);
    expect(steepnesses('0.5, 3..5,12')).toEqual([0.5, 3, 4, 5, 12]);
    expect(steepnesses('0.5..2.4')).toEqual([0.5, 1.5]);
    expect(steepnesses('1..20').length).toBe(20);
  });

  test.each([
    ['', /number > 0/],
    ['0', /number > 0/],
    ['1,fast', /number > 0/],
    ['5..1', /no range such as 1\.\.20/],
    ['1..2..3', /no range/],
    ['1..3,2', /given twice/],
    ['1..1000000000', /At most 100 values/],
  ])('"%s" is none', (text, message) => {
    expect(() => steepnesses(text)).toThrow(message);
  });
});

describe('paper gradients', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'spikegrad-gradients-'));
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));
  const run = (words: string) => spikegrad(['paper', 'gradients', ...words.split(' ')], cwd);
  const small = '--width 2 --batches 1 --batch 8';
  const read = (folder: string) =>
    JSON.parse(readFileSync(join(cwd, folder, 'gradients.json'), 'utf8')) as {
      settings: { timesteps: number };
      weights: string;
      arms: {
        mpr: number | null;
        scale: number;
        loss: number;
        layers: { name: string; norm: number }[];
      }[];
    };

  test('writes table, picture and report, and says what k = 7 does', async () => {
    const { code, out, err } = await run(`${small} --timesteps 1 --k 1,7 --out g --png`);
    expect(err).not.toMatch(/error/);
    expect(code).toBe(0);
    for (const ending of ['csv', 'json', 'svg', 'png', 'html'])
      expect(existsSync(join(cwd, 'g', `gradients.${ending}`)), ending).toBe(true);
    const { arms } = read('g');
    expect(arms.map(({ mpr }) => mpr)).toEqual([null, 1, 7]);
    const [none, one, seven] = arms.map(({ layers }) => layers[0]!.norm);
    const ratio = (value: number) => Number(value.toPrecision(3));
    expect(out).toContain(
      `The gradient norm in stem.0.conv at k = 7 is ${ratio(seven! / one!)} times that at k = 1 and ${ratio(seven! / none!)} times`,
    );
    expect(new Set(arms.map(({ loss }) => loss)).size).toBe(1);
    expect(readFileSync(join(cwd, 'g', 'gradients.html'), 'utf8')).toMatch(/Gradient norm by layer/);
  });

  test("with a run's weights it takes the run's network and replaces its k", async () => {
    const words = `train --dataset shapes ${small.replace('--batches 1 ', '')} --limit 16 --epochs 1 --timesteps 1 --mpr 5 --out run`;
    const trained = await spikegrad(words.split(' '), cwd);
    expect(trained.code, trained.err).toBe(0);
    const { code, err } = await run(
      '--checkpoint run/model.safetensors --k 5 --batches 1 --batch 8 --out trained',
    );
    expect(err).not.toMatch(/error/);
    expect(code).toBe(0);
    const { settings, weights, arms } = read('trained');
    expect(settings.timesteps).toBe(1);
    expect(weights).toBe('weights of run');
    expect(arms.map(({ mpr }) => mpr)).toEqual([null, 5]);
  });

  test('arms are more than steepnesses, and the first is what they are compared with', async () => {
    const { code, err } = await run(`${small} --timesteps 1 --arms mpr:7*0.65,none,scale:1.05 --out arms`);
    expect(code, err).toBe(0);
    const { arms } = read('arms');
    expect(arms.map(({ mpr, scale }) => [mpr, scale])).toEqual([
      [null, 1],
      [7, 0.65],
      [null, 1.05],
    ]);
    const stem = arms.map(({ layers }) => layers[0]!.norm);
    expect(stem[2]!).toBeGreaterThan(stem[0]!);
    const twice = await run('--arms mpr:3,mpr:3.0');
    expect(twice.err).toMatch(/--arms names k = 3 twice/);
  });

  test('through training each arm is measured at the start and after each epoch, and kept when done', async () => {
    const words = `${small} --timesteps 1 --arms mpr:3 --epochs 2 --limit 16 --lr 0.05 --out through`;
    const { code, err, out } = await run(words);
    expect(code, err).toBe(0);
    expect(out).toMatch(/Gain of a convolution .* none .* → .*; k = 3 .* → /);
    const study = JSON.parse(readFileSync(join(cwd, 'through', 'training.json'), 'utf8'));
    expect(study.settings).toMatchObject({ lr: 0.05, epochs: 2, batch: 8 });
    const [none, three] = study.arms as { mpr: number | null; epochs: TrainedProfile[] }[];
    expect(three!.mpr).toBe(3);
    expect(three!.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    const rates = (arm: typeof none, epoch: number) =>
      arm!.epochs[epoch]!.gains.neurons.map(({ rate }) => rate);
    expect(rates(none, 0)).toEqual(rates(three, 0)); // MPR changes no spike
    expect(rates(none, 2)).not.toEqual(rates(three, 2));
    const again = await run(words.replace('mpr:3', 'mpr:3,mpr:5'));
    expect(again.err).toMatch(/training 1 network for 2 epochs, 2 done before/);
    const other = await run('--lr 0.1');
    expect(other.err).toMatch(/--lr is of a training: say for how long with --epochs/);
  });

  test('a network for a run that has its own is wrong usage, a folder without weights a failure', async () => {
    const both = await run('--checkpoint run --width 4');
    expect(both.code).toBe(2);
    expect(both.err).toMatch(/'--width <n>' cannot be used with option '--checkpoint <run>'/);
    mkdirSync(join(cwd, 'empty'));
    const none = await run('--checkpoint empty');
    expect(none.code).toBe(1);
    expect(none.err).toMatch(
      /error: empty holds neither model\.safetensors nor checkpoint\.safetensors: empty is empty/,
    );
    const many = await run('--batches 100 --batch 100');
    expect(many.err).toMatch(/has 2000 images, too few for 100 batches of 100/);
  });
});
