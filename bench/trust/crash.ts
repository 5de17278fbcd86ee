// `npm run crash-test` (after `npm run build`): runs killed by SIGKILL at random moments, and a disk that fills up.
// After every kill the checkpoint must be whole; every run that is gone on with must end with the bits of an
// undisturbed one.
//
//   --kills N     default 100
//   --seed N      of the moments; default the clock
//   --kills-only  no full disk
//   --dry         write nothing; without it the outcome goes to bench/results/crash.json

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Random } from '../../src/core/random';
import { readCheckpoint } from '../../src/train/node/run/files';
import { record } from '../record';
import { outcome, startTraining } from './tiny';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string' },
    'kills-only': { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = new Random(seed);
const root = mkdtempSync(join(tmpdir(), 'spikegrad-crash-'));
const checkpointOf = (folder: string) => join(folder, 'checkpoint.safetensors');

async function whole(folder: string): Promise<{ milliseconds: number }> {
  const started = performance.now();
  const { code, err } = await startTraining(folder, false).ended;
  assert.equal(code, 0, err);
  return { milliseconds: performance.now() - started };
}

const first = await whole(join(root, 'whole'));
const second = await whole(join(root, 'whole-again'));
// the shorter of two, so that kills come early enough when the machine was busy once
const milliseconds = Math.min(first.milliseconds, second.milliseconds);
const expected = outcome(join(root, 'whole'));
console.log(`an undisturbed run takes ${(milliseconds / 1000).toFixed(1)} s; ${kills} kills, seed ${seed}`);

const seen = { kills: 0, beforeFirstCheckpoint: 0, runs: 0 };
while (seen.kills < kills) {
  const folder = join(root, `run-${seen.runs}`);
  for (;;) {
    const resume = existsSync(checkpointOf(folder));
    const { child, ended } = startTraining(folder, resume);
    const patience = seen.kills < kills ? random.uniform() * milliseconds * 0.6 : 600_000;
    const event = await Promise.race([ended.then(() => 'ended'), sleep(patience, 'killed', { ref: false })]);
    if (event === 'killed') child.kill('SIGKILL');
    const { code, err } = await ended;
    if (code !== null) {
      assert.equal(code, 0, err);
      break;
    }
    seen.kills++;
    if (existsSync(checkpointOf(folder))) await readCheckpoint(checkpointOf(folder));
    else {
      // nothing to go on from: the run is begun again
      seen.beforeFirstCheckpoint++;
      rmSync(folder, { recursive: true, force: true });
    }
    if (seen.kills % 10 === 0) console.log(`${seen.kills} kills, ${seen.runs} runs finished`);
  }
  const { model, metrics } = outcome(folder);
  assert.ok(model.equals(expected.model), `${folder}: other weights than the undisturbed run`);
  assert.equal(metrics, expected.metrics, `${folder}: other metrics than the undisturbed run`);
  seen.runs++;
}
console.log(`${seen.runs} runs ended with the very bits of the undisturbed one`);

/** A disk of one megabyte is filled behind the first checkpoint. */
async function fullDisk(): Promise<string> {
  const disk = join(root, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'pipe' });
  } catch (error) {
    return `not tried, a small disk needs the right to mount: ${String(error).split('\n')[0]}`;
  }
  try {
    const folder = join(disk, 'run');
    const { ended } = startTraining(folder, false);
    while (!existsSync(checkpointOf(folder))) await sleep(5);
    const filler = join(disk, 'filler');
    try {
      for (let i = 0; ; i++) writeFileSync(`${filler}${i}`, Buffer.alloc(4096));
    } catch {
      // full
    }
    const { code, err } = await ended;
    assert.equal(code, 1, err);
    assert.match(err, /cannot write .*: the disk is full; free some space and resume/);
    const { progress } = await readCheckpoint(checkpointOf(folder));
    assert.ok(progress!.step >= 1);
    execFileSync('sh', ['-c', `rm ${filler}*`]);
    assert.equal((await startTraining(folder, true).ended).code, 0);
    assert.ok(outcome(folder).model.equals(expected.model), 'a full disk changed the weights');
    return `stopped at step ${progress!.step} with a clear message, the checkpoint whole; resumed to the same bits`;
  } finally {
    execFileSync('umount', [disk]);
  }
}

const disk = values['kills-only'] ? 'not tried' : await fullDisk();
console.log(`full disk: ${disk}`);
rmSync(root, { recursive: true, force: true });
if (!values.dry) record('crash', { seed, ...seen, disk });
