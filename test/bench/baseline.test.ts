// Two builds in turn: processes whose ratio is known, a busy machine, folders that are no build, and the command
// itself.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { compareBuilds } from '../../bench/peers/against-build';
import { measureBuild, refuseLoad } from '../../bench/peers/baseline';
import { readBuild } from '../../bench/peers/builds';
import { foreign, foreignNow } from '../../bench/peers/load';
import { medianInterval } from '../../bench/peers/statistics';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spikegrad-baseline-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An entrant that takes so many milliseconds of processor time for each repetition. */
function burner(name: string, milliseconds: number, facts = {}): string {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(
    file,
    `import { createInterface } from 'node:readline';
    const spent = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e3; };
    const say = (line) => console.log(JSON.stringify(line));
    say({ ready: ${JSON.stringify(facts)} });
    for await (const line of createInterface({ input: process.stdin })) {
      const before = spent();
      const end = before + JSON.parse(line).repetitions * ${milliseconds};
      while (spent() < end);
      say({ milliseconds: [0], processor: spent() - before, lifetime: spent() });
    }`,
  );
  return file;
}

const plan = { name: 'burner', command: [], job: {}, units: 1, repetitions: 2, warmup: 0 };
const quiet = { budget: 60, underLoad: true, tell: () => undefined };
/** Misses in one of ten thousand runs. */
const surely = (ratios: readonly number[]) => medianInterval(ratios, 0.9999);

describe('two builds in turn', () => {
  test('a build against itself has a ratio of 1, after the fewest alternations that tell', async () => {
    const program = burner('same', 6);
    const { ratios, verdict } = await compareBuilds(
      'same',
      plan,
      { ours: program, baseline: program },
      { ...quiet, budget: 600 },
    );
    expect(ratios.length).toBeGreaterThanOrEqual(15);
    const { low, high } = surely(ratios);
    expect(low).toBeLessThanOrEqual(1);
    expect(high).toBeGreaterThanOrEqual(1);
    expect(verdict).toMatch(/^(the same|faster|slower)$/);
  });

  test('a baseline that takes half as long again has a ratio of 1.5', async () => {
    const sides = { ours: burner('fast', 6), baseline: burner('slow', 9) };
    const { verdict, interval, milliseconds } = await compareBuilds('known', plan, sides, {
      ...quiet,
      budget: 600,
    });
    expect(interval.median).toBeGreaterThan(1.47);
    expect(interval.median).toBeLessThan(1.53);
    expect(verdict).toBe('faster');
    expect(milliseconds.ours).toBeGreaterThanOrEqual(6);
    expect(milliseconds.baseline).toBeGreaterThanOrEqual(9);
  });

  test('it cannot be told when the time is over first', async () => {
    const program = burner('hasty', 1);
    const sides = { ours: program, baseline: program };
    const { verdict, ratios } = await compareBuilds('hasty', plan, sides, { ...quiet, budget: 0 });
    expect(verdict).toBe('cannot be told');
    expect(ratios).toHaveLength(1);
  });

  test('builds that compute another loss are not compared, and a side that fails is named', async () => {
    const one = burner('one', 1, { lossOfFirstImage: 2.3 });
    const other = burner('other', 1, { lossOfFirstImage: 2.5 });
    await expect(compareBuilds('loss', plan, { ours: one, baseline: other }, quiet)).rejects.toThrow(
      /other work: its loss of the first image is 2\.5, ours 2\.3/,
    );
    await expect(
      compareBuilds('gone', plan, { ours: one, baseline: join(folder, 'nothing.mjs') }, quiet),
    ).rejects.toThrow(/^baseline: it ended without a word: .*/s);
  });
});

describe('under load', () => {
  test('a measurement is refused with what to do, and made on a quiet machine', async () => {
    await expect(refuseLoad(async () => 0.8)).rejects.toThrow(
      'other programs keep 0.8 processors busy; wait until they are done, or measure with --under-load',
    );
    await expect(refuseLoad(async () => 0.1)).resolves.toBeUndefined();
  });

  test('a program that computes is seen', async () => {
    const busy = spawn(process.execPath, ['-e', 'for (;;);']);
    try {
      expect(await foreignNow(1)).toBeGreaterThan(0.25);
    } finally {
      busy.kill('SIGKILL');
    }
  });

  test('what the benchmark did itself is no load', () => {
    const before = { busy: 100, clock: 10 };
    const after = { busy: 103, clock: 12 };
    expect(foreign(before, after, 2)).toBe(0.5);
    expect(foreign(before, after, 3.01)).toBe(0);
  });
});

describe('a folder with a build', () => {
  const make = (name: string, files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, path, '..'), { recursive: true });
      writeFileSync(join(folder, name, path), text);
    }
    return join(folder, name);
  };
  const manifest = '{ "name": "spikegrad", "version": "0.0.7" }';

  test('is told by version, commit and the JavaScript in it', () => {
    const unpacked = make('unpacked', { 'package.json': manifest, 'dist/index.js': 'a' });
    const { version, commit, digest } = readBuild(unpacked);
    expect({ version, commit }).toEqual({ version: '0.0.7', commit: undefined });
    expect(digest).toMatch(/^[0-9a-f]{12}$/);
    expect(readBuild(make('copy', { 'package.json': manifest, 'dist/index.js': 'a' })).digest).toBe(digest);
    expect(readBuild(make('change', { 'package.json': manifest, 'dist/index.js': 'b' })).digest).not.toBe(
      digest,
    );
    const git = (...words: string[]) => execFileSync('git', ['-C', unpacked, ...words], { stdio: 'pipe' });
    git('init', '--quiet');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '--message', 'one');
    expect(readBuild(unpacked).commit).toMatch(/^[0-9a-f]{7}$/);
    writeFileSync(join(unpacked, 'package.json'), `${manifest}\n`);
    expect(readBuild(unpacked).commit).toMatch(/^[0-9a-f]{7}\+$/);
  });

  test('is refused where it is another package, not built, or older than its sources', () => {
    expect(() => readBuild(join(folder, 'nowhere'))).toThrow(/no folder of spikegrad/);
    expect(() => readBuild(make('other', { 'package.json': '{ "name": "other" }' }))).toThrow(
      /no folder of spikegrad/,
    );
    const bare = make('bare', { 'package.json': manifest });
    expect(() => readBuild(bare)).toThrow(/not built \(no dist\/index\.js\): npm run build/);
    const stale = make('bare', { 'dist/index.js': '', 'src/index.ts': '' });
    utimesSync(join(stale, 'dist/index.js'), 1, 1);
    expect(() => readBuild(stale)).toThrow(/src\/index\.ts is newer than .*npm run build/);
  });
});

test('a build is measured against itself from the folder alone, and the table says which they are', async () => {
  const said: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text) => said.push(text));
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const run = { folder: '.', groups: ['start'], budget: 1, underLoad: true, name: undefined };
  await measureBuild(run).finally(() => vi.restoreAllMocks());
  const [table] = said;
  expect(table).toMatch(
    /\| a process from its start .* \| process \| .* ms \| .* ms \| x.* \| cannot be told to 1 %/,
  );
  expect(table).toMatch(/- baseline: 0\.1\.0, .*dist [0-9a-f]{12}/);
});
