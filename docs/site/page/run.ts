// One run of a program: a worker of its own, which is ended by Stop, by the next run, or some time after the program's
// end. That it is not ended at once is for programs that do not wait for what they start.

import { load } from './load';
import type { FromWorker } from './messages';

/** Milliseconds for which a worker whose program is over may still print. */
const GRACE = 20_000;

export interface Run {
  /** Ends it, whatever it does; nothing is told of it any more. */
  stop(): void;
}

/** Starts a worker on programs, the later ones of which may import what the one before exports. */
export function startRun(programs: readonly string[], tell: (message: FromWorker) => void): Run {
  let worker: Worker | undefined;
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    worker?.terminate();
  };
  const fail = (text: string) => {
    if (!isStopped) tell({ kind: 'failed', text });
    stop();
  };
  const begin = (code: string) => {
    if (isStopped) return;
    const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
    worker = new Worker(url);
    URL.revokeObjectURL(url);
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (isStopped) return;
      if (data.kind === 'failed') return fail(data.text);
      if (data.kind === 'done') setTimeout(stop, GRACE);
      tell(data);
    };
    worker.onerror = ({ message }) => fail(message || 'the worker did not start');
    worker.postMessage(programs);
  };
  load('run', 'spikegradWorker').then(begin, (error: Error) => fail(error.message));
  return { stop };
}
