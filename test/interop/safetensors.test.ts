import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSafetensors, type SafetensorsEntry, writeSafetensors } from '../../src/interop/safetensors';
import { DTYPES, metadata, tensors } from './safetensors.arbitraries';

const f32 = (shape: number[], ...values: number[]): SafetensorsEntry => ({
  dtype: 'F32',
  shape,
  data: new Float32Array(values),
});

/** The raw bytes of an array: toEqual on numbers would not tell one NaN from another. */
const bytesOf = (data: ArrayBufferView) => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];

function headerOf(file: Uint8Array): string {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return new TextDecoder().decode(file.subarray(8, 8 + length));
}

describe('writeSafetensors', () => {
  test('a small file has exactly the bytes that the format asks for', () => {
    const file = writeSafetensors([['a', f32([2], 1, -2)]], { made: 'by hand' });
    const json = '{"__metadata__":{"made":"by hand"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const padded = json.padEnd(Math.ceil(json.length / 8) * 8, ' ');
    expect([...file]).toEqual([
      ...[padded.length, 0, 0, 0, 0, 0, 0, 0],
      ...new TextEncoder().encode(padded),
      ...[0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0],
    ]);
  });

  test('tensors stand widest dtype first and by name within a dtype', () => {
    const file = writeSafetensors([
      ['z', { dtype: 'U8', shape: [1], data: new Uint8Array(1) }],
      ['b', f32([1], 0)],
      ['a', f32([1], 0)],
      ['y', { dtype: 'I64', shape: [], data: new BigInt64Array(1) }],
      ['h', { dtype: 'F16', shape: [3], data: new Float32Array(3) }],
    ]);
    expect([...readSafetensors(file).tensors.keys()]).toEqual(['y', 'a', 'b', 'h', 'z']);
  });

  test('names are sorted by code point, not by code unit', () => {
    const names = ['\u{10000}', '\ue000', 'é', 'a', 'aa', '\u{10001}'];
    const file = writeSafetensors(names.map((n) => [n, f32([0])]));
    const header = headerOf(file);
    const sorted = [...names].sort(
      (a, b) => header.indexOf(JSON.stringify(a)) - header.indexOf(JSON.stringify(b)),
    );
    expect(sorted).toEqual(['a', 'aa', 'é', '\ue000', '\u{10000}', '\u{10001}']);
  });

  test('the order of tensors and metadata never changes a byte', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, meta) => {
        const backwards = Object.fromEntries(Object.entries(meta).reverse());
        expect(writeSafetensors(list.toReversed(), backwards)).toEqual(writeSafetensors(list, meta));
      }),
    );
  });

  test('the header is padded to 8 bytes and every tensor lies aligned', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, meta) => {
        const file = writeSafetensors(list, meta);
        const header = headerOf(file);
        expect(new TextEncoder().encode(header).length % 8).toBe(0);
        const parsed = Object.entries(
          JSON.parse(header) as Record<string, { dtype: string; data_offsets: number[] }>,
        );
        for (const [name, { dtype, data_offsets }] of parsed) {
          if (name === '__metadata__') continue;
          const size = Number(dtype.replace(/\D*(\d+)$/, '$1').replace('BOOL', '8')) / 8;
          expect(data_offsets[0]! % size).toBe(0);
        }
      }),
    );
  });

  test('a map from reading can be written again', () => {
    const file = writeSafetensors([['w', f32([1, 2], 3, 4)]], { k: 'v' });
    const read = readSafetensors(file);
    expect(writeSafetensors(read.tensors, read.metadata)).toEqual(file);
  });

  test('a view into a larger buffer is written, not the buffer', () => {
    const big = new Float32Array([9, 1, 2, 9]);
    const file = writeSafetensors([['v', { dtype: 'F32', shape: [2], data: big.subarray(1, 3) }]]);
    expect(readSafetensors(file).tensors.get('v')!.data).toEqual(new Float32Array([1, 2]));
  });

  const bad: [string, () => [string, SafetensorsEntry][], RegExp][] = [
    [
      'a name given twice',
      () => [
        ['a', f32([1], 0)],
        ['a', f32([1], 0)],
      ],
      /tensor "a" is given twice/,
    ],
    ['the reserved name', () => [['__metadata__', f32([1], 0)]], /__metadata__ is taken/],
    ['half a surrogate pair in a name', () => [['\ud800', f32([1], 0)]], /not valid Unicode/],
    [
      'a shape that is not the length',
      () => [['a', f32([2, 2], 1, 2, 3)]],
      /\[2,2\] has 4 elements, data has 3/,
    ],
    ['a negative shape', () => [['a', f32([-1], 1)]], /must hold non-negative integers/],
    ['a fractional shape', () => [['a', f32([0.5], 1)]], /must hold non-negative integers/],
    [
      'an array of another type',
      () => [['a', { dtype: 'F64', shape: [1], data: new Float32Array(1) } as unknown as SafetensorsEntry]],
      /F64 takes its data as Float64Array/,
    ],
    [
      'an unknown dtype',
      () => [
        ['a', { dtype: 'toString', shape: [1], data: new Float32Array(1) } as unknown as SafetensorsEntry],
      ],
      /dtype "toString" is not one of/,
    ],
  ];
  test.each(bad)('%s is refused by name', (_, list, message) => {
    expect(() => writeSafetensors(list())).toThrow(message);
  });

  test('metadata that is no string or no Unicode is refused', () => {
    expect(() => writeSafetensors([], { epoch: 3 } as unknown as Record<string, string>)).toThrow(
      /"epoch" must be a string/,
    );
    expect(() => writeSafetensors([], { a: '\udc00' })).toThrow(/not valid Unicode/);
  });
});

describe('reading back', () => {
  test('every bit of every tensor survives, whatever its dtype, shape or name', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, meta) => {
        const read = readSafetensors(writeSafetensors(list, meta));
        expect(new Set(read.tensors.keys())).toEqual(new Set(list.map(([name]) => name)));
        for (const [name, entry] of list) {
          const back = read.tensors.get(name)!;
          expect([back.dtype, back.shape]).toEqual([entry.dtype, entry.shape]);
          expect(back.data.constructor).toBe(entry.data.constructor);
          expect(bytesOf(back.data)).toEqual(bytesOf(entry.data));
        }
        expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(meta).sort());
      }),
    );
  });

  test('a signalling NaN with a payload and -0 survive in F32 and F64', () => {
    const f4 = new Float32Array(new Uint32Array([0x7f812345, 0x80000000, 0xffc00001]).buffer);
    const f8 = new Float64Array(new BigUint64Array([0x7ff0000000000001n, 0x8000000000000000n]).buffer);
    const read = readSafetensors(
      writeSafetensors([
        ['f4', { dtype: 'F32', shape: [3], data: f4 }],
        ['f8', { dtype: 'F64', shape: [2], data: f8 }],
      ]),
    ).tensors;
    expect(bytesOf(read.get('f4')!.data)).toEqual(bytesOf(f4));
    expect(bytesOf(read.get('f8')!.data)).toEqual(bytesOf(f8));
  });

  test('a file without tensors is a file', () => {
    const read = readSafetensors(writeSafetensors([]));
    expect([read.tensors.size, Object.keys(read.metadata)]).toEqual([0, []]);
  });

  test('names of the object prototype stay names and touch no prototype', () => {
    const names = ['__proto__', 'constructor', 'hasOwnProperty'];
    const read = readSafetensors(
      writeSafetensors(
        names.map((n) => [n, f32([1], 1)]),
        JSON.parse('{"__proto__":"polluted","constructor":"x"}'),
      ),
    );
    expect([...read.tensors.keys()].sort()).toEqual(names.sort());
    expect(Object.entries(read.metadata)).toEqual([
      ['__proto__', 'polluted'],
      ['constructor', 'x'],
    ]);
    expect(Object.getPrototypeOf(read.metadata)).toBeNull();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('a file that starts at an odd address inside a Node Buffer reads the same and is copied', () => {
    const file = writeSafetensors([['d', { dtype: 'F64', shape: [2], data: new Float64Array([1, 2]) }]]);
    const odd = Buffer.alloc(file.length + 3);
    odd.set(file, 3);
    const inside = odd.subarray(3);
    const data = readSafetensors(inside).tensors.get('d')!.data;
    inside.fill(0);
    expect(data).toEqual(new Float64Array([1, 2]));
  });

  test.each(DTYPES)('%s of one element takes the bytes of one element', (dtype) => {
    const size =
      { U64: 8, I64: 8, F64: 8, F32: 4, U32: 4, I32: 4, BF16: 2, F16: 2, U16: 2, I16: 2 }[dtype as string] ??
      1;
    const json = `{"a":{"dtype":"${dtype}","shape":[],"data_offsets":[0,${size}]}}`;
    const file = new Uint8Array(8 + json.length + size);
    file[0] = json.length;
    file.set(new TextEncoder().encode(json), 8);
    file[8 + json.length + size - 1] = 1;
    const { data } = readSafetensors(file).tensors.get('a')!;
    expect(data.length).toBe(1);
    expect(Number(data[0])).not.toBe(0);
  });
});
