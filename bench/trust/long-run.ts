// `npm run long-run`: 20,000 steps of a tiny network in a run folder; memory, handles and files are counted after the
// first epoch and at the end. Nothing may grow but the metrics and the history of epochs.
//
//   --steps N   default 20000
//   --dry       write nothing; without it the outcome goes to bench/results/long-run.json

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { version } from '../../package.json';
import { memory } from '../../src/core/storage';
import { shapes } from '../../src/data/shapes';
import { init } from '../../src/init';
import type { RunSettings } from '../../src/train';
import { performRun } from '../../src/train/node/run';
import { RunFolder } from '../../src/train/node/run/folder';
import { record } from '../record';

const STEPS_PER_EPOCH = 100;
const BATCH = 2;

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '20000' }, dry: { type: 'boolean', default: false } },
});
const epochs = Math.ceil(Number(values.steps) / STEPS_PER_EPOCH);
const settings: RunSettings = {
  dataset: 'shapes',
  limit: BATCH * STEPS_PER_EPOCH,
  arch: 'resnet20-small',
  width: 1,
  timesteps: 1,
  mpr: 3,
  dynamics: 'leak',
  classes: 10,
  channels: 3,
  height: 32,
  imageWidth: 32,
  epochs,
  batch: BATCH,
  lr: 0.05,
  momentum: 0.9,
  weightDecay: 1e-4,
  clip: 5,
  augment: ['crop', 'flip'],
  seed: 1,
};

const folderPath = mkdtempSync(join(tmpdir(), 'spikegrad-long-'));

function count() {
  global.gc?.();
  const { heapUsed, rss, arrayBuffers } = process.memoryUsage();
  const megabytes = (bytes: number) => Math.round(bytes / 1e5) / 10;
  return {
    ...memory(),
    heapMegabytes: megabytes(heapUsed),
    bufferMegabytes: megabytes(arrayBuffers),
    residentMegabytes: megabytes(rss),
    handles: process.getActiveResourcesInfo().length,
    openFiles: existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0,
    files: readdirSync(folderPath).length,
  };
}

await init({ backend: 'wasm', threads: 1, seed: settings.seed });
const started = performance.now();
let first: ReturnType<typeof count> | undefined;
let last: ReturnType<typeof count> | undefined;
let steps = 0;
const train = shapes({ count: BATCH * STEPS_PER_EPOCH, seed: 1 });
const test = shapes({ count: 10, seed: 1, split: 'test' });
const images = { name: train.name, train: train.length, test: test.length };
await performRun(
  {
    folder: await RunFolder.create(folderPath),
    settings,
    surroundings: { version, backend: 'wasm', images },
    train,
    test,
  },
  {
    saveEvery: STEPS_PER_EPOCH,
    onEpoch({ epoch, step }) {
      steps = step;
      last = count();
      if (epoch === 1) first = last; // after what is loaded and compiled once
      if ((epoch + 1) % 20 === 0) console.log(`${step} steps: ${JSON.stringify(last)}`);
    },
  },
);
rmSync(folderPath, { recursive: true, force: true });
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`${steps} steps in ${seconds} s\nfirst ${JSON.stringify(first)}\nlast  ${JSON.stringify(last)}`);
assert.ok(first !== undefined && last !== undefined, 'takes more than two epochs');
for (const name of ['tensors', 'bytes', 'handles', 'openFiles', 'files'] as const)
  assert.equal(last[name], first[name], `${name} went from ${first[name]} to ${last[name]}`);
assert.ok(last.heapMegabytes - first.heapMegabytes < 30, 'the heap grows');
assert.ok(last.residentMegabytes - first.residentMegabytes < 150, 'resident memory grows');
if (!values.dry) record('long-run', { steps, seconds, first, last });
