// Ctrl-C: the first asks the work to stop at the next safe point, the second ends the process.

import { EXIT } from '../exit';
import { say } from '.';

/** A signal that fires on SIGINT or SIGTERM, until `release`. */
export function onInterrupt(message: string): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    say(`\n${message}`);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
