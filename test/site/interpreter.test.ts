// Programs that readers write: what goes wrong in them is told with its line, and what they print can be read.

import { describe, expect, test } from 'vitest';
import { failureOf } from '../../docs/site/page/failure';
import { runCells } from '../../docs/site/page/interpreter';
import { MOST_CHARACTERS, MOST_LINES, told } from '../../docs/site/page/messages';
import { wordsOf } from '../../docs/site/page/words';
import * as spikegrad from '../../src/index';

const failed = async (...cells: string[]) => {
  try {
    await runCells(cells, { spikegrad });
  } catch (error) {
    return failureOf(error);
  }
  return 'nothing';
};

describe('a program that goes wrong is told', () => {
  test.each([
    ["import { x } from 'nowhere';\nx;", 'line 1 of the program: there is no nowhere here, only spikegrad'],
    [
      "import { liff } from 'spikegrad';\n\nliff();",
      'line 3 of the program: spikegrad has no liff; did you mean lif?',
    ],
    ['const a = 1;\na.b.c;', "line 2 of the program: Cannot read properties of undefined (reading 'c')"],
    ['const a = 1;\nb = a +', 'line 2 of the program: Unexpected token'],
    ['const = 1', 'line 1 of the program: Unexpected token'],
    ['type A = number;\nconst a: A = 1;\nthrow new Error("a is " + a);', 'line 3 of the program: a is 1'],
    ["throw 'words'", 'words'],
    ["import { ENERGY } from 'spikegrad';\nENERGY();", 'line 2 of the program: ENERGY is not a function'],
    [
      "import { init, lif, tensor } from 'spikegrad';\nawait init({ precision: 'f64' });\nlif(tensor([1]), { taus: 1 });",
      "line 3 of the program: lif: has no option 'taus'; did you mean tau?",
    ],
  ])('%j', async (program, words) => {
    expect(await failed(program)).toContain(words);
  });

  test('and by its check without a line, which would be one of the check', async () => {
    const check =
      "import { answer } from './exercise';\nif (answer() !== 1) throw new Error('it should be 1');";
    expect(await failed('export const answer = () => 2;', check)).toBe('it should be 1');
    expect(await failed('export const answer = () => {\n  throw new Error("mine");\n};', check)).toBe(
      'line 2 of the program: mine',
    );
    expect(await failed('export const other = 1;', check)).toBe(
      'the program exports no answer, which its check asks for',
    );
  });
});

test('a printed value reads as in Node, and is cut where it has no end', () => {
  const circle: Record<string, unknown> = { name: 'a' };
  circle.self = circle;
  const words = [
    [['a', 1, -0], "[ 'a', 1, -0 ]"],
    [[], '[]'],
    [{}, '{}'],
    [{ a: [1, 'b'], c: undefined }, "{ a: [ 1, 'b' ], c: undefined }"],
    [new Float32Array([0.5, 1]), '[ 0.5, 1 ]'],
    [new Map([['a', 1]]), "Map { 'a' => 1 }"],
    [new Set([1, 2]), 'Set { 1, 2 }'],
    [new RangeError('far'), 'RangeError: far'],
    [spikegrad.lif, '[lif]'],
    [1n, '1n'],
    [null, 'null'],
    [new spikegrad.Random(1), /^Random \{/],
    [new Array(150).fill(0), /, … 50 more \]$/],
    [circle, /^\{ name: 'a', self: .*…/],
  ] as const;
  for (const [value, read] of words)
    if (typeof read === 'string') expect(wordsOf(value)).toBe(read);
    else expect(wordsOf(value)).toMatch(read);
});

test('who prints without end is cut short, and a long line too', () => {
  expect(told('a', MOST_LINES - 1)).toBe('a');
  expect(told('a', MOST_LINES)).toBe('… (more is not shown)');
  expect(told('a', MOST_LINES + 1)).toBeUndefined();
  expect(told('a'.repeat(MOST_CHARACTERS + 1), 0)).toHaveLength(MOST_CHARACTERS + 2);
  const picture = `<svg>${' '.repeat(MOST_CHARACTERS)}</svg>`;
  expect(told(picture, 0)).toBe(picture);
});
