// `npm run trust:cluster` (after `npm run build`; needs redis-server): a grid through a queue on loopback, with workers
// that are killed by SIGKILL and replaced, and a Redis server that is killed and started again. At the end every cell
// must be there once, with every step once and the numbers of an undisturbed grid.
//
//   --workers N   at work at any time; default 10
//   --kill N      workers killed each time; default 2
//   --every N     seconds between two kills; default 60
//   --restarts N  of Redis, one after every second kill; default 2
//   --cells N     default 20
//   --epochs N    of each cell; default 200
//   --seed N      of who is killed; default the clock
//   --dry         write nothing; without it the outcome goes to bench/results/cluster.json

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Random } from '../../src/core/random';
import { computed, recordsIn, stepsIn } from '../../test/cli/records';
import { freePort, startRedis } from '../../test/support/redis';
import { record } from '../record';
import { type Running, startCommand } from './tiny';

const number = (value: number) => ({ type: 'string', default: String(value) }) as const;
const { values } = parseArgs({
  options: {
    workers: number(10),
    kill: number(2),
    every: number(60),
    restarts: number(2),
    cells: number(20),
    epochs: number(200),
    seed: number(Date.now() % 2 ** 31),
    dry: { type: 'boolean', default: false },
  },
});
const [workers, kill, every, restarts, cells, epochs, seed] = [
  ...[values.workers, values.kill, values.every, values.restarts, values.cells, values.epochs],
  values.seed,
].map(Number) as [number, number, number, number, number, number, number];
const random = new Random(seed);
const root = mkdtempSync(join(tmpdir(), 'spikegrad-cluster-'));
const [out, runs, alone] = ['asked', 'runs', 'alone'].map((name) => join(root, name)) as [
  string,
  string,
  string,
];
const seeds = Array.from({ length: cells }, (_, i) => i).join();
const GRID = `paper table1 --dataset shapes --width 2 --timesteps 1 --limit 16 --batch 8 --epochs ${epochs} --lr 0.05 --mpr 3 --seeds ${seeds}`;

const port = await freePort();
// what it has said is on the disk: a server that starts again knows its queue
const serve = () => startRedis('--port', String(port), '--dir', root, '--appendonly', 'yes');
let redis = await serve();
const url = `redis://127.0.0.1:${port}`;
const asked = startCommand(`${GRID} --queue ${url} --out ${out}`.split(' '));
const startWorker = () =>
  startCommand(`worker --queue ${url} --runs ${runs} --lease 10 --backend wasm --threads 1`.split(' '));
const working: Running[] = Array.from({ length: workers }, startWorker);
const seen = { killed: 0, restarts: 0 };
console.log(`${cells} cells, ${workers} workers, seed ${seed}`);

for (let turn = 1; ; turn++) {
  const event = await Promise.race([asked.ended, sleep(every * 1000, 'kill' as const, { ref: false })]);
  if (event !== 'kill') break;
  for (let i = 0; i < kill; i++) {
    const [victim] = working.splice(Math.floor(random.uniform() * working.length), 1);
    victim!.child.kill('SIGKILL');
    working.push(startWorker());
    seen.killed++;
  }
  if (turn % 2 === 0 && seen.restarts < restarts) {
    await redis.stop();
    redis = await serve();
    seen.restarts++;
  }
  console.log(`${seen.killed} workers killed, Redis restarted ${seen.restarts} times`);
}
const { code, err } = await asked.ended;
for (const { child } of working) child.kill('SIGTERM');
await Promise.all(working.map(({ ended }) => ended));
await redis.stop();
assert.equal(code, 0, err);
assert.ok(seen.restarts === restarts, `the grid was finished after ${seen.restarts} restarts: more --epochs`);

const undisturbed = startCommand(`${GRID} --jobs 2 --backend wasm --threads 1 --out ${alone}`.split(' '));
const whole = await undisturbed.ended;
assert.equal(whole.code, 0, whole.err);
assert.equal(recordsIn(out).length, cells, 'cells were lost or doubled');
assert.deepEqual(recordsIn(out).map(computed), recordsIn(alone).map(computed));
assert.equal(readdirSync(runs).length, cells);
for (const run of readdirSync(runs)) {
  const steps = stepsIn(join(runs, run)).map(({ step }) => step);
  assert.deepEqual(
    steps,
    steps.map((_, i) => i + 1),
    `${run}: steps that are missing or stand twice`,
  );
  assert.equal(steps.length, epochs * 2);
}
console.log(`${cells} cells, none lost, none doubled, with the numbers of an undisturbed grid`);
rmSync(root, { recursive: true, force: true });
if (!values.dry) record('cluster', { seed, workers, cells, ...seen });
