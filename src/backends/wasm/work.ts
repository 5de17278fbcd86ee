// What kernels had to do, for the profile: multiplications and additions of the dense operation, bytes of images that
// go through memory, and what this machine could do of either.

import type { ConvGeometry } from '../geometry';
import { BufferArgument } from './argument';
import type { Buffer } from './buffer';
import type { Plan } from './convolution/plan';
import type { Engine } from './engine';
import type { CallChain } from './schedule/chain';

/** What a kernel had to do. */
export interface KernelLoad {
  /** Multiplications and additions of the dense operation. */
  flop: number;
  /** Bytes of images that go through memory. */
  bytes: number;
}

/** A thread's limits. */
export interface EngineLimits {
  /** Multiplications and additions a millisecond. */
  readonly flop: number;
  /** Bytes read and written a millisecond. */
  readonly bytes: number;
}

/** The way that convolutions of one geometry went. */
export interface ConvolutionPlan extends Plan {
  readonly direction: string;
  /** As `3x3 16->32 stride 2 on 32x32`. */
  readonly geometry: string;
  calls: number;
}

const inWords = (g: ConvGeometry) =>
  `${g.kernelHeight}x${g.kernelWidth} ${g.channels}->${g.filters} stride ${g.stride} on ${g.height}x${g.width}`;

export class WorkLog {
  readonly loads = new Map<string, KernelLoad>();
  readonly #plans = new Map<string, ConvolutionPlan>();

  /** In the order in which they were first met. */
  get plans(): readonly ConvolutionPlan[] {
    return [...this.#plans.values()];
  }

  addPlan(direction: string, plan: Plan, g: ConvGeometry): void {
    const geometry = inWords(g);
    const key = `${direction} ${geometry} ${plan.way}`;
    const known = this.#plans.get(key) ?? { direction, geometry, ...plan, calls: 0 };
    known.calls++;
    this.#plans.set(key, known);
  }

  /** @param isLocal whether a buffer stays in a thread's cache */
  add({ items, calls }: CallChain, isLocal: (buffer: Buffer) => boolean): void {
    for (const { kernel, when, args, flop = 0 } of calls) {
      if (when !== 'item') continue;
      let bytes = 0;
      for (const argument of args) {
        if (!(argument instanceof BufferArgument) || argument.layout === undefined) continue;
        if (!isLocal(argument.buffer)) bytes += argument.layout.times * argument.layout.planeBytes;
      }
      const name = typeof kernel === 'string' ? kernel : kernel.label;
      const load = this.loads.get(name) ?? { flop: 0, bytes: 0 };
      load.flop += flop * items;
      load.bytes += bytes * items;
      this.loads.set(name, load);
    }
  }
}

const ROUNDS = 200_000;
const COPIED = 2 ** 24;

/** Measures what one thread can do at most: a few milliseconds. */
export function measureLimits(engine: Engine): EngineLimits {
  const fastest = (once: () => void) => {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      once();
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };
  const buffer = engine.buffer(2 * COPIED);
  const at = engine.scheduler.place(buffer);
  engine.heap.bytes(at, 2 * COPIED).fill(1); // pages that were never written are not memory yet
  const copy = () =>
    engine.compute('copyPlanes', { x: at, xPitch: 0, T: 1, n: COPIED / 4, out: at + COPIED, outPitch: 0 });
  const limits = {
    flop: (96 * ROUNDS) / fastest(() => engine.compute('multiplyAdds', { rounds: ROUNDS })),
    bytes: (2 * COPIED) / fastest(copy),
  };
  engine.scheduler.release(buffer);
  return limits;
}
