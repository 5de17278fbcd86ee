// The packed package in CommonJS under Jest, whose sandbox has no import(): jest/user.js as a user's test file, run
// with two versions. Each is fetched once into .cache, since few need them.

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetched, pack } from './packed';

const VERSIONS = ['29.7.0', '30.5.2'];
const H5WASM = 'h5wasm@0.10.3';

const folder = mkdtempSync(join(tmpdir(), 'spikegrad-jest-'));
let packed: string;
beforeAll(() => {
  packed = pack(join(folder, 'packed')).path;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(VERSIONS)('a test file in CommonJS passes under Jest %s, which ends by itself', (version) => {
  const project = fetched(`jest@${version}`, H5WASM);
  const installed = join(project, 'node_modules/spikegrad');
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(installed);
  execFileSync('tar', ['-xzf', packed, '-C', installed, '--strip-components=1']);
  copyFileSync('test/package/jest/user.js', join(project, 'spikegrad.test.js'));
  // Node says that it knows no import() in there, unless it is told to have one
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status, stderr, error } = spawnSync(
    process.execPath,
    ['node_modules/jest/bin/jest.js', '--ci', '--testTimeout=60000'],
    { cwd: project, env, encoding: 'utf8', timeout: 150_000 },
  );
  expect(error).toBeUndefined();
  expect(status, stderr).toBe(0);
  expect(stderr).toContain('Tests:       3 passed, 3 total');
  expect(stderr).not.toMatch(/did not exit|force exited|failed to exit/);
});
