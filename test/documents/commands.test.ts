// The shell lines of README and docs/: each `spikegrad` runs, small, in one folder from the first document to the
// last; what else is shown exists.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { spikegrad } from '../cli/spikegrad';
import { allBlocks, isRun } from './blocks';
import { commandsOf, small, spikegradWords, wrongIn } from './commands';
import { provide } from './world';

const blocks = allBlocks().filter((block) => /^(sh|bash|shell)$/.test(block.language) && isRun(block));
const folder = mkdtempSync(join(tmpdir(), 'spikegrad-commands-'));
const run = new Set<string>();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(blocks)('$place', ({ code }) => {
  test.each(commandsOf(code))('%s', async (command) => {
    const words = spikegradWords(command);
    if (words === undefined) {
      expect(wrongIn(command)).toBeUndefined();
      return;
    }
    if (run.has(command)) return; // in an earlier document
    run.add(command);
    if (!(await provide(folder, words))) return;
    const { code: ended, err } = await spikegrad(small(words), folder);
    expect(ended, err).toBe(0);
  });
});

describe('a shell line', () => {
  test('is cut into commands without remarks', () => {
    expect(
      commandsOf('npm ci && npm start   # trains\n# alone\nnpx spikegrad train \\\n  --out "a b"\n'),
    ).toEqual(['npm ci', 'npm start', 'npx spikegrad train --out "a b"']);
    expect(spikegradWords('npx spikegrad train --out "a b"')).toEqual(['train', '--out', 'a b']);
    expect(spikegradWords('npm ci')).toBeUndefined();
  });

  test('that names what is not there, or that nobody knows, is found', () => {
    for (const right of [
      'npm ci',
      'npm start',
      'npm run docs',
      'npx tsx examples/01-autograd.ts',
      'git clone x',
    ])
      expect(wrongIn(right)).toBeUndefined();
    for (const wrong of [
      'npm run wibble',
      'npx tsx examples/00.ts',
      'node nowhere.mjs',
      'wibble --all',
      'npx wibble',
    ])
      expect(wrongIn(wrong)).toMatch(/there is no|nobody knows/);
    expect(() => small(['wibble'])).toThrow('has no small form');
  });
});
