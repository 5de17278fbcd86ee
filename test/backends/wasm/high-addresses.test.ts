// The kernels at addresses where 32-bit arithmetic turns negative and where it ends: the same bits as low down. A block
// that nobody touches, and that therefore costs nothing, pushes everything else there.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cpuBackend } from '../../../src/backends/cpu';
import { type WasmBackend, wasmBackend } from '../../../src/backends/wasm';
import { HEAP_BASE, Heap, SLACK } from '../../../src/backends/wasm/heap';
import { ones, randn } from '../../../src/core/create';
import { manualSeed, setActiveBackend } from '../../../src/core/engine';
import { scope } from '../../../src/core/scope';
import { OutOfMemoryError } from '../../../src/errors';
import { Linear, sequential } from '../../../src/nn';
import { crossEntropy, sum } from '../../../src/ops';
import { Lif, resnet20, TdBatchNorm } from '../../../src/snn';
import { conformanceCases } from '../../../src/testing';

const END = 2 ** 32;
const reference = cpuBackend('f64');

/** Knows how far blocks have reached. */
class MeasuredHeap extends Heap {
  reached = HEAP_BASE;

  override alloc(bytes: number): number {
    const address = super.alloc(bytes);
    this.reached = Math.max(this.reached, address + this.taken(bytes));
    return address;
  }
}

/** A heap of which `room` bytes are left before `end`. */
function pushed(shared: boolean, room: number, end = END): Heap {
  const heap = new Heap(shared);
  heap.alloc(end - HEAP_BASE - room - SLACK);
  return heap;
}

const work: Record<string, () => Float32Array[]> = {
  'a residual network’s step': () => {
    const network = resnet20({ variant: 'small', width: 8, timesteps: 2 });
    const x = randn([3, 11, 9, 3], { requiresGrad: true });
    crossEntropy(network.call(x), [0, 1, 2]).backward();
    return [x, ...network.parameters()].map(({ grad }) => grad!.dataSync() as Float32Array);
  },
  'normalisation over many channels': () => {
    const norm = new TdBatchNorm(520);
    const x = randn([2, 2, 5, 5, 520], { requiresGrad: true });
    const y = norm.call(x);
    const out = y.dataSync() as Float32Array;
    y.backward(randn(y.shape));
    return [out, ...[x, ...norm.parameters()].map(({ grad }) => grad!.dataSync() as Float32Array)];
  },
  'linear layers on spikes': () => {
    const network = sequential(new Linear(40, 520), new Lif(), new Linear(520, 33));
    const x = randn([3, 70, 40], { requiresGrad: true });
    sum(network.call(x)).backward();
    return [x, ...network.parameters()].map(({ grad }) => grad!.dataSync() as Float32Array);
  },
};

async function run(heap: Heap, threads: number, what: () => Float32Array[]): Promise<Float32Array[]> {
  const backend = await wasmBackend({ heap, threads });
  try {
    setActiveBackend(backend);
    manualSeed(3);
    return scope(what);
  } finally {
    backend.close();
  }
}

describe.each([1, 2])('with %d threads', (threads) => {
  describe.each(Object.entries(work))('%s', (_, what) => {
    test('gives the same bits across 2 GiB and up to the last byte of 4 GiB', async () => {
      const low = new MeasuredHeap(threads > 1);
      const expected = await run(low, threads, what);
      const room = low.reached - HEAP_BASE;
      expect(await run(pushed(threads > 1, room / 2, 2 ** 31), threads, what)).toEqual(expected);
      // it may take a little more than it needs low down, since what is owed must lie in one piece
      for (let more = 0; ; more += 64 * 1024) {
        const heap = pushed(threads > 1, Math.ceil(room / 64) * 64 + more);
        const result = await run(heap, threads, what).catch((error: unknown) => error);
        if (result instanceof OutOfMemoryError && more < room) continue;
        expect(result).toEqual(expected);
        break;
      }
    });
  });
});

describe('beyond 2 GiB every operator agrees with cpu f64', () => {
  let backend: WasmBackend;
  beforeAll(async () => {
    backend = await wasmBackend({ heap: pushed(true, 2 ** 31 - 2 ** 22), threads: 2 });
  });
  afterAll(() => backend.close());

  for (const { kernel, name, run: check } of conformanceCases())
    test(`${kernel}: ${name}`, () => check(reference, backend));

  test('and a block of 2 GiB or more is refused while it does not fit', () => {
    setActiveBackend(backend);
    expect(() => ones([2 ** 29])).toThrow('no room for 2049 MB more');
    expect(ones([3]).dataSync()).toEqual(Float32Array.of(1, 1, 1));
  });
});
