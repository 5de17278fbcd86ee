// The figures of the paper from the command line: files that are there, numbers that are printed, errors that help.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { named, parsePicture } from '../plot/markup';
import { spikegrad } from './spikegrad';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'spikegrad-figures-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...words: string[]) => spikegrad(words, cwd);
const read = (name: string) => readFileSync(join(cwd, name), 'utf8');

/** Width and height in the header of a PNG. */
function pngSize(name: string): [number, number] {
  const bytes = readFileSync(join(cwd, name));
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

/** Twice the size of the SVG beside it. */
function doubled(name: string): [number, number] {
  const { width, height } = named(parsePicture(read(name).trim()), 'svg')[0]!.attributes;
  return [2 * Number(width), 2 * Number(height)];
}

describe('paper figure2', () => {
  test('writes the picture, a PNG of twice its size, and prints a row for each k', async () => {
    const { code, out, err } = await run('paper', 'figure2', '--k', '2,4', '--out', 'in/curves.svg', '--png');
    expect(code, err).toBe(0);
    expect(out).toMatch(/^2\b.*\n4\b.*1\.0000$/m);
    expect(read('in/curves.svg')).toContain('>k = 4</text>');
    expect(pngSize('in/curves.png')).toEqual(doubled('in/curves.svg'));
  });

  test('gives its numbers as JSON, for another threshold and surrogate too', async () => {
    const words = '--k 3,5..6 --vth 1 --surrogate triangular --width 2 --json'.split(' ');
    const { code, out, err } = await run('paper', 'figure2', ...words);
    expect(code, err).toBe(0);
    const { rows, vth, files } = JSON.parse(out) as { rows: { k: number }[]; vth: number; files: string[] };
    expect(rows.map(({ k }) => k)).toEqual([3, 5, 6]);
    expect(vth).toBe(1);
    expect(files.map((file) => existsSync(file))).toEqual([true]);
  });

  test.each([
    ['--k 0', /Expected a number > 0/],
    ['--k 3,3', /given twice/],
    ['--surrogate arctan --width 1', /--width is for rectangular and triangular/],
    ['--out curves.pdf', /ends in \.svg/],
  ])('"%s" is wrong usage and writes nothing', async (words, message) => {
    const before = readdirSync(cwd);
    const { code, err } = await run('paper', 'figure2', ...words.split(' '));
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(readdirSync(cwd)).toEqual(before);
  });

  test('--png without its package says what to install, before anything is written', async () => {
    const hook = `export const resolve = (name, context, next) => {
      if (name.startsWith('@resvg/')) throw new Error("Cannot find package '" + name + "'");
      return next(name, context);
    };`;
    const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
    const loader = url(`import { register } from 'node:module'; register(${JSON.stringify(url(hook))});`);
    const words = ['paper', 'figure2', '--png', '--out', 'none.svg'];
    const { code, err } = await spikegrad(words, cwd, { NODE_OPTIONS: `--import ${loader}` });
    expect(err).toBe(
      'error: --png: needs the package @resvg/resvg-js: run `npm i @resvg/resvg-js`, or leave --png out\n',
    );
    expect(code).toBe(1);
    expect(existsSync(join(cwd, 'none.svg'))).toBe(false);
  });
});

describe('paper figure3', () => {
  beforeAll(async () => {
    const words =
      'train --dataset shapes --width 2 --timesteps 2 --limit 16 --batch 8 --epochs 1 --backend wasm --threads 1'.split(
        ' ',
      );
    for (const arm of ['3', 'none']) {
      const { code, err } = await run(...words, '--mpr', arm, '--out', `arm-${arm}`);
      expect(code, err).toBe(0);
    }
  });

  const figure3 = (...words: string[]) =>
    run(
      'paper',
      'figure3',
      '--images',
      '12',
      '--batch',
      '5',
      '--backend',
      'wasm',
      '--threads',
      '1',
      ...words,
    );
  const both = ['--checkpoint', 'arm-3', '--baseline', 'arm-none/model.safetensors'];

  test("writes picture, PNG and page, and prints both forms of the error beside the paper's", async () => {
    const { code, out, err } = await figure3(...both, '--png', '--html');
    expect(code, err).toBe(0);
    expect(out).toMatch(/H, before rectification +\d\.\d{3} +\d\.\d{3} +-\n/);
    expect(out).toMatch(/Ĥ, after +\d\.\d{3} +\d\.\d{3} +0\.053\n/);
    expect(out).toMatch(/no MPR +H +\d\.\d{3} +\d\.\d{3} +0\.216\n/);
    expect(out).toContain('on 12 images');
    expect(read('figure3.svg')).toContain('Membrane potentials in stages.0.0.lif2');
    expect(pngSize('figure3.png')).toEqual(doubled('figure3.svg'));
    expect(read('figure3.html')).toContain('Average quantization error');
  });

  test('draws the same picture again, and another one for another layer', async () => {
    const draw = async (...words: string[]) => {
      const { code, out, err } = await figure3(...both, '--json', '--out', 'again.svg', ...words);
      expect(code, err).toBe(0);
      return {
        svg: read('again.svg'),
        output: JSON.parse(out) as { layer: string; networks: { mpr: number | null }[] },
      };
    };
    const first = await draw();
    expect(first.output.networks.map(({ mpr }) => mpr)).toEqual([3, null]);
    expect((await draw('--batch', '12')).svg).toBe(first.svg);
    const other = await draw('--layer', 'stem.0.lif');
    expect(other.output.layer).toBe('stem.0.lif');
    expect(other.svg).not.toBe(first.svg);
  });

  test.each([
    [['--checkpoint', 'arm-3', '--layer', 'lif7'], /no neuron layer lif7; it has stem\.0\.lif, stages/],
    [['--checkpoint', 'arm-none'], /expects a network trained with MPR/],
    [['--checkpoint', 'arm-3', '--baseline', 'arm-3'], /expects a baseline trained without MPR/],
    [['--checkpoint', 'nothing'], /no file nothing/],
  ])('%j fails with one line and writes nothing', async (words, message) => {
    const before = readdirSync(cwd);
    const { code, err } = await figure3(...words);
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
    expect(readdirSync(cwd)).toEqual(before);
  });
});
