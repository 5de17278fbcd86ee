// The course in Node, by the interpreter of the page: programs print what their comments say, exercises fail as they
// are given and pass on the solution.

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { anchorOf } from '../../docs/site/markdown';
import { runCells } from '../../docs/site/page/interpreter';
import { wordsOf } from '../../docs/site/page/words';
import { expectedLines } from '../../examples/checker/expected';
import * as spikegrad from '../../src/index';
import * as testing from '../../src/testing/index';
import { chapters, picturesOf } from './course';

const modules = { spikegrad, 'spikegrad/testing': testing };
const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, 'log').mockImplementation((...values) => {
    printed.push(...values.map(wordsOf).join(' ').split('\n'));
  });
});
afterEach(() => vi.restoreAllMocks());

const all = chapters();

test('every chapter stands in the list, in order', () => {
  const index = readFileSync('docs/course/README.md', 'utf8');
  const listed = [...index.matchAll(/^\d+\. \[[^\]]+\]\((\d[^)]+)\)/gm)].map(([, name]) => name);
  expect(all.map(({ source }) => source.replace('docs/course/', ''))).toEqual(listed);
  expect(all.length).toBeGreaterThan(10);
});

test('every question of the list has its place in a chapter, with a guess in front of its first program', () => {
  const index = readFileSync('docs/course/README.md', 'utf8');
  const asked = [...index.matchAll(/^- \[[^\]]+\]\(([^#)]+)#([^)]+)\)/gm)];
  expect(asked).toHaveLength(15);
  const places = asked.map(([, file, anchor]) => {
    const sections = readFileSync(`docs/course/${file}`, 'utf8').split(/^(?=## )/m);
    return { anchor, text: sections.find((one) => anchorOf(one.split('\n')[0]!.slice(3)) === anchor) };
  });
  const wrong = places.filter(({ text }) => !/^## .+\n\n> \*\*A guess\.\*\* \S/.test(text ?? ''));
  expect(wrong.map(({ anchor }) => anchor)).toEqual([]);
  expect(new Set(asked.map(([, file]) => file)).size).toBe(10); // and the last chapter is the reader's own
});

test('every chapter has pictures beside its numbers', () => {
  const bare = all.filter(({ programs }) => !programs.some(({ code }) => picturesOf(code) > 0));
  expect(bare.map(({ source }) => source)).toEqual([]);
});

describe.each(all)('$source', ({ programs, exercise: { text, check, solution } }) => {
  test.each(programs)('$place prints what its comments say', async ({ code }) => {
    await runCells([code], modules);
    const lines = printed.filter((line) => !line.startsWith('<svg')).map((line) => line.trimEnd());
    expect(lines).toEqual(expectedLines(code));
  });

  test('the exercise fails as it is given, and passes on the solution', async () => {
    await expect(runCells([text, check], modules)).rejects.toThrow(/\S.{10}/);
    await runCells([solution, check], modules);
  });
});
