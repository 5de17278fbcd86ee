// One run of a program: a worker from its beginning to its end.

import { load } from './load';
import type { FromWorker } from './messages';

export interface Run {
  /** @throws what the program threw; never ends once it is stopped */
  readonly ended: Promise<void>;
  stop(): void;
}

/** Starts a worker on programs, the later ones of which may import what the one before exports. */
export async function startRun(programs: readonly string[], print: (text: string) => void): Promise<Run> {
  const code = await load('run', 'spikegradWorker');
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  const ended = new Promise<void>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'printed') return print(data.text);
      worker.terminate();
      if (data.kind === 'done') resolve();
      else reject(new Error(data.text));
    };
    worker.onerror = ({ message }) => {
      worker.terminate();
      reject(new Error(message || 'the worker did not start'));
    };
  });
  worker.postMessage(programs);
  return { ended, stop: () => worker.terminate() };
}
