// The command itself, in a copy of the files that a release changes, with an npm that does nothing but say what it was
// asked for, or fail at it.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FILES } from '../../.ci/release/texts';

const folder = mkdtempSync(join(tmpdir(), 'spikegrad-release-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs it to its end. @param fails the word of npm's command that fails */
function release(fails: string): { code: number | null; said: string; changed: string[] } {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const npm = join(folder, 'bin/npm');
  writeFileSync(npm, `#!/bin/sh\nfor word in "$@"; do [ "$word" = ${fails} ] && exit 1; done\nexit 0\n`);
  chmodSync(npm, 0o755);
  for (const file of FILES) copyFileSync(file, join(folder, file));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve('node_modules/tsx/dist/cli.mjs'), resolve('.ci/release/index.ts'), '99.0.0', '--write'],
    {
      cwd: folder,
      encoding: 'utf8',
      // nothing of the repository around: git finds none
      env: {
        ...process.env,
        PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
        GIT_DIR: join(folder, 'none'),
      },
    },
  );
  const isOther = (file: string) => readFileSync(file, 'utf8') !== readFileSync(join(folder, file), 'utf8');
  return { code: status, said: stdout + stderr, changed: FILES.filter(isOther) };
}

test('a release tests, writes, packs and makes the site, in this order, and tells what is left', () => {
  const { code, said, changed } = release('nothing');
  expect(said).toMatch(/> npm test\n> npm pack\n> npm run site\n.*npm publish spikegrad-99\.0\.0\.tgz/s);
  expect(code).toBe(0);
  expect(changed).toEqual([...FILES]);
});

test.each(['test', 'pack', 'site'])('where %s fails, all files are as before', (step) => {
  const { code, said, changed } = release(step);
  expect(said).toMatch(/release: npm .* failed/);
  expect([code, changed]).toEqual([1, []]);
});
