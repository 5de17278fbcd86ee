// What TypeScript believes of the kernels is what the module has: names, numbers of parameters, and nothing left out.

import { expect, test } from 'vitest';
import { parameterOrder, positionalCounts } from '../../../src/backends/wasm/generated/signatures';
import { ordered } from '../../../src/backends/wasm/kernel-call';
import { kernelMemory } from './kernel-memory';

const { kernels } = kernelMemory();

/** Functions that take a struct of the kernels' own: no numbers that TypeScript could give. */
const OWN = ['tile', 'listTile'];

test('every function of the module has its parameters listed, as many as it takes', () => {
  const functions = Object.entries(kernels).filter(([name]) => !OWN.includes(name));
  expect(functions.length).toBeGreaterThan(90);
  const counts = functions.map(([name, kernel]) => [name, kernel!.length]);
  const listed = functions.map(([name]) => {
    const all = (parameterOrder as Record<string, readonly string[]>)[name]?.length;
    return [name, name in positionalCounts ? positionalCounts[name]! + 1 : all];
  });
  expect(listed).toEqual(counts);
});

test('arguments are brought into the order of the kernel, whatever theirs is', () => {
  expect(ordered('clear', { bytes: 64, p: 8 })).toEqual([8, 64]);
  // those of the record come last, as they lie in memory
  const square = { H: 5, W: 6, cin: 7, kh: 8, kw: 9, stride: 10, padding: 11, OW: 12 };
  expect(ordered('im2col', { ...square, count: 4, first: 3, rows: 2, x: 1 })).toEqual(
    Array.from({ length: 12 }, (_, i) => i + 1),
  );
  expect(ordered('copyPlanes', { out: 5, outPitch: 6, n: 4, T: 3, xPitch: 2, x: 1 })).toEqual([
    1, 2, 3, 4, 5, 6,
  ]);
});
