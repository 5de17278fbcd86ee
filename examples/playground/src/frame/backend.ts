// A backend for a room that trains: the one it wants, or the best that this browser has, with a word for the reader on
// what it fell back to.

import type { Backend, InitOptions } from 'spikegrad';

/** From the fastest to the one that runs everywhere. */
const order = ['gpu', 'wasm', 'cpu'] as const;
export type BackendChoice = (typeof order)[number];

export interface Started {
  readonly backend: Backend;
  /** What to tell the reader; absent where the wanted backend runs. */
  readonly note?: string;
}

/**
 * @param start `init` or `createBackend` of spikegrad
 * @throws what `start` throws for cpu, which every browser has
 */
export async function startBackend(
  wanted: BackendChoice,
  start: (options: InitOptions) => Promise<Backend>,
): Promise<Started> {
  const reasons: string[] = [];
  for (const name of order.slice(order.indexOf(wanted))) {
    try {
      const backend = await start({ backend: name });
      if (name === wanted) return { backend };
      return { backend, note: `Computing on ${name}, since ${reasons.join('; ')}.` };
    } catch (error) {
      if (name === 'cpu') throw error;
      reasons.push(`${name} did not start (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  throw new Error(`startBackend: no backend called ${wanted}`);
}
