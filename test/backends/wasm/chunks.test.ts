// How a phase's items are handed out: every item once, whatever the number of threads and whoever is quick.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CONTROL_WORDS,
  chunkStart,
  chunksOf,
  runPhase,
  WHEN,
} from '../../../src/backends/wasm/threads/program';

test('chunks follow one another, none is empty, and the outer ones are no smaller than the inner', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), (items) => {
      const chunks = chunksOf(items);
      const starts = Array.from({ length: chunks + 1 }, (_, chunk) => chunkStart(chunk, chunks, items));
      const sizes = starts.slice(1).map((end, chunk) => end - starts[chunk]!);
      expect([starts[0], starts[chunks]]).toEqual([0, items]);
      expect(Math.min(...sizes)).toBeGreaterThan(0);
      const middle = sizes[chunks >> 1]!;
      expect(sizes[0]! + 1).toBeGreaterThanOrEqual(middle);
    }),
  );
});

test('every item meets its kernel once, however the threads share the tasks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(200),
      (counts, threads, pause) => {
        const met = counts.map((items) => new Array<number>(items).fill(0));
        const chains = counts.map((items, chain) => ({
          items,
          chunks: chunksOf(items),
          // base, perItem, perChunk, perThread of: the chain's number, the item's
          calls: [{ kernel: 0, when: WHEN.item, args: [chain, 0, 0, 0, 0, 1, 0, 0] }],
        }));
        const control = new Int32Array(CONTROL_WORDS);
        let visits = 0;
        let begun = 0;
        const run = () =>
          runPhase(chains, functions, control, new Float64Array(0), new Int32Array(0), begun++, threads);
        // in the middle of one thread's work the next one comes and does all that is left
        const kernel = (chain: number, item: number) => {
          met[chain]![item]!++;
          if (visits++ === pause && begun < threads) run();
        };
        const functions = { kernels: [kernel], slots: [0], positional: [2] };
        while (begun < threads) run();
        expect(met.flat().every((times) => times === 1)).toBe(true);
      },
    ),
  );
});
