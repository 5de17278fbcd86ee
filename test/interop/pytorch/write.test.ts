// Files that are written for PyTorch: by their bytes those of a file that torch.load(weights_only=True) of torch
// 2.15.0 was shown to give back (check-written.py), and read again here.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPyTorch, type SafetensorsEntry, writePyTorch } from '../../../src';

/** What check-written.py expects in the committed file. */
const tensors: readonly [string, SafetensorsEntry][] = [
  ['fc.weight', { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ['größe', { dtype: 'F16', shape: [2], data: Float32Array.of(0.5, -1) }],
  ['bfloat', { dtype: 'BF16', shape: [1, 2], data: Float32Array.of(0.5, -1) }],
  ['double', { dtype: 'F64', shape: [1], data: Float64Array.of(0.1) }],
  ['bn.num_batches_tracked', { dtype: 'I64', shape: [], data: BigInt64Array.of(-7n) }],
  ['empty', { dtype: 'I32', shape: [0, 3], data: new Int32Array(0) }],
  ['bool', { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) }],
];

describe('files for torch.load', () => {
  test('are byte for byte the one that PyTorch was shown to read', async () => {
    const written = await writePyTorch(tensors);
    expect(Buffer.from(written).equals(readFileSync(resolve('test/interop/pytorch/files/written.pth')))).toBe(
      true,
    );
    expect([...(await readPyTorch(written)).tensors]).toEqual(tensors);
  });

  test('are not made of what PyTorch has no place for', async () => {
    const [first] = tensors;
    await expect(writePyTorch([first!, first!])).rejects.toThrow(
      /writePyTorch: tensor "fc\.weight" is given twice/,
    );
    await expect(
      writePyTorch([['u', { dtype: 'U32', shape: [1], data: Uint32Array.of(1) }]]),
    ).rejects.toThrow(/tensor "u" is U32; PyTorch has classes for F32, F64/);
  });
});
