import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunSettings, recipes } from '../../src/train';
import { recordsIn } from './records';
import { spikegrad } from './spikegrad';

const SMALL = '--width 2 --limit 8 --batch 8 --epochs 1 --backend wasm --threads 1';

describe('--recipe', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'spikegrad-recipe-'));
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));
  const run = (text: string) => spikegrad(text.split(' ').filter(Boolean), cwd);
  const settingsIn = (out: string) =>
    JSON.parse(readFileSync(join(cwd, out, 'settings.json'), 'utf8')) as RunSettings;

  test('decides what was not given, and prints each field with its source', async () => {
    const { code, err } = await run(`train --recipe paper --timesteps 1 ${SMALL} --out paper`);
    expect(code, err).toBe(0);
    expect(settingsIn('paper')).toMatchObject({
      ...{ epochs: 1, batch: 8, timesteps: 1, width: 2 },
      ...{ lr: 0.01, momentum: 0.9, weightDecay: 1e-4, clip: null, mpr: 3, dynamics: 'leak' },
      augment: ['crop', 'flip'],
    });
    expect(err).toMatch(/^recipe paper: /);
    expect(err).toMatch(/^epochs +1 +given; the recipe has 100 \(/m);
    expect(err).toMatch(/^weightDecay +0\.0001 +Re-Loss main_train\.py:156/m);
    expect(err).toMatch(/^tau +0\.25 +always so; /m);
    expect(err).toMatch(/^Re-Loss: github\.com/m);
  });

  test('yields to whatever was given, also where that is the default or none', async () => {
    const own = '--lr 0.1 --momentum 0.5 --weight-decay 0 --clip 2 --augment none --mpr none --timesteps 1';
    const { code, err } = await run(`train --recipe long ${own} --dynamics paper ${SMALL} --out own`);
    expect(code, err).toBe(0);
    expect(settingsIn('own')).toMatchObject({
      ...{ lr: 0.1, momentum: 0.5, weightDecay: 0, clip: 2, augment: [], mpr: null, timesteps: 1 },
      dynamics: 'paper',
    });
    expect(err).toMatch(/^augment +none +given; the recipe has crop,flip,autoaugment,cutout/m);
    expect(err).toMatch(/^weightDecay +0 +given; /m);
  });

  test('gives a grid its time steps, and leaves it its arms', async () => {
    const grid = `paper table1 --recipe long --mpr none --seeds 0 ${SMALL} --out grid`;
    const { code, err } = await run(grid);
    expect(code, err).toBe(0);
    expect(recordsIn(join(cwd, 'grid')).map(({ settings }) => settings)).toMatchObject([
      { timesteps: 4, mpr: null, weightDecay: 1e-4, augment: ['crop', 'flip', 'autoaugment', 'cutout'] },
    ]);
    expect(err).toMatch(/^timesteps +4 +paper, one of its 2, 4 and 6; Re-Loss README/m);
    expect(err).toMatch(/^mpr +none +given; the recipe has 3/m);
    expect((await run(`${grid} --timesteps 4`)).err).toMatch(/1 cell wanted, 1 of them finished/);
  });

  test('leaves a comparison of both dynamics its two forms', async () => {
    const { code, err } = await run(
      `paper dynamics --recipe paper --timesteps 1 --batches 1 ${SMALL} --jobs 2 --out dynamics`,
    );
    expect(code, err).toBe(0);
    expect(err).toMatch(/^dynamics +leak,paper +given; the recipe has leak/m);
    const settings = recordsIn(join(cwd, 'dynamics')).map((record) => record.settings);
    expect(settings.map(({ dynamics }) => dynamics).sort()).toEqual(['leak', 'paper']);
    for (const each of settings) expect(each).toMatchObject({ mpr: 3, timesteps: 1, weightDecay: 1e-4 });
  });

  test('fast scales its phases to the epochs that there are, and goes on as it began', async () => {
    const { code, err } = await run(`train --recipe fast ${SMALL} --limit 24 --epochs 3 --out fast`);
    expect(code, err).toBe(0);
    const settings = settingsIn('fast');
    expect(settings).toMatchObject({
      epochs: 3,
      timesteps: 2,
      mpr: null,
      phases: recipes.fast.settings.phases.value,
    });
    expect(err).toMatch(/^phases +1:\S+,\S+ +/m);
    expect(err).toMatch(/^speedrun: bench\/results\/speedrun\.md/m);
    expect(err).toMatch(
      /the time steps change on the way, T=1 in \d\d\.\d % of the steps: an epoch is tested with/,
    );
    const other = await run('train --resume --phases none --out fast');
    expect(other.err).toMatch(/--phases none, but the run has 1:\S+: --resume keeps/);
    expect((await run('train --resume --out fast')).code).toBe(0);
  });

  test('is refused by --resume, which keeps the settings of its run', async () => {
    const { code, err } = await run('train --resume --recipe paper --out paper');
    expect(err).toBe(
      'error: --recipe is for a new run; --resume keeps the settings that the run in --out was started with\n',
    );
    expect(code).toBe(1);
  });

  test('of another name is wrong usage', async () => {
    const { code, err } = await run('train --recipe short');
    expect(err).toMatch(/Allowed choices are paper, long/);
    expect(code).toBe(2);
  });
});
