// The page's side of the worker: a request gives a promise of its answer.

import type { Answer, Request, Snapshot } from './messages';

export interface TrainingClient {
  /** @throws with what went wrong in the worker */
  ask(request: Request): Promise<Snapshot>;
}

interface Waiting {
  resolve(snapshot: Snapshot): void;
  reject(error: Error): void;
}

export function trainingClient(): TrainingClient {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const waiting: Waiting[] = [];
  let broken: Error | undefined;
  worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    const asker = waiting.shift();
    if ('error' in data) asker?.reject(new Error(data.error));
    else asker?.resolve(data.snapshot);
  });
  worker.addEventListener('error', ({ message }) => {
    broken = new Error(message || 'the worker did not load');
    for (const asker of waiting.splice(0)) asker.reject(broken);
  });
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        waiting.push({ resolve, reject });
        worker.postMessage(request);
      }),
  };
}
