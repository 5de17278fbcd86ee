// The short form of `npm run crash-test`, on the built command line: three kills at drawn moments, other ones each
// time.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const WORDS = '--import tsx bench/trust/crash.ts --kills 3 --kills-only --dry'.split(' ');

test('runs killed at drawn moments and gone on with end with the bits of an undisturbed one', async () => {
  // a failed run's message brings its output, and with it the seed
  const { stdout } = await promisify(execFile)(process.execPath, WORDS);
  expect(stdout).toMatch(/3 kills, seed \d+/);
  expect(stdout).toMatch(/[1-3] runs ended with the very bits of the undisturbed one/);
}, 600_000);
