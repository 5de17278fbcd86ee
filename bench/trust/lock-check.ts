// `npx tsx bench/trust/lock-check.ts [folder]`: what a run pays at each step for making sure that its folder is still
// its own, beside a step of the smallest network that this library trains and of the usual one. By processor time,
// since others may be at work. The outcome goes to bench/results/lock-check.json.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shapes } from '../../src/data/shapes';
import { takeLock } from '../../src/disk/lock';
import { init } from '../../src/init';
import { buildNetwork, runSettings, Trainer, trainingSettings } from '../../src/train';
import { record } from '../record';

const CHECKS = 20_000;
/** Before a line of metrics, and again when its file is open. */
const CHECKS_A_STEP = 2;

const spent = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Microseconds; the least of several rounds. */
async function microsecondsOfCheck(): Promise<number> {
  const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'spikegrad-lock-'));
  const lock = await takeLock(join(folder, 'lock.json'));
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const before = spent();
    for (let i = 0; i < CHECKS; i++) lock.check();
    least = Math.min(least, (spent() - before) / CHECKS);
  }
  await lock.release();
  rmSync(folder, { recursive: true });
  return least;
}

async function microsecondsOfStep(width: number, batch: number): Promise<number> {
  await init({ backend: 'wasm', threads: 1, seed: 1 });
  const images = shapes({ count: 20 * batch, seed: 1 });
  const settings = runSettings({ dataset: 'shapes', width, batch, epochs: 1 }, images);
  const trainer = new Trainer(buildNetwork(settings), images, trainingSettings(settings));
  let last = 0;
  let least = Number.POSITIVE_INFINITY;
  await trainer.run({
    onStep({ step }) {
      if (step > 3) least = Math.min(least, spent() - last); // compiled
      last = spent();
    },
  });
  return least;
}

const check = await microsecondsOfCheck();
const steps = {
  'width 2, batch 8': await microsecondsOfStep(2, 8),
  'width 16, batch 16': await microsecondsOfStep(16, 16),
};
const outcome = {
  microsecondsOfCheck: check,
  checksOfStep: CHECKS_A_STEP,
  microsecondsOfStep: steps,
  percentOfStep: Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [name, (100 * CHECKS_A_STEP * check) / step]),
  ),
};
console.log(outcome);
record('lock-check', outcome);
process.exit(0);
