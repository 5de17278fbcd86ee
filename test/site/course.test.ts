// The course in Node, by the interpreter of the page: programs print what their comments say, exercises fail as they
// are given and pass on the solution.

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCells } from '../../docs/site/page/interpreter';
import { wordsOf } from '../../docs/site/page/messages';
import { expectedLines } from '../../examples/checker/expected';
import * as spikegrad from '../../src/index';
import * as testing from '../../src/testing/index';
import { chapters } from './course';

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

test('a program imports what there is, and is told what there is', async () => {
  await expect(runCells(["import { x } from 'nowhere'; x;"], modules)).rejects.toThrow(
    'there is no nowhere here, only spikegrad, spikegrad/testing',
  );
  await expect(runCells(["import { liff } from 'spikegrad'; liff();"], modules)).rejects.toThrow(
    'spikegrad has no liff',
  );
  await expect(runCells(['const = 1'], modules)).rejects.toThrow(SyntaxError);
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
