// Blocks of any size up to all that 32-bit addresses reach: they never meet, and what does not fit is refused with
// everything as it was. Over a memory that is only counted.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OutOfMemoryError } from '../../../src';
import { HEAP_BASE, SLACK } from '../../../src/backends/wasm/heap';
import { virtualHeap } from './virtual-memory';

/** Small ones, and those around the powers of two where 32-bit arithmetic ends. */
const size = fc.oneof(
  fc.integer({ min: 1, max: 2 ** 20 }),
  fc.integer({ min: -200, max: 200 }).map((off) => 2 ** 31 + off),
  fc.integer({ min: -(2 ** 21), max: 200 }).map((off) => 2 ** 32 + off),
  fc.integer({ min: 2 ** 29, max: 2 ** 34 }),
  fc.integer({ min: 2 ** 30, max: 2 ** 31 }),
);
const step = fc.oneof(
  fc.record({ kind: fc.constant('alloc' as const), size }),
  fc.record({ kind: fc.constant('free' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('reserve' as const), size }),
);

describe('the heap', () => {
  test('gives blocks that lie apart within the memory, or an error and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 2 ** 20, max: 2 ** 32 }),
        (steps, refuse) => {
          const heap = virtualHeap(2 ** 32, refuse);
          const blocks: { address: number; bytes: number }[] = [];
          for (const next of steps) {
            const before = { used: heap.used, size: heap.size };
            if (next.kind === 'free') {
              const [block] = blocks.splice(next.at % Math.max(1, blocks.length), 1);
              if (block !== undefined) heap.free(block.address, block.bytes);
            } else if (next.kind === 'reserve') {
              const given = heap.reserve(heap.taken(next.size));
              expect(heap.used).toBe(before.used);
              if (given) {
                const address = heap.alloc(next.size);
                heap.free(address, next.size);
              }
            } else {
              try {
                const address = heap.alloc(next.size);
                expect(heap.used).toBe(before.used + heap.taken(next.size));
                blocks.push({ address, bytes: next.size });
              } catch (error) {
                expect(error).toBeInstanceOf(OutOfMemoryError);
                expect({ used: heap.used, size: heap.size }).toEqual(before);
              }
            }
            const sorted = [...blocks].sort((a, b) => a.address - b.address);
            sorted.forEach(({ address, bytes }, i) => {
              expect(address % 64).toBe(0);
              expect(address).toBeGreaterThanOrEqual(HEAP_BASE);
              expect(address + bytes + SLACK).toBeLessThanOrEqual(sorted[i + 1]?.address ?? heap.size);
            });
          }
          for (const { address, bytes } of blocks) heap.free(address, bytes);
          expect(heap.used).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('gives all that there is to one block, and not a byte more', () => {
    const all = 2 ** 32 - HEAP_BASE - SLACK;
    const heap = virtualHeap();
    expect(heap.alloc(all)).toBe(HEAP_BASE);
    expect(() => heap.alloc(1)).toThrow(OutOfMemoryError);
    heap.free(HEAP_BASE, all);
    expect(() => heap.alloc(all + 1)).toThrow('no room for 4096 MB more');
    expect(heap.alloc(all)).toBe(HEAP_BASE);
  });

  test('joins what is given back across 2 GiB', () => {
    const heap = virtualHeap();
    const first = heap.alloc(1.6e9);
    const second = heap.alloc(1.6e9);
    const live = heap.alloc(20);
    heap.free(first, 1.6e9);
    heap.free(second, 1.6e9);
    const large = heap.alloc(25_000 * 25_000 * 4);
    expect(large).toBe(first);
    expect(large + 25_000 * 25_000 * 4).toBeLessThan(live);
  });
});
