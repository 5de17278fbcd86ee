// The fast backend on a CPU: SIMD WebAssembly kernels over one memory, shared by threads where that is allowed. Here
// its parts are put together; engine.ts and schedule/index.ts say how it works.

import { check } from '../../errors';
import type { Backend } from '../backend';
import type { ComputesIntegers } from '../integer';
import { convolutionKernels } from './convolution';
import { groupedConvolutionKernels } from './convolution/grouped';
import { elementwiseKernels } from './elementwise';
import { Engine } from './engine';
import { bestFlavour, type Flavour, hasRelaxedSimd, hasSharedMemory, kernelCode } from './flavour';
import { digest } from './generated/kernels';
import { Heap } from './heap';
import { lossKernels } from './loss';
import { productKernels } from './matmul';
import { maxPoolKernels } from './max-pool';
import { memoryKernels } from './memory';
import { movementKernels } from './movement';
import { normKernels } from './norm';
import { poolKernels } from './pool';
import { reductionKernels } from './reduce';
import { FALLBACKS, Reference } from './reference';
import { scanKernels } from './scan';
import { Modules } from './scan/modules';
import { Scheduler } from './schedule';
import { Crew } from './threads/crew';
import { updateKernels } from './update';
import { windowKernels } from './windows';
import { type ConvolutionPlan, type EngineLimits, type KernelLoad, measureLimits, WorkLog } from './work';

export interface WasmOptions {
  /** Default 1; more need shared memory. */
  threads?: number;
  /** Default: the best that runs here. */
  flavour?: Flavour;
  /** Whether to ask for shared memory even with one thread. Default: with more than one. */
  shared?: boolean;
  /** Bytes that the engine may take, at most 4 GiB. */
  memoryLimit?: number;
  /** The memory itself, for tests that watch it; `shared` and `memoryLimit` are then its own. */
  heap?: Heap;
}

/** What a backend measured since `profile(true)`; `--profile` shows it. */
export interface EngineProfile {
  /** Time over all threads; multiplications and additions of the dense operation, bytes of images through memory. */
  readonly kernels: readonly ({ kernel: string; milliseconds: number; calls: number } & KernelLoad)[];
  /** Which way convolutions went, and why. */
  readonly plans: readonly ConvolutionPlan[];
  /** What one thread can do in a millisecond. */
  readonly limits: EngineLimits;
  /** Operators that ran on the reference backend's loops, and how often. */
  readonly reference: ReadonlyMap<string, number>;
}

/** The fast backend on a CPU, with what it can tell beyond the others. */
export interface WasmBackend extends Backend, ComputesIntegers {
  readonly flavour: Flavour;
  /** Which kernels: a hash of their sources and their compiler. Kernels of another hash may compute other bits. */
  readonly kernels: string;
  readonly threads: number;
  /** What has no kernel and runs on plain loops in one thread, in words. */
  readonly fallbacks: readonly string[];
  /** Bytes in use, taken from the system, and the most that may be. */
  memory(): { used: number; size: number; limit: number };
  /** Measures every kernel from now on, or ends that. */
  profile(on: boolean): void;
  profiled(): EngineProfile;
  /** Ends the threads. The backend cannot be used after it. */
  close(): void;
}

/** @throws without SIMD, or when threads do not start */
export async function wasmBackend(options: WasmOptions = {}): Promise<WasmBackend> {
  const { threads = 1, flavour = bestFlavour(), memoryLimit } = options;
  check(
    flavour === 'plain' || hasRelaxedSimd(),
    'init',
    'this engine has no relaxed SIMD; leave flavour out',
  );
  const shared = options.heap?.shared ?? options.shared ?? (threads > 1 && hasSharedMemory());
  const heap = options.heap ?? new Heap(shared, memoryLimit);
  // not at once: Chromium up to 114 lets a page's own thread compile 4 KB at most
  const module = await WebAssembly.compile(kernelCode(flavour, shared));
  const crew = await Crew.muster(heap, module, shared ? threads : 1);
  const scheduler = new Scheduler(heap, crew);
  const engine = new Engine(scheduler);
  const reference = new Reference(engine);
  const modules = new Modules(engine, { relaxed: flavour === 'relaxed', shared });
  let limits: EngineLimits = { flop: 0, bytes: 0 };

  const kernels: Kernels = {
    ...memoryKernels(engine),
    ...elementwiseKernels(engine, reference),
    ...reductionKernels(engine, reference),
    ...movementKernels(engine, reference),
    ...productKernels(engine),
    ...windowKernels(engine),
    ...convolutionKernels(engine),
    ...groupedConvolutionKernels(engine),
    ...poolKernels(engine),
    ...maxPoolKernels(engine),
    ...normKernels(engine),
    ...scanKernels(engine, reference, modules),
    ...lossKernels(reference),
    ...updateKernels(engine, modules),
  };

  return {
    name: 'wasm',
    precision: 'f32',
    synchronous: true,
    flavour,
    kernels: digest,
    threads: crew.threads,
    fallbacks: FALLBACKS,

    ...attempted(engine, kernels),
    read: async (handle) => engine.attempt(() => kernels.readSync(handle)),
    free: (handle) => engine.release(handle),

    memory: () => ({ used: heap.used, size: heap.size, limit: heap.maximum }),
    profile(on) {
      scheduler.flush();
      scheduler.finish();
      crew.profiling = on;
      if (on) limits = measureLimits(engine);
      scheduler.log = on ? new WorkLog() : undefined;
    },
    profiled() {
      scheduler.flush();
      scheduler.finish();
      const kernels = crew.profile().map((entry) => {
        return { ...entry, ...(scheduler.log?.loads.get(entry.kernel) ?? { flop: 0, bytes: 0 }) };
      });
      return { kernels, plans: scheduler.log?.plans ?? [], limits, reference: reference.calls() };
    },
    async integers(plan) {
      const { integerRunner } = await import('./integer');
      return engine.attempt(() => integerRunner(engine, modules, shared, plan));
    },
    close: () => crew.dismiss(),
  };
}

/** What may need memory: all that the engine computes. */
type Kernels = Omit<Backend, 'name' | 'precision' | 'synchronous' | 'read' | 'free'>;

/** The same operators; one that fails leaves nothing behind. */
function attempted<K extends object>(engine: Engine, kernels: K): K {
  type Operator = (...args: unknown[]) => unknown;
  const entries = Object.entries(kernels as Record<string, Operator>).map(([name, operator]) => [
    name,
    (...args: unknown[]) => engine.attempt(() => operator(...args)),
  ]);
  return Object.fromEntries(entries) as K;
}

export type { Flavour } from './flavour';
export { hasRelaxedSimd, hasSharedMemory, hasSimd } from './flavour';
export type { ConvolutionPlan, EngineLimits, KernelLoad } from './work';
