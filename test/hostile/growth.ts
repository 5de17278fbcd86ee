// Holds that reading takes time in proportion: timed on a file and on one eight times as large, by processor time,
// the least of several. In proportion is 8, by the square 64, and 32 is refused. Not a test itself.

import { expect } from 'vitest';

/** Least seconds of processor of several readings. */
async function seconds(read: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const before = process.cpuUsage();
    await read();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}

/** @param reading makes a file of a size, and gives what reads it */
export async function expectLinear(
  reading: (size: number) => (() => unknown) | Promise<() => unknown>,
  size: number,
): Promise<void> {
  const [once, eightfold] = [await reading(size), await reading(8 * size)];
  await once(); // compiled
  let ratio = Number.POSITIVE_INFINITY;
  // on a busy machine a measurement may be off; one by the square is never in proportion
  for (let tries = 0; ratio >= 32 && tries < 4; tries++)
    ratio = (await seconds(eightfold)) / Math.max(await seconds(once), 5e-4);
  expect(ratio).toBeLessThan(32);
}
