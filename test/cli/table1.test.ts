// `paper table1` as a user runs it: drawn images, a network of width 2, a few steps a cell.

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cellName } from '../../src/paper/cell';
import { computed, recordsIn, stepsIn } from './records';
import { spikegrad, start } from './spikegrad';

const CELL = '--width 2 --timesteps 1 --limit 16 --batch 8 --augment crop,flip --backend wasm --threads 1';
const GRID = `${CELL} --epochs 2 --lr 0.05 --mpr none,3 --seeds 0,1`;
const words = (text: string) => `paper table1 ${text}`.split(' ').filter(Boolean);

describe('paper table1', () => {
  let cwd: string;
  const run = (text: string) => spikegrad(words(text), cwd);
  const path = (...parts: string[]) => join(cwd, ...parts);
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'spikegrad-table1-'));
    const { code, err, out } = await run(`${GRID} --jobs 2 --out whole`);
    expect(code, err).toBe(0);
    expect(err).toMatch(/table1: 4 cells wanted, 0 of them finished, 4 to train, 2 side by side/);
    expect(out).toMatch(
      /\| k = 3 \| 0\.05 \| – \| – \| \d+\.\d\d ± \d+\.\d\d \| 0, 1 \| .*, 2 pairs \| 32 \|/,
    );
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  test('leaves a record and a run for each cell, and the table in four forms', async () => {
    expect(readdirSync(path('whole')).sort()).toEqual(
      ['cells', 'runs', 'table1.csv', 'table1.html', 'table1.json', 'table1.md'].sort(),
    );
    const records = recordsIn(path('whole'));
    expect(records.map(({ settings }) => `${settings.mpr} ${settings.seed}`).sort()).toEqual(
      ['3 0', '3 1', 'null 0', 'null 1'].sort(),
    );
    expect(readdirSync(path('whole', 'runs')).sort()).toEqual(
      records.map(({ settings }) => cellName(settings)).sort(),
    );
    const again = await run('--table-only --out whole');
    expect(again.out).toBe(readFileSync(path('whole', 'table1.md'), 'utf8'));
    expect(again.code).toBe(0);
  });

  test('stopped with Ctrl-C in mid-grid, the same command goes on and ends with the same records', async () => {
    const stopped = start(words(`${GRID} --jobs 2 --out stopped`), cwd);
    const runs = () => (existsSync(path('stopped', 'runs')) ? readdirSync(path('stopped', 'runs')) : []);
    const begun = () =>
      runs().some((name) => existsSync(path('stopped', 'runs', name, 'checkpoint.safetensors')));
    while (!begun()) await setTimeout(10);
    stopped.process.kill('SIGINT');
    const { code, err } = await stopped.done;
    expect(err).toMatch(/stopped; the same command goes on/);
    expect(code).toBe(130);
    expect(runs().length).toBeLessThan(4);
    const resumed = await run(`${GRID} --jobs 2 --out stopped`);
    expect(resumed.code, resumed.err).toBe(0);
    expect(recordsIn(path('stopped')).map(computed)).toEqual(recordsIn(path('whole')).map(computed));
  });

  test('a grid grows by what is missing, and the table is made of all cells', async () => {
    cpSync(path('whole'), path('grown'), { recursive: true });
    const former = recordsIn(path('whole'));
    // a run was finished, and its record got lost with the power
    const lost = former.find(({ settings }) => settings.mpr === 3 && settings.seed === 1)!;
    rmSync(path('grown', 'cells', `${cellName(lost.settings)}.json`));
    const taken = await run(`${GRID} --out grown`);
    expect(taken.err).toMatch(/4 cells wanted, 3 of them finished, 1 to train/);
    const { finished: _, ...rest } = lost;
    expect(recordsIn(path('grown'))).toContainEqual({ ...rest, finished: expect.any(String) });
    const { code, err, out } = await run(`${GRID} --mpr none --seeds 0,2 --out grown`);
    expect(err).toMatch(/2 cells wanted, 1 of them finished, 1 to train/);
    expect(code, err).toBe(0);
    expect(out).toMatch(/\| none \| .* \| 0, 1, 2 \|/);
    expect(out).toMatch(/\| k = 3 \| .* \| 0, 1 \| .*, 2 pairs \|/);
    expect(recordsIn(path('grown')).length).toBe(5);
    const others = former.filter((record) => record !== lost);
    expect(recordsIn(path('grown'))).toEqual(expect.arrayContaining(others));
  });

  test('arms of one seed start from the same weights and see the same images in the same order', async () => {
    // nothing is learned at rate 0, and MPR changes gradients only: every loss tells of weights, images and their order
    const { code, err } = await run(`${CELL} --epochs 2 --lr 0 --mpr none,3 --seeds 0 --jobs 2 --out still`);
    expect(code, err).toBe(0);
    const [none, three] = readdirSync(path('still', 'runs')).map((name) =>
      stepsIn(path('still', 'runs', name)).map(({ loss }) => loss),
    );
    expect(none!.length).toBe(4);
    expect(new Set(none).size).toBe(4);
    expect(three).toEqual(none);
    const [first, second] = ['none-s0', 'none-s1'].map((cell) => {
      const name = readdirSync(path('whole', 'runs')).find((run) => run.includes(cell));
      return stepsIn(path('whole', 'runs', name!))[0]!.loss;
    });
    expect(first).not.toBe(second);
  });

  test('a cell that fails leaves the others alone, and the table shows that it is missing', async () => {
    const [record] = recordsIn(path('whole')).filter(({ settings }) => settings.mpr === 3);
    const { settings } = record!;
    const name = cellName({ ...settings, seed: 0 });
    mkdirSync(path('broken', 'runs', name), { recursive: true });
    writeFileSync(path('broken', 'runs', name, 'checkpoint.safetensors'), 'no checkpoint');
    const { code, err, out } = await run(`${GRID} --seeds 0 --jobs 2 --out broken`);
    expect(err).toMatch(new RegExp(`1 of 2 cells failed:\n${name}: .*checkpoint\\.safetensors: `));
    expect(code).toBe(1);
    expect(recordsIn(path('broken')).map((cell) => cell.settings.mpr)).toEqual([null]);
    expect(out).toMatch(/\| k = 3 \| \d\S* \| – \| – \| – \| – \(unfinished: 0\) \| – \| – \| – \|/);
  });

  test('a record that cannot be one is named before anything is trained', async () => {
    mkdirSync(path('hostile', 'cells'), { recursive: true });
    writeFileSync(path('hostile', 'cells', 'x.json'), '{"format":"spikegrad cell 1","settings":{}}');
    const { code, err } = await run(`${GRID} --out hostile`);
    expect(err).toMatch(/^error: \S+cells\/x\.json: settings\.dataset must be 'cifar10' or/);
    expect(code).toBe(1);
    expect(existsSync(path('hostile', 'runs'))).toBe(false);
  });

  test.each([
    [`${CELL}`, /--out <dir>' not specified/],
    ['--mpr none,3,3 --out x', /A value is given twice/],
    ['--mpr none,-1 --out x', /Expected a number above 0, or none/],
    ['--dataset shapes,cifar --out x', /"cifar" is not one of cifar10, cifar100, mnist,/],
    ['--jobs 0 --out x', /Expected a whole number >= 1/],
  ])('"%s" is wrong usage: exit 2 and what would be right', async (text, message) => {
    const { code, err } = await run(text);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });
});
