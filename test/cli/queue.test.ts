// A grid through a queue on a real Redis server, with workers that are killed.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freePort, redisServer, startRedis, type TestRedis } from '../support/redis';
import { computed, recordsIn, stepsIn } from './records';
import { type Running, spikegrad, start } from './spikegrad';

const NAME = 'spikegrad-cells';
const GRID =
  '--width 2 --timesteps 1 --limit 16 --batch 8 --epochs 5 --lr 0.05 --augment crop,flip --mpr none,3 --seeds 0';
const STEPS = 10;
const COMPUTE = '--backend wasm --threads 1';
const words = (text: string) => text.split(' ').filter(Boolean);

describe.skipIf(redisServer.missing)(`a grid through a queue${redisServer.note}`, () => {
  let cwd: string;
  let redis: TestRedis;
  let queue: Queue;
  const running: Running[] = [];
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'spikegrad-queue-'));
    redis = await startRedis();
    queue = new Queue(NAME, { connection: { host: '127.0.0.1', port: redis.port } });
  });
  beforeEach(() => queue.obliterate({ force: true }));
  afterEach(() => {
    for (const { process } of running.splice(0)) process.kill('SIGKILL'); // of a test that failed
  });
  afterAll(async () => {
    await queue?.close();
    await redis?.stop();
    rmSync(cwd, { recursive: true, force: true });
  });

  const background = (text: string) => {
    const process = start(words(text), cwd);
    running.push(process);
    return process;
  };
  const ask = (out: string, grid = GRID) =>
    background(`paper table1 ${grid} --queue ${redis.url} --out ${out}`);
  const work = (runs: string, more = '') =>
    background(`worker --queue ${redis.url} --runs ${runs} --lease 2 ${COMPUTE} ${more}`);
  const jobs = async () => Object.values(await queue.getJobCounts()).reduce((sum, count) => sum + count, 0);
  /** @returns the process of a cell that has a checkpoint and is not finished, another one than `former` */
  const runInProgress = async (runs: string, former?: number): Promise<number> => {
    for (;;) {
      for (const name of existsSync(join(cwd, runs)) ? readdirSync(join(cwd, runs)) : []) {
        const file = (part: string) => join(cwd, runs, name, part);
        if (!existsSync(file('checkpoint.safetensors')) || existsSync(file('model.safetensors'))) continue;
        if (!existsSync(file('lock.json'))) continue;
        const { pid } = JSON.parse(readFileSync(file('lock.json'), 'utf8'));
        if (pid !== former) return pid;
      }
      await setTimeout(10);
    }
  };

  test('workers that die in mid-cell lose no cell and double none, and the records are those of an undisturbed grid', async () => {
    const alone = await spikegrad(words(`paper table1 ${GRID} ${COMPUTE} --out alone`), cwd);
    expect(alone.code, alone.err).toBe(0);
    const asked = ask('asked');
    const first = work('runs');
    const child = await runInProgress('runs');
    first.process.kill('SIGKILL');
    process.kill(child, 'SIGKILL');
    const second = work('runs');
    await runInProgress('runs', child);
    second.process.kill('SIGKILL'); // its cell's process is left behind, and ends by itself
    const last = work('runs', '--until-empty --jobs 2');
    const end = await last.done;
    expect(end.code, end.err).toBe(0);
    const { code, err, out } = await asked.done;
    expect(code, err).toBe(0);
    expect(recordsIn(join(cwd, 'asked')).map(computed)).toEqual(recordsIn(join(cwd, 'alone')).map(computed));
    expect(out).toMatch(/\| k = 3 \| .* \| 0 \|/);
    const said = (await first.done).err + (await second.done).err + end.err;
    const runs = readdirSync(join(cwd, 'runs'));
    expect(runs.length).toBe(2);
    for (const run of runs) {
      expect(said.split(`${run}: test accuracy`).length - 1, said).toBe(1);
      const steps = stepsIn(join(cwd, 'runs', run)).map(({ step }) => step);
      expect(steps).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
    }
    expect(await jobs()).toBe(0);
  });

  test('Ctrl-C gives the cell back, and so does a process of it that is killed; and a cell that vanished from the queue is put in again', async () => {
    const asked = ask('interrupted', `${GRID} --mpr none`);
    const first = work('interrupted-runs');
    const child = await runInProgress('interrupted-runs');
    process.kill(child, 'SIGKILL');
    await runInProgress('interrupted-runs', child);
    first.process.kill('SIGINT');
    const stopped = await first.done;
    expect(stopped.err).toMatch(/: given back: the process of a cell ended with SIGKILL\n/);
    expect(stopped.err).toMatch(/: stopped, given back/);
    expect(stopped.code).toBe(130);
    expect(await queue.getJobCounts('wait', 'active')).toEqual({ wait: 1, active: 0 });
    await queue.obliterate({ force: true });
    const second = work('interrupted-runs');
    expect((await asked.done).code).toBe(0);
    second.process.kill('SIGTERM');
    await second.done;
    expect(recordsIn(join(cwd, 'interrupted')).length).toBe(1);
  });

  test('a worker that freezes for longer than its lease loses the cell, and doubles nothing when it wakes', async () => {
    const asked = ask('frozen', `${GRID} --mpr none`);
    const first = work('frozen-runs');
    await runInProgress('frozen-runs');
    first.process.kill('SIGSTOP'); // not the process of its cell
    const second = work('frozen-runs');
    const { code, err } = await asked.done;
    expect(code, err).toBe(0);
    first.process.kill('SIGCONT');
    for (const { process } of [first, second]) process.kill('SIGTERM');
    expect((await second.done).err).toMatch(/taken up\n(.*waiting: .*\n)?.*: test accuracy/);
    expect((await first.done).code).toBe(130);
    const [run] = readdirSync(join(cwd, 'frozen-runs'));
    const steps = stepsIn(join(cwd, 'frozen-runs', run!)).map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
    expect(recordsIn(join(cwd, 'frozen')).length).toBe(1);
    expect(await jobs()).toBe(0);
  });

  test('what is no cell and no record is named, and taken out so that the cell can be trained', async () => {
    const grid = `${GRID} --epochs 1 --mpr none`;
    const liar = new Worker(NAME, async () => ({ format: 'spikegrad cell 1', settings: { width: -1 } }), {
      connection: { host: '127.0.0.1', port: redis.port },
    });
    const lied = await ask('lied', grid).done;
    await liar.close();
    expect(lied.err).toMatch(
      /failed: \S+: what the queue gave for \S+: settings\.dataset must be 'cifar10' or/,
    );
    expect(lied.code).toBe(1);
    expect(await jobs()).toBe(0);
    await queue.add('cell', { settings: { dataset: '../../etc' } }, { jobId: 'no-cell' });
    const asked = ask('lied', grid);
    while ((await queue.getJobCountByTypes('wait')) < 2) await setTimeout(20);
    const worked = await work('lied-runs', '--until-empty').done;
    expect(worked.err).toMatch(/no-cell: failed: settings\.dataset must be 'cifar10' or .*'\.\.\/\.\.\/etc'/);
    expect((await asked.done).code).toBe(0);
    expect(recordsIn(join(cwd, 'lied')).length).toBe(1);
  });

  test('a server that wants a password is no answerless one, and the password is not printed', async () => {
    const strict = await startRedis('--requirepass', 'right');
    try {
      const address = `127.0.0.1:${strict.port}`;
      const none = await spikegrad(words(`worker --queue redis://${address}`), cwd);
      expect(none.err).toMatch(/no Redis at redis:\/\/127\.0\.0\.1:\d+ \(NOAUTH/);
      const wrong = await spikegrad(words(`worker --queue redis://:wrong@${address}`), cwd);
      expect(wrong.err).toMatch(/WRONGPASS/);
      expect(wrong.err).not.toMatch(/:wrong/);
      expect(wrong.code).toBe(1);
      const right = await spikegrad(words(`worker --queue redis://:right@${address} --until-empty`), cwd);
      expect(right.code, right.err).toBe(0);
    } finally {
      await strict.stop();
    }
  });
});

describe('a queue without a server', () => {
  const at = (url: string) => spikegrad(['worker', '--queue', url, '--until-empty'], tmpdir());

  test('an address that is none says what one looks like', async () => {
    for (const url of ['http://localhost:6379', 'localhost', 'redis://host:port']) {
      const { code, err } = await at(url);
      expect(err).toBe(`error: --queue must look like redis://host:6379, got "${url}"\n`);
      expect(code).toBe(1);
    }
  });

  test('nobody there, and somebody who never answers, are told apart', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((ready) => silent.once('listening', ready));
    const ports = [await freePort(), (silent.address() as AddressInfo).port];
    const [nobody, silence] = await Promise.all(ports.map((port) => at(`redis://127.0.0.1:${port}`)));
    silent.close();
    expect(nobody!.err).toMatch(
      /^error: no Redis at redis:\S+ \(.*ECONNREFUSED.*\); is redis-server running/,
    );
    expect(nobody!.code).toBe(1);
    expect(silence!.err).toMatch(/no answer/);
  });
});
