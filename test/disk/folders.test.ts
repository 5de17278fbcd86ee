// A folder of a name that nobody has.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeOwnFolder } from '../../src/disk/folders';

test('a folder that is taken gets a number, also where many are wanted at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spikegrad-own-'));
  try {
    const path = join(folder, 'runs', 'shapes-2026-11-30-120000');
    const made = await Promise.all(Array.from({ length: 5 }, () => makeOwnFolder(path)));
    expect(made.sort()).toEqual([path, ...[2, 3, 4, 5].map((number) => `${path}-${number}`)]);
    mkdirSync(`${path}-6`);
    expect(await makeOwnFolder(path)).toBe(`${path}-7`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
