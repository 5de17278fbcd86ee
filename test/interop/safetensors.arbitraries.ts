// Draws of safetensors entries: every dtype, shapes with zeros and scalars, and data from raw bits, so that NaN
// payloads, -0 and subnormals all come up.

import fc from 'fast-check';
import { bf16ToF32, f16ToF32 } from '../../src/formats/half';
import type { SafetensorsDtype, SafetensorsEntry } from '../../src/interop/safetensors';

type Make = { readonly [D in SafetensorsDtype]: (bytes: ArrayBuffer) => unknown };

const SIZES: { readonly [D in SafetensorsDtype]: number } = {
  U64: 8,
  I64: 8,
  F64: 8,
  F32: 4,
  U32: 4,
  I32: 4,
  BF16: 2,
  F16: 2,
  U16: 2,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

const MAKE: Make = {
  U64: (b) => new BigUint64Array(b),
  I64: (b) => new BigInt64Array(b),
  F64: (b) => new Float64Array(b),
  F32: (b) => new Float32Array(b),
  U32: (b) => new Uint32Array(b),
  I32: (b) => new Int32Array(b),
  BF16: (b) => bf16ToF32(new Uint16Array(b)),
  F16: (b) => f16ToF32(new Uint16Array(b)),
  U16: (b) => new Uint16Array(b),
  I16: (b) => new Int16Array(b),
  I8: (b) => new Int8Array(b),
  U8: (b) => new Uint8Array(b),
  BOOL: (b) => new Uint8Array(b).map((x) => x & 1),
};

export const DTYPES = Object.keys(SIZES) as SafetensorsDtype[];

/** Bit patterns where careless code loses something: NaN payloads, signalling NaN, -0, infinities, subnormals. */
const awkwardByte = fc.oneof(
  { weight: 3, arbitrary: fc.nat(255) },
  { weight: 2, arbitrary: fc.constantFrom(0, 0x80, 0x7f, 0xff, 1) },
);

export const entry: fc.Arbitrary<SafetensorsEntry> = fc
  .record({
    dtype: fc.constantFrom(...DTYPES),
    shape: fc.array(fc.nat(3), { maxLength: 4 }),
  })
  .chain(({ dtype, shape }) => {
    const bytes = SIZES[dtype] * shape.reduce((a, b) => a * b, 1);
    return fc
      .array(awkwardByte, { minLength: bytes, maxLength: bytes })
      .map((raw) => ({ dtype, shape, data: MAKE[dtype](Uint8Array.from(raw).buffer) }) as SafetensorsEntry);
  });

export const name = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '',
      '__proto__',
      'constructor',
      'toString',
      '7',
      'a"b\\c\n',
      '\u{10000}',
      '\ue000',
      'x'.repeat(5000),
    ),
  )
  .filter((n) => n !== '__metadata__');

export const tensors = fc.uniqueArray(fc.tuple(name, entry), { selector: ([n]) => n, maxLength: 8 });

export const metadata = fc.dictionary(name, fc.string({ unit: 'binary' }), { maxKeys: 4 });
