// The backend of a training: the one that the reader asked for or the next best, seeded, and its name for the reader.

import { type Backend, init } from 'spikegrad';
import type { GpuBackend } from 'spikegrad/gpu';
import { startBackend } from '../../frame/backend';
import type { BackendChoice } from './state';

const MOST_THREADS = 8;

/** One processor stays for the page. */
function threads(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.max(1, Math.min(MOST_THREADS, navigator.hardwareConcurrency - 1));
}

export interface Chosen {
  readonly name: string;
  /** What the reader asked for and did not get, in words. */
  readonly note?: string;
}

export async function chooseBackend(choice: BackendChoice, seed: number): Promise<Chosen> {
  const { backend, note } = await startBackend(choice, (options) =>
    init({ ...options, seed, ...(options.backend === 'wasm' && { threads: threads() }) }),
  );
  const slow =
    isGpu(backend) &&
    isEmulated(backend.adapter) &&
    'This GPU is emulated in software: wasm is likely to be faster.';
  return { name: describe(backend), note: [note, slow].filter(Boolean).join(' ') || undefined };
}

const isGpu = (backend: Backend): backend is GpuBackend => backend.name === 'gpu';

/** What drivers without a device call themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software|Google Inc\. \(Google\)/i;

/** Whether an adapter is no device but a program on the CPU. */
export const isEmulated = (adapter: GpuBackend['adapter']): boolean =>
  SOFTWARE.test(Object.values(adapter).join(' '));

/** Such as `wasm, 4 threads` or `gpu, webgpu, apple metal-3`. */
function describe(backend: Backend): string {
  if (isGpu(backend)) {
    const { vendor, architecture } = backend.adapter;
    const parts = [
      backend.api,
      architecture === backend.api ? vendor : [vendor, architecture].filter(Boolean).join(' '),
    ];
    return ['gpu', ...parts, isEmulated(backend.adapter) ? 'software' : ''].filter(Boolean).join(', ');
  }
  if (backend.name !== 'wasm') return backend.name;
  const used = threads();
  return `wasm, ${used} thread${used === 1 ? '' : 's'}`;
}
