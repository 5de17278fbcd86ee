// The Redis server of a queue of cells, and the packages that speak to it.

import type { Redis } from 'ioredis';
import { SpikegradError } from '../../../errors';
import { afterFailedImport } from '../../../optional-package';
import { anObject, option, optionTable, required, whole } from '../../../options';
import type { RunSettings } from '../../../train';
import { say } from '../../terminal';
import { type Deaths, MOST_DEATHS } from './deaths';

export const QUEUE = 'spikegrad-cells';

/** Seconds to wait for a server's first answer. */
const PATIENCE = 5;

/** What is in the queue for a cell; the job is named by the cell. */
export interface JobData {
  readonly settings: RunSettings;
  /** How often it may die without a new checkpoint. */
  readonly mostDeaths?: number;
  readonly deaths?: Deaths;
}

/** Comes from a queue: checked like a user's options; what is inside its parts, by those who know them. */
export const jobData = optionTable({
  settings: required(anObject),
  mostDeaths: option(whole({ least: 1 }), MOST_DEATHS),
  deaths: option(anObject, () => ({}), 'none'),
});

/** A server, and the package whose queues live there. */
export interface QueueServer {
  readonly redis: Redis;
  readonly bullmq: typeof import('bullmq');
}

const MISSING = 'a queue needs two packages more: npm i bullmq ioredis';

async function loadBullmq(): Promise<typeof import('bullmq')> {
  try {
    return await import('bullmq');
  } catch (error) {
    return afterFailedImport('queue', 'bullmq', MISSING, error);
  }
}

async function loadIoredis(): Promise<typeof import('ioredis')> {
  try {
    return await import('ioredis');
  } catch (error) {
    return afterFailedImport('queue', 'ioredis', MISSING, error);
  }
}

/** The URL as it may be printed: without its password. */
export function shownUrl(url: string): string {
  return url.replace(/(\/\/[^:/?#]*):.*@/, '$1:…@');
}

/** A lost connection comes back by itself; people are told that there is something to wait for. */
export function tellTrouble(error: Error): void {
  say(`queue: ${error.message}`);
}

/** @throws when the URL is none, or nobody answers there */
export async function connect(url: string): Promise<QueueServer> {
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url))
    throw new SpikegradError('queue', `--queue must look like redis://host:6379, got "${shownUrl(url)}"`);
  const [bullmq, ioredis] = [await loadBullmq(), await loadIoredis()];
  const redis = new ioredis.Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null, // BullMQ's blocking reads wait for ever
    connectTimeout: PATIENCE * 1000,
    retryStrategy: (times) => Math.min(200 * times, 5000),
  });
  let reason = 'no answer';
  const note = (error: NodeJS.ErrnoException) => {
    reason = error.message || error.code || reason;
  };
  redis.on('error', note);
  let patience: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      // a connection that cannot be made has told its reason already
      redis.connect().then(() => redis.ping().catch(refused)),
      new Promise((_, fail) => {
        patience = setTimeout(() => fail(new Error(reason)), PATIENCE * 1000);
      }),
    ]);
  } catch (error) {
    redis.disconnect();
    if (error instanceof Refusal) reason = error.message;
    throw new SpikegradError(
      'queue',
      `no Redis at ${shownUrl(url)} (${reason}); is redis-server running there?`,
    );
  } finally {
    clearTimeout(patience);
  }
  return { redis, bullmq };
}

/** A server is there and says no. */
class Refusal extends Error {}

function refused(error: Error): never {
  throw new Refusal(error.message);
}
