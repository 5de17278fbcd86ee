// Deaths of a cell that workers train, on a real Redis server: which are counted, and when it is given up.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CellDiedError } from '../../src/cli/paper/cells/died';
import { trainThroughQueue } from '../../src/cli/paper/queue/collect';
import { QUEUE } from '../../src/cli/paper/queue/connection';
import { type Deaths, lookAt, processDied, type SavedAt } from '../../src/cli/paper/queue/deaths';
import { type QueueWork, workFromQueue } from '../../src/cli/paper/queue/work';
import { cellName } from '../../src/paper/cell';
import { readCheckpoint } from '../../src/train/node/run/files';
import { savedStep } from '../../src/train/node/run/saved';
import { SETTINGS } from '../support/records';
import { redisServer, startRedis, type TestRedis } from '../support/redis';
import { spikegrad } from './spikegrad';

describe('the count of deaths', () => {
  /** The number in vain at each take-up; each but the first follows a death of a worker. */
  const inVain = (...saved: (SavedAt | undefined)[]) => {
    let deaths: Deaths = {};
    return saved.map((at, workers) => {
      const look = lookAt(deaths, workers, at);
      deaths = look.kept;
      return look.inVain;
    });
  };
  const at = (step: number, run = 'a') => ({ step, run });

  test('grows with every death until there is a new checkpoint, and then begins anew', () => {
    expect(inVain(undefined, undefined, undefined)).toEqual([0, 1, 2]);
    expect(inVain(undefined, undefined, at(4), at(4), at(4), at(5), at(5))).toEqual([0, 1, 0, 1, 2, 0, 1]);
    const steps = Array.from({ length: 1000 }, (_, i) => at(i + 1));
    expect(Math.max(...inVain(...steps))).toBe(0);
  });

  test('takes an older checkpoint on another machine for no progress', () => {
    const seen = [at(9, 'a'), at(4, 'b'), at(9, 'a'), at(4, 'b'), undefined, at(5, 'b')];
    expect(inVain(...seen)).toEqual([0, 0, 1, 2, 3, 0]);
    expect(inVain(at(1, '__proto__'), at(1, 'constructor'))).toEqual([0, 0]);
  });

  test('has processes of the cell beside workers', () => {
    const once = processDied(lookAt({}, 0, at(3)).kept);
    const twice = processDied(lookAt(once, 1, at(3)).kept);
    expect(lookAt(twice, 1, at(3)).inVain).toBe(3);
    expect(lookAt(twice, 1, at(4)).inVain).toBe(0);
    expect(() => lookAt({ processes: -1 }, 0, undefined)).toThrow(/processes must be a whole number >= 0/);
  });
});

describe.skipIf(redisServer.missing)(`cells that die${redisServer.note}`, () => {
  let redis: TestRedis;
  let queue: Queue;
  beforeAll(async () => {
    redis = await startRedis();
    queue = new Queue(QUEUE, { connection: { host: '127.0.0.1', port: redis.port } });
  });
  beforeEach(() => queue.obliterate({ force: true }));
  afterAll(async () => {
    await queue?.close();
    await redis?.stop();
  });

  /** Asks for the cell and lets it be worked on. @returns what the one who asked was told */
  async function ask(mostDeaths: number, meanwhile: () => Promise<void>): Promise<string> {
    let said = '';
    const events = {
      onProgress: () => {},
      onNote: () => {},
      onDone: async () => {},
      onFailed: (_: unknown, error: Error) => {
        said = error.message;
      },
    };
    const asked = trainThroughQueue(redis.url, mostDeaths)([SETTINGS], events, new AbortController().signal);
    while ((await queue.getJobCountByTypes('wait')) === 0) await setTimeout(10);
    await meanwhile();
    await asked;
    return said;
  }
  const work = (train: QueueWork['train'], saved: QueueWork['saved'] = async () => undefined) =>
    workFromQueue(
      redis.url,
      { jobs: 1, lease: 5, untilEmpty: true, saved, train },
      new AbortController().signal,
    );
  const died = () => Promise.reject(new CellDiedError('SIGKILL', ''));

  test('workers that take a cell and fall silent are counted, and the cell is not begun once more', async () => {
    let begun = 0;
    const said = await ask(2, async () => {
      const connection = { host: '127.0.0.1', port: redis.port };
      const silent = new Worker(QUEUE, null, {
        connection,
        lockDuration: 50,
        stalledInterval: 50,
        maxStalledCount: 1000,
      });
      await silent.startStalledCheckTimer();
      for (let deaths = 0; deaths < 2; deaths++) {
        const job = await silent.getNextJob('silent');
        while ((await job!.getState()) === 'active') await setTimeout(10);
      }
      await silent.close();
      await work(() => {
        begun++;
        return died();
      });
    });
    expect(said).toBe('paper: given up: died 2 times without a new checkpoint');
    expect(begun).toBe(0);
  });

  test('a killed process of a cell gives it back, as often as there are new checkpoints and --deaths times more', async () => {
    let step = 0;
    let begun = 0;
    const train = () => {
      begun++;
      step = Math.min(step + 1, 8);
      return died();
    };
    const said = await ask(3, () => work(train, async () => ({ run: 'a', step })));
    expect(said).toMatch(/given up: died 3 times/);
    expect(begun).toBe(8 + 3);
  });

  test('the one who asks names the cell, and ends as failed', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'spikegrad-deaths-'));
    try {
      const grid = '--width 2 --timesteps 1 --limit 16 --batch 8 --epochs 1 --mpr none --seeds 0 --out grid';
      const asked = spikegrad(`paper table1 ${grid} --queue ${redis.url} --deaths 1`.split(' '), cwd);
      let taken: string | undefined;
      const end = new AbortController();
      const working = workFromQueue(
        redis.url,
        {
          jobs: 1,
          lease: 5,
          untilEmpty: false,
          saved: async () => undefined,
          train(cell) {
            taken = cellName(cell);
            return died();
          },
        },
        end.signal,
      );
      const { code, err } = await asked;
      end.abort();
      await working;
      expect(err).toContain(
        `1 of 1 cells failed:\n${taken}: given up: died 1 time without a new checkpoint\n`,
      );
      expect(code).toBe(1);
      const alone = await spikegrad(`paper table1 ${grid} --deaths 1`.split(' '), cwd);
      expect(alone.err).toMatch(/--deaths is for cells that workers train: give --queue too/);
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  });
});

test('the step that is saved is read from the checkpoint of the folder, where there is one', async () => {
  const { progress, run = '' } = await readCheckpoint(
    'test/compat/samples/interrupted/checkpoint.safetensors',
  );
  expect(await savedStep('test/compat/samples/interrupted')).toEqual({ run, step: progress!.step });
  expect(progress!.step).toBeGreaterThan(0);
  expect(await savedStep(join(tmpdir(), 'no-such-folder'))).toBeUndefined();
});
