// The Python of the tests that hold files to the packages which define them: the environment that .ci/python.mjs makes,
// or another with those packages, named by SPIKEGRAD_PYTHON.

import { existsSync } from 'node:fs';

const path = process.env.SPIKEGRAD_PYTHON ?? '.cache/python/bin/python';
const missing = !existsSync(path);

export const python = {
  path,
  missing,
  /** For the title of a suite. */
  note: missing ? ` (skipped: no ${path}; node .ci/python.mjs makes it)` : '',
};
