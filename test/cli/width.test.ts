// What a person sees in a terminal of 80 columns: every help, and every line of a real run and of what is done with it.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { version } from '../../package.json';
import { type Result, spikegrad } from './spikegrad';

/** Lines that are too wide, but for a single word such as a path. */
function tooWide(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.length > 80 && line.trim().includes(' ') && !/^(model|report) /.test(line));
}

let cwd: string;
const in80 = (words: string, env = {}) =>
  spikegrad(words.split(' ').filter(Boolean), cwd, { COLUMNS: undefined, ...env });
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'spikegrad-width-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test.each([
  ...[
    '',
    'train',
    'eval',
    'predict',
    'inspect',
    'export',
    'info',
    'worker',
    'data',
    'data download',
    'paper',
  ],
  ...['table1', 'figure2', 'figure3', 'gradients', 'dynamics'].map((name) => `paper ${name}`),
])('the help of "%s" fits 80 columns', async (command) => {
  const { out, code } = await in80(`${command} --help`);
  expect(code).toBe(0);
  expect(out.length).toBeGreaterThan(100);
  expect(tooWide(out)).toEqual([]);
});

describe('a run that learns nothing', () => {
  const TINY = '--dataset shapes --width 2 --timesteps 2 --limit 40 --batch 16 --epochs 2 --lr 0.00001';
  let run: Result;
  beforeAll(async () => {
    run = await in80(`train ${TINY} --out run`);
    expect(run.code, run.err).toBe(0);
  });

  test('has no line that is too wide, and one for each thing it does', () => {
    expect(tooWide(run.err + run.out)).toEqual([]);
    expect(run.err).toMatch(/^epoch 1\/2 .* %.* %.*\d+s +\d+s +[\d.]+$/m); // the sixth column is the time left
    expect(run.err).toMatch(
      /epoch 2\/2 .*\nlooking at the layers on 40 test images.*\n(layers .*\n)*waiting for images: .*\nmodel/,
    );
    expect(run.err + run.out).not.toMatch(/vkCreate|\?/);
  });

  test('says so in its last lines, once, with what to try', () => {
    expect(run.err.match(/no better than chance/g)).toHaveLength(1);
    expect(run.err.match(/silent/g)?.length ?? 0).toBeLessThanOrEqual(1);
    const last = run.err.trim().split('\n').slice(-8).join(' ');
    expect(last).toMatch(
      /no better than chance: .* guessing gives 10\.0 %.* try --lr 0\.1 --epochs 8 --limit 4000$/,
    );
  });

  test('has its version, date, backend, time and images a second in report and summary', () => {
    const read = (name: string) => readFileSync(join(cwd, 'run', name), 'utf8');
    const { making, advice } = JSON.parse(read('summary.json'));
    expect(making).toMatchObject({
      version,
      backend: expect.stringMatching(/^wasm backend, .*SIMD, \d+ thread/),
    });
    expect(Date.now() - Date.parse(making.finished)).toBeLessThan(600_000);
    expect(making.imagesPerSecond).toBeGreaterThan(0);
    expect(making.waiting.share).toBeGreaterThan(0);
    expect(making.waiting.share).toBeLessThan(1);
    expect(advice).toMatch(/^try /);
    const page = read('report.html');
    for (const words of [
      version,
      making.backend,
      making.finished.slice(0, 10),
      'images a second',
      'waiting for images',
      'no better than chance',
    ])
      expect(page, words).toContain(words);
  });

  test('is evaluated with a word before each part, figures of classes and energy', async () => {
    const { out, err, code } = await in80('eval --checkpoint run/model.safetensors --limit 20 --batch 7');
    expect(code).toBe(0);
    expect(tooWide(out + err)).toEqual([]);
    expect(err).toMatch(/^testing on 20 images of shapes\nlooking at the layers on 20 images\n/);
    expect(out).toMatch(/^disc +2 +\d+\.\d %/m);
    expect(out).toMatch(/energy of one image [\d,]+ nJ/);
  });

  test('is inspected and exported into a folder that is made, as pictures are', async () => {
    const inspected = await in80('inspect --checkpoint run/model.safetensors');
    expect(tooWide(inspected.out)).toEqual([]);
    const exported = await in80('export --checkpoint run/model.safetensors --onnx new/folder/net.onnx');
    expect(exported.code, exported.err).toBe(0);
    expect(tooWide(exported.out + exported.err)).toEqual([]);
    const drawn = await in80('paper figure2 --out other/folder/f.svg');
    expect(drawn.code).toBe(0);
    expect(tooWide(drawn.out)).toEqual([]);
  });
});

test('info fits 80 columns, and a driver that does not load is told in our words', async () => {
  writeFileSync(
    join(cwd, 'broken.json'),
    '{"file_format_version":"1.0.0","ICD":{"library_path":"/nowhere.so","api_version":"1.0.0"}}',
  );
  for (const VK_DRIVER_FILES of ['/nowhere.json', join(cwd, 'broken.json')]) {
    const { out, err, code } = await in80('info', { VK_DRIVER_FILES, VK_ICD_FILENAMES: undefined });
    expect(code).toBe(0);
    expect(tooWide(out)).toEqual([]);
    expect(err).toBe('');
    expect(out).toMatch(/^gpu /m);
  }
});

test('a network that no memory holds is refused with what to do, and nothing is left of the run', async () => {
  const { err, code } = await in80('train --dataset shapes --width 100000 --limit 8 --out wide');
  expect(code).toBe(1);
  expect(err).toMatch(/^error: [\s\S]*memory[\s\S]*--width/);
  expect(err).not.toMatch(/report it|\n\s+at /);
  expect(existsSync(join(cwd, 'wide'))).toBe(false);
  expect(existsSync(join(cwd, 'run'))).toBe(true);
});
