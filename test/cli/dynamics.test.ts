import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spikegrad, start } from './spikegrad';

interface Study {
  settings: Record<string, unknown>;
  difference: { mean: number; pairs: number };
  arms: {
    dynamics: string;
    runs: { seed: number; testAccuracy: number; view: { rates: { ratePerStep: number[] }[] } | null }[];
  }[];
}

const words =
  'paper dynamics --dataset shapes --width 2 --timesteps 2 --limit 16 --batch 8 --epochs 2 --lr 0.05 --batches 1 --threads 1 --out d'.split(
    ' ',
  );
let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'spikegrad-dynamics-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const records = () =>
  (existsSync(join(cwd, 'd/cells')) ? readdirSync(join(cwd, 'd/cells')) : []).filter((name) =>
    name.endsWith('.json'),
  );
const study = () => JSON.parse(readFileSync(join(cwd, 'd/dynamics.json'), 'utf8')) as Study;

test('stopped and given again it trains the rest; both forms have the same seeds', async () => {
  const run = start([...words, '--seeds', '0,1'], cwd);
  while (records().length === 0 && run.process.exitCode === null) await setTimeout(20);
  run.process.kill('SIGINT');
  const stopped = await run.done;
  expect(stopped.code, stopped.err).toBe(130);
  expect(stopped.err).toMatch(/stopped; the same command goes on/);
  const finished = records().length;
  expect(finished).toBeLessThan(4);

  const { code, out, err } = await spikegrad([...words, '--seeds', '0,1', '--png'], cwd);
  expect(code, err).toBe(0);
  expect(err).toContain(`4 cells wanted, ${finished} of them finished, ${4 - finished} to train`);
  expect(out).toMatch(/stages\.2\.2\.lif2 /);
  for (const ending of ['md', 'csv', 'json', 'svg', 'png', 'html'])
    expect(existsSync(join(cwd, 'd', `dynamics.${ending}`)), ending).toBe(true);
  const { arms, difference, settings } = study();
  expect(arms.map(({ dynamics, runs }) => [dynamics, runs.map(({ seed }) => seed)])).toEqual([
    ['leak', [0, 1]],
    ['paper', [0, 1]],
  ]);
  expect(settings).not.toHaveProperty('dynamics');
  const [leak, paper] = arms.map(({ runs }) => runs.map(({ testAccuracy }) => testAccuracy));
  const differences = leak!.map((accuracy, i) => accuracy - paper![i]!);
  expect(difference.pairs).toBe(2);
  expect(difference.mean).toBeCloseTo((differences[0]! + differences[1]!) / 2, 12);
  for (const { runs } of arms)
    for (const { view } of runs) expect(view!.rates[0]!.ratePerStep.length).toBe(2);
});

test('a record whose run is gone keeps its accuracy, and how to get the rest is said', async () => {
  const name = records()
    .find((file) => file.includes('-s1-'))!
    .replace(/\.json$/, '');
  rmSync(join(cwd, 'd/runs', name), { recursive: true });
  const { code, err } = await spikegrad(words, cwd);
  expect(code).toBe(1);
  expect(err).toContain(`${name}: finished, but its weights are not here`);
  expect(err).toMatch(/--runs, or delete \S+\.json and give the same command/);
  const views = study().arms.flatMap(({ runs }) => runs.map(({ view }) => view));
  expect(views.length).toBe(4);
  expect(views.filter((view) => view === null).length).toBe(1);
});
