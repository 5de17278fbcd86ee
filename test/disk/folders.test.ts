// A name for a folder that nobody has.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { untaken } from '../../src/disk/folders';

test('a folder that is taken gets a number, and so does the next', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spikegrad-untaken-'));
  try {
    const path = join(folder, 'shapes-2026-11-30-120000');
    expect(untaken(path)).toBe(path);
    mkdirSync(path);
    expect(untaken(path)).toBe(`${path}-2`);
    mkdirSync(`${path}-2`);
    expect(untaken(path)).toBe(`${path}-3`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
