import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SpikegradError } from '../../src/errors';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors';
import { metadata, tensors } from './safetensors.arbitraries';

/** A file with this header text (or header bytes), this many data bytes, and optionally a lying header length. */
function fileOf(header: string | Uint8Array, dataBytes = 0, declared?: bigint): Uint8Array {
  const json = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + json.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, declared ?? BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

const tensor = (fields: string) => `{"fc.weight":{${fields}}}`;
const ok = '"dtype":"F32","shape":[2],"data_offsets":[0,8]';

const hostile: [string, Uint8Array, RegExp][] = [
  ['no bytes', new Uint8Array(0), /got 0 bytes/],
  ['seven bytes', new Uint8Array(7), /got 7 bytes/],
  [
    'a header length over the file',
    fileOf('{}', 0, 3n),
    /header length 3 reaches beyond the file of 10 bytes/,
  ],
  ['a header length over the limit', fileOf('{}', 0, 100_000_001n), /over the limit/],
  ['a header length of 2^64 - 1', fileOf('{}', 0, 2n ** 64n - 1n), /over the limit/],
  ['an empty header', fileOf(''), /must start with "\{"/],
  ['a header that is an array', fileOf('[]'), /must start with "\{"/],
  ['a byte order mark', fileOf('\ufeff{}'), /must start with "\{"/],
  ['leading white space', fileOf(' {}'), /must start with "\{"/],
  ['invalid UTF-8', fileOf(Uint8Array.of(0x7b, 0xff, 0x7d)), /not valid UTF-8/],
  ['an overlong encoding', fileOf(Uint8Array.of(0x7b, 0xc0, 0xaf, 0x7d)), /not valid UTF-8/],
  ['half a JSON text', fileOf('{"a":'), /not valid JSON/],
  ['two JSON texts', fileOf('{}{}'), /not valid JSON/],
  ['zero bytes as padding', fileOf('{}\0\0'), /not valid JSON/],
  ['a name twice', fileOf(`{"a":{${ok}},"a":{${ok}}}`, 8), /key "a" twice/],
  ['a name twice, once escaped', fileOf(`{"a":{${ok}},"\\u0061":{${ok}}}`, 8), /key "a" twice/],
  ['a field twice', fileOf(tensor(`${ok},"shape":[2]`), 8), /key "shape" twice/],
  ['half a surrogate pair in a name', fileOf(`{"\\ud800":{${ok}}}`, 8), /not valid Unicode/],
  ['metadata that is no object', fileOf('{"__metadata__":[]}'), /__metadata__ must be an object/],
  ['metadata that is null', fileOf('{"__metadata__":null}'), /__metadata__ must be an object/],
  ['a number in metadata', fileOf('{"__metadata__":{"epoch":3}}'), /"epoch" must be a string, got 3/],
  ['metadata of half a pair', fileOf('{"__metadata__":{"a":"\\udfff"}}'), /not valid Unicode/],
  ['a tensor that is a string', fileOf('{"fc.weight":"F32"}'), /"fc.weight" must be an object, got "F32"/],
  ['a tensor that is null', fileOf('{"fc.weight":null}'), /"fc.weight" must be an object, got null/],
  ['a tensor without fields', fileOf(tensor('')), /"fc.weight": data_offsets must be/],
  [
    'an unknown dtype',
    fileOf(tensor('"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]'), 2),
    /\[0,2\]: dtype "F8_E4M3"/,
  ],
  [
    'a dtype of the prototype',
    fileOf(tensor('"dtype":"constructor","shape":[2],"data_offsets":[0,8]'), 8),
    /dtype "constr/,
  ],
  [
    'a dtype that is an array',
    fileOf(tensor('"dtype":["F32"],"shape":[2],"data_offsets":[0,8]'), 8),
    /dtype \["F32"\]/,
  ],
  [
    'a negative shape',
    fileOf(tensor('"dtype":"F32","shape":[-2],"data_offsets":[0,8]'), 8),
    /shape must be .* got \[-2\]/,
  ],
  ['two negatives', fileOf(tensor('"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]'), 8), /shape must be/],
  [
    'a fractional shape',
    fileOf(tensor('"dtype":"F32","shape":[0.5,4],"data_offsets":[0,8]'), 8),
    /shape must be/,
  ],
  ['a negative zero', fileOf(tensor('"dtype":"F32","shape":[-0],"data_offsets":[0,0]')), /shape must be/],
  [
    'a shape beyond 2^53',
    fileOf(tensor('"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,8]'), 8),
    /shape must be/,
  ],
  [
    'a shape of strings',
    fileOf(tensor('"dtype":"F32","shape":["2"],"data_offsets":[0,8]'), 8),
    /got \["2"\]/,
  ],
  ['a shape that is a number', fileOf(tensor('"dtype":"F32","shape":2,"data_offsets":[0,8]'), 8), /got 2/],
  [
    'a product that overflows',
    fileOf(tensor(`"dtype":"F32","shape":[${`${2 ** 50},`.repeat(30)}0],"data_offsets":[0,0]`)),
    /takes NaN bytes/,
  ],
  [
    'a shape of terabytes over a few bytes',
    fileOf(tensor('"dtype":"F64","shape":[1000000,1000000],"data_offsets":[0,8]'), 8),
    /\[0,8\]: F64 \[1000000,1000000\] takes 8000000000000 bytes, the offsets span 8/,
  ],
  [
    'terabytes that the offsets claim too',
    fileOf(tensor('"dtype":"F64","shape":[1000000,1000000],"data_offsets":[0,8000000000000]'), 8),
    /"fc.weight" at data_offsets \[0,8000000000000\] ends outside the 8 bytes/,
  ],
  [
    'a shape too small for its bytes',
    fileOf(tensor('"dtype":"F32","shape":[1],"data_offsets":[0,8]'), 8),
    /takes 4 bytes, the offsets span 8/,
  ],
  ['offsets past the end', fileOf(tensor(ok), 7), /\[0,8\] ends outside the 7 bytes/],
  [
    'offsets backwards',
    fileOf(tensor('"dtype":"F32","shape":[0],"data_offsets":[8,0]'), 8),
    /\[8,0\] end before they begin/,
  ],
  [
    'a negative offset',
    fileOf(tensor('"dtype":"F32","shape":[2],"data_offsets":[-8,0]')),
    /data_offsets must be/,
  ],
  [
    'a fractional offset',
    fileOf(tensor('"dtype":"F32","shape":[2],"data_offsets":[0.5,8.5]'), 9),
    /data_offsets must be/,
  ],
  [
    'three offsets',
    fileOf(tensor('"dtype":"F32","shape":[2],"data_offsets":[0,8,8]'), 8),
    /data_offsets must be/,
  ],
  [
    'a gap at the start',
    fileOf(tensor('"dtype":"F32","shape":[1],"data_offsets":[4,8]'), 8),
    /\[4,8\] leaves a gap after offset 0/,
  ],
  ['bytes after the last tensor', fileOf(tensor(ok), 9), /end at offset 8, the data at 9/],
  ['data without a tensor', fileOf('{}', 1), /end at offset 0, the data at 1/],
  [
    'a gap between tensors',
    fileOf(
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}',
      3,
    ),
    /tensor "b" at data_offsets \[2,3\] leaves a gap after offset 1/,
  ],
  [
    'two tensors that overlap',
    fileOf(
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}',
      3,
    ),
    /tensor "b" at data_offsets \[1,3\] overlaps the tensor before it, which ends at 2/,
  ],
  ['two tensors on the same bytes', fileOf(`{"a":{${ok}},"b":{${ok}}}`, 8), /overlaps/],
];

describe('a hostile safetensors file', () => {
  test.each(hostile)('with %s is refused with its place', (_, file, message) => {
    expect(() => readSafetensors(file)).toThrow(SpikegradError);
    expect(() => readSafetensors(file)).toThrow(message);
  });

  test('nested 200,000 deep is refused, not a stack overflow', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    for (const field of [
      `{"a":${deep}}`,
      tensor(`"shape":${deep}`),
      tensor(`"dtype":${deep},"data_offsets":[0,0]`),
    ]) {
      expect(() => readSafetensors(fileOf(field))).toThrow(SpikegradError);
    }
  });

  test('a name of a megabyte is shortened in the message', () => {
    try {
      readSafetensors(fileOf(`{"${'n'.repeat(1_000_000)}":1}`));
      expect.unreachable();
    } catch (error) {
      expect(String(error).length).toBeLessThan(300);
    }
  });

  test('an argument that is no Uint8Array is refused', () => {
    expect(() => readSafetensors(new ArrayBuffer(16) as unknown as Uint8Array)).toThrow(SpikegradError);
  });
});

/** Reading gives a result or a SpikegradError; a result must hold together. */
function readsOrRefuses(file: Uint8Array): void {
  try {
    const { tensors: read } = readSafetensors(file);
    for (const { shape, data } of read.values()) expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
    const held = [...read.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(held).toBeLessThanOrEqual(2 * file.length);
  } catch (error) {
    if (!(error instanceof SpikegradError)) throw error;
  }
}

describe('fuzzed bytes give a result or a SpikegradError', () => {
  test('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readsOrRefuses), { numRuns: 500 });
  });

  test('random JSON as the header', () => {
    fc.assert(
      fc.property(fc.json(), fc.uint8Array({ maxLength: 20 }), (json, data) => {
        const file = fileOf(json, data.length);
        file.set(data, file.length - data.length);
        readsOrRefuses(file);
      }),
      { numRuns: 300 },
    );
  });

  const field = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('F32', 'U8', [0, 1], [1], [], [0, 4], [4, 8]),
  );
  const info = fc.record({ dtype: field, shape: field, data_offsets: field }, { requiredKeys: [] });
  test('headers of nearly right tensors', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), info), fc.nat(16), (header, n) => {
        readsOrRefuses(fileOf(JSON.stringify(header), n));
      }),
      { numRuns: 500 },
    );
  });

  test('a good file cut anywhere is refused', () => {
    fc.assert(
      fc.property(tensors, metadata, fc.nat(), (list, meta, where) => {
        const file = writeSafetensors(list, meta);
        expect(() => readSafetensors(file.subarray(0, where % file.length))).toThrow(SpikegradError);
      }),
      { numRuns: 200 },
    );
  });

  const mutation = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
  test('a good file with bytes changed', () => {
    fc.assert(
      fc.property(tensors, metadata, mutation, (list, meta, changes) => {
        const file = writeSafetensors(list, meta);
        const headerEnd = 8 + file[0]! + 256 * file[1]!;
        // Half of the changes go to the header, where the decisions are.
        changes.forEach(([at, byte], i) => {
          file[at % (i % 2 ? headerEnd : file.length)] = byte;
        });
        readsOrRefuses(file);
      }),
      { numRuns: 500 },
    );
  });
});
