// The page's side of the training: a request gives a promise of its answer.

import type { Answer, Request, Snapshot } from './messages';

export interface TrainingClient {
  /** @throws with what went wrong in the training */
  ask(request: Request): Promise<Snapshot>;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

function snapshotOf(answer: Answer): Snapshot {
  if ('error' in answer) throw new Error(answer.error);
  return answer.snapshot;
}

/** The training on the page itself. */
export async function pageClient(): Promise<TrainingClient> {
  const { trainingService } = await import('./service');
  const answer = trainingService();
  return { ask: async (request) => snapshotOf(await answer(request)) };
}

/** The training in a worker. One that broke is replaced when the next training begins. */
export function workerClient(): TrainingClient {
  let worker: Worker | undefined;
  let waiting: Waiting[] = [];

  function start(): Worker {
    const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    started.addEventListener('message', ({ data }: MessageEvent<Answer>) => waiting.shift()?.resolve(data));
    started.addEventListener('error', ({ message }) => {
      started.terminate();
      worker = undefined;
      const broken = waiting;
      waiting = [];
      for (const { reject } of broken) reject(new Error(message || 'the worker did not load'));
    });
    return started;
  }

  return {
    async ask(request) {
      worker ??= start();
      const answered = new Promise<Answer>((resolve, reject) => waiting.push({ resolve, reject }));
      worker.postMessage(request);
      return snapshotOf(await answered);
    },
  };
}
