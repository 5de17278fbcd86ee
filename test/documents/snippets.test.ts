// The TypeScript in README and docs/ runs, and prints what its comments say. In this process, one document after
// another; a document begins without a backend, and its blocks go on with the one that an earlier block has chosen.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { difference } from '../../examples/checker/difference';
import { expectedLines } from '../../examples/checker/expected';
import { setActiveBackend } from '../../src/core/engine';
import { printedBy } from '../support/printed';
import { blocksOf, isRun, programOf, snippets, WORK } from './blocks';

const blocks = snippets();
const started = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'spikegrad-documents-'));
beforeAll(() => {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK, { recursive: true });
  process.chdir(folder); // for what a program saves
});
afterAll(() => {
  process.chdir(started);
  rmSync(folder, { recursive: true, force: true });
});

function printed(name: string, code: string): Promise<string[]> {
  const path = join(WORK, `${name.replaceAll(/\W+/g, '-')}.ts`);
  writeFileSync(path, `${code}export {};\n`);
  return printedBy(path);
}

/** What differs; `…` in a comment stands for whatever differs from run to run. */
function problems(code: string, lines: readonly string[]): string[] {
  const promised = expectedLines(code);
  const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const alike = (line: string, i: number) => {
    const said = promised[i] ?? '';
    return said.includes('…') && new RegExp(`^${said.split('…').map(literal).join('.*')}$`).test(line)
      ? said
      : line;
  };
  return difference(promised, lines.map(alike));
}

describe.each([...new Set(blocks.map(({ document }) => document))])('%s', (document) => {
  beforeAll(() => setActiveBackend(undefined));

  for (const block of blocks.filter((one) => one.document === document)) {
    test(`${block.place} runs and prints what its comments say`, async () => {
      const code = programOf(block, blocks);
      expect(problems(code, await printed(block.place, code)).join('\n')).toBe('');
    });
  }
});

describe('a block', () => {
  const fence = '```';
  const one = (info: string, code = 'a') => blocksOf('a.md', `x\n\n${fence}${info}\n${code}\n${fence}\n`)[0]!;

  test('is found with its place, language and mark', () => {
    expect(one('ts no-run: needs a GPU')).toEqual({
      place: 'a.md:4',
      document: 'a.md',
      language: 'ts',
      mark: 'no-run: needs a GPU',
      code: 'a\n',
    });
    expect(() => blocksOf('a.md', `${fence}ts\na`)).toThrow('a.md:1: the block has no end');
  });

  test('is left alone for a reason only', () => {
    expect(isRun(one('ts'))).toBe(true);
    expect(isRun(one('ts no-run: needs a GPU'))).toBe(false);
    for (const mark of ['ts no-run', 'ts no-run:', 'ts norun: x'])
      expect(() => isRun(one(mark))).toThrow('is no mark');
  });

  test('that prints something else, or more than it says, is found', () => {
    expect(problems('log(1); // → 1\n', ['1'])).toEqual([]);
    expect(problems('log(1); // → 2\n', ['1'])).toEqual(['- 2', '+ 1']);
    expect(problems('log(1);\n', ['1'])).toEqual(['+ 1']);
    expect(problems('log(1); // → took … ms\n', ['took 3 ms'])).toEqual([]);
    expect(problems('log(1); // → took … ms\n', ['took 3 s'])).not.toEqual([]);
  });
});
