// One thread with messages, in Node and in browsers alike. What it runs is a text, so that no file has to be found
// beside the bundle that the library is part of.

import { nodeModule } from '../../../node-module';

/** The few things that both kinds of workers can. */
export interface MessageThread {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void;
  /** Whether the process has to wait for it; only Node's would end before. */
  hold(busy: boolean): void;
  stop(): void;
}

/** Whom a thread tells. */
export interface Listener {
  onMessage(message: unknown): void;
  /** It is over, whatever it was doing. Told once; not after `stop`. */
  onEnd(why: string): void;
}

interface MessageWorker {
  on(event: string, listener: (value: unknown) => void): void;
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  ref(): void;
  unref(): void;
  terminate(): Promise<number>;
}

interface NodeThreads {
  Worker: new (source: string, options: object) => MessageWorker;
}

/** @throws where there are no threads */
export function startThread(source: string, listener: Listener): MessageThread {
  let isOver = false;
  const once: Listener = {
    onMessage: (message) => listener.onMessage(message),
    onEnd(why) {
      if (!isOver) listener.onEnd(why);
      isOver = true;
    },
  };
  const node = nodeModule<NodeThreads>('worker_threads');
  const thread = node === undefined ? inBrowser(source, once) : inNode(node, source, once);
  return {
    ...thread,
    stop() {
      isOver = true;
      thread.stop();
    },
  };
}

function inNode({ Worker }: NodeThreads, source: string, { onMessage, onEnd }: Listener): MessageThread {
  const worker = new Worker(source, { eval: true, execArgv: [] });
  worker.on('message', onMessage);
  worker.on('error', (error) => onEnd(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => onEnd(`it ended with exit code ${code}`));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
    stop: () => void worker.terminate(),
  };
}

function inBrowser(source: string, { onMessage, onEnd }: Listener): MessageThread {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url);
  let revoke = () => {
    URL.revokeObjectURL(url);
    revoke = () => {};
  };
  worker.onmessage = ({ data }) => {
    revoke(); // it has loaded
    onMessage(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    revoke();
    // where the page's policy forbids the worker, the event says nothing
    onEnd(event.message || 'does the content security policy allow worker-src blob:?');
  };
  return {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    hold: () => {},
    stop() {
      revoke();
      worker.onmessage = worker.onerror = null;
      worker.terminate();
    },
  };
}
