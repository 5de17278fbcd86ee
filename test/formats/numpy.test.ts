// NumPy's files, written by NumPy (make-files.py beside the files says how).

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type NpyArray, readNpy, readNpz } from '../../src';

const bytesOf = (name: string) => readFileSync(resolve('test/formats/files', name));
const expected = JSON.parse(bytesOf('expected.json').toString()) as Readonly<
  Record<string, { shape: number[]; data: (number | string | boolean)[] }>
>;
const plain = ({ shape, data }: NpyArray) => ({
  shape,
  data: Array.from(data as ArrayLike<unknown>, (value) =>
    typeof value === 'string' ? value : Number(value),
  ),
});

describe("NumPy's arrays", () => {
  test('have the numbers and texts that NumPy saved: each type, byte order, order of axes, and name', async () => {
    const arrays = await readNpz(bytesOf('types.npz'));
    expect([...arrays.keys()]).toEqual(Object.keys(expected));
    for (const [name, array] of arrays) {
      const { shape, data } = expected[name]!;
      const wanted = data.map((value) => (typeof value === 'boolean' ? Number(value) : value));
      expect(plain(array), name).toEqual({ shape, data: wanted });
    }
    expect(arrays.get('big i8')!.data).toBeInstanceOf(BigInt64Array);
    expect(arrays.get('half')!.dtype).toBe('F16');
  });

  test('come packed, alone, and in the format of version 3', async () => {
    const packed = await readNpz(bytesOf('packed.npz'));
    expect(packed.get('zeros')!.data).toEqual(new Float64Array(1000));
    expect(packed.get('ones')!.data).toEqual(Int16Array.of(1, 1, 1));
    expect(plain(await readNpy(bytesOf('plain.npy')))).toEqual(expected.fortran);
    expect((await readNpy(bytesOf('version3.npy'))).data).toEqual(Float64Array.of(1.5));
  });

  test.each([
    ['structured', /is structured \(\[\('größe', '<i4'\)[^}]*\), each.*for n in a\.dtype\.names/],
    ['objects', /type in the header is "\|O": Python objects, a pickle/],
    ['complex', /type in the header is "<c16": complex numbers; save a\.real and a\.imag/],
    ['dates', /"<M8\[D\]": dates; save a\.astype/],
    ['long', /type in the header is "<f16": long doubles; save a\.astype\(numpy\.float64\)/],
    ['void', /type in the header is "\|V3": raw records/],
  ])('%s are refused by name', async (name, words) => {
    await expect(readNpy(bytesOf(`${name}.npy`))).rejects.toThrow(words);
  });

  test('are told from other files, and from those that are cut off', async () => {
    await expect(readNpy(bytesOf('packed.npz'))).rejects.toThrow(/NumPy arrays \(\.npz\), not a NumPy array/);
    await expect(readNpz(bytesOf('plain.npy'))).rejects.toThrow(/a NumPy array \(\.npy\), not an archive/);
    await expect(readNpy(bytesOf('plain.npy').subarray(0, 200))).rejects.toThrow(
      /takes 192 bytes from byte 128 on, the file has 72/,
    );
    await expect(readNpz(bytesOf('types.npz').subarray(0, 4000))).rejects.toThrow(/damaged or cut off/);
  });
});
