// The engine that our own entrants measure, chosen for new tensors, and what they tell about it.

import { init } from 'spikegrad';
import type { WasmBackend } from '../../../src/backends/wasm';
import type { Facts } from '../protocol';

export async function engine(threads: number): Promise<WasmBackend> {
  return (await init({ backend: 'wasm', threads, seed: 1 })) as WasmBackend;
}

export function factsOf({ flavour, threads }: WasmBackend): Facts {
  return { node: process.version, flavour, threads };
}
