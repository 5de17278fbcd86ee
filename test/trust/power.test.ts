// The short form of `npm run trust:power`, on the built command line: a run on the least helpful disk, other moments
// each time. (Skipped where there are no loop devices.)

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { needsOf } from '../support/needs';

const { missing, note } = needsOf('test/trust/power.test.ts');
const WORDS = '--import tsx bench/trust/power.ts --copies 2 --disks 1 --run-only --dry'.split(' ');

test.skipIf(missing)(
  `what a power loss leaves of a run is gone on with to the same bits, metrics and figures${note}`,
  async () => {
    // a failure's message brings the seed
    const { stdout } = await promisify(execFile)(process.execPath, WORDS);
    expect(stdout).toMatch(/run on ext4.*: [1-9] power losses before drawn ones of \d+ calls, .*same bits/);
  },
  600_000,
);
