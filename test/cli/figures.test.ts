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
    const words = '--k 3 --vth 1 --surrogate triangular --width 2 --json'.split(' ');
    const { code, out, err } = await run('paper', 'figure2', ...words);
    expect(code, err).toBe(0);
    const { rows, vth, files } = JSON.parse(out) as { rows: { k: number }[]; vth: number; files: string[] };
    expect(rows.map(({ k }) => k)).toEqual([3]);
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
      if (name.startsWith('@resvg/')) throw Object.assign(new Error(name), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    };`;
    const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
    const loader = url(`import { register } from 'node:module'; register(${JSON.stringify(url(hook))});`);
    process.env.NODE_OPTIONS = `--import ${loader}`;
    const { code, err } = await run('paper', 'figure2', '--png', '--out', 'none.svg').finally(() => {
      delete process.env.NODE_OPTIONS;
    });
    expect(err).toBe(
      'error: --png: needs the package @resvg/resvg-js: run `npm i @resvg/resvg-js`, or leave --png out\n',
    );
    expect(code).toBe(1);
    expect(existsSync(join(cwd, 'none.svg'))).toBe(false);
  });
});
