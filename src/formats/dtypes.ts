// The element types of tensors in files, under the names that safetensors has for them, and the typed arrays that
// hold them. PyTorch's and NumPy's are read into the same. The 4-, 6- and 8-bit floats and complex numbers are not
// among them.

import { bf16ToF32, f16ToF32, f32ToBf16, f32ToF16 } from './half';

/** The typed array that holds each dtype in memory. F16 and BF16 are widened to f32; a BOOL is one byte, 0 or 1. */
export interface SafetensorsArrays {
  U64: BigUint64Array;
  I64: BigInt64Array;
  F64: Float64Array;
  F32: Float32Array;
  U32: Uint32Array;
  I32: Int32Array;
  BF16: Float32Array;
  F16: Float32Array;
  U16: Uint16Array;
  I16: Int16Array;
  I8: Int8Array;
  U8: Uint8Array;
  BOOL: Uint8Array;
}

/** The types of numbers that safetensors files hold here. */
export type SafetensorsDtype = keyof SafetensorsArrays;

/**
 * One tensor of a file. `data` is row-major and holds as many elements as `shape` says; `[]` is a scalar, one element.
 */
export type SafetensorsEntry = {
  [D in SafetensorsDtype]: {
    readonly dtype: D;
    readonly shape: readonly number[];
    readonly data: SafetensorsArrays[D];
  };
}[SafetensorsDtype];

interface Codec<D extends SafetensorsDtype> {
  /** Bytes of one element in the file. */
  readonly size: number;
  /** Name of the typed array in memory. */
  readonly array: string;
  /** From bytes that start at 0 of their own buffer. */
  readonly decode: (buffer: ArrayBuffer) => SafetensorsArrays[D];
  readonly encode: (data: SafetensorsArrays[D]) => ArrayBufferView;
}

const asIs = <T extends ArrayBufferView>(data: T): T => data;

/**
 * In the order in which the reference implementation writes them: widest first, so that every tensor starts at a
 * multiple of its element size.
 */
export const SAFETENSORS_DTYPES: { readonly [D in SafetensorsDtype]: Codec<D> } = {
  U64: { size: 8, array: 'BigUint64Array', decode: (b) => new BigUint64Array(b), encode: asIs },
  I64: { size: 8, array: 'BigInt64Array', decode: (b) => new BigInt64Array(b), encode: asIs },
  F64: { size: 8, array: 'Float64Array', decode: (b) => new Float64Array(b), encode: asIs },
  F32: { size: 4, array: 'Float32Array', decode: (b) => new Float32Array(b), encode: asIs },
  U32: { size: 4, array: 'Uint32Array', decode: (b) => new Uint32Array(b), encode: asIs },
  I32: { size: 4, array: 'Int32Array', decode: (b) => new Int32Array(b), encode: asIs },
  BF16: { size: 2, array: 'Float32Array', decode: (b) => bf16ToF32(new Uint16Array(b)), encode: f32ToBf16 },
  F16: { size: 2, array: 'Float32Array', decode: (b) => f16ToF32(new Uint16Array(b)), encode: f32ToF16 },
  U16: { size: 2, array: 'Uint16Array', decode: (b) => new Uint16Array(b), encode: asIs },
  I16: { size: 2, array: 'Int16Array', decode: (b) => new Int16Array(b), encode: asIs },
  I8: { size: 1, array: 'Int8Array', decode: (b) => new Int8Array(b), encode: asIs },
  U8: { size: 1, array: 'Uint8Array', decode: (b) => new Uint8Array(b), encode: asIs },
  BOOL: { size: 1, array: 'Uint8Array', decode: (b) => new Uint8Array(b), encode: asIs },
};

/** Of the format as it is, and not read here. */
const UNREAD = /^(F8_E4M3(FNUZ)?|F8_E5M2(FNUZ)?|F8_E8M0|F6_E2M3|F6_E3M2|F4|C64)$/;

export function isUnreadDtype(value: unknown): boolean {
  return typeof value === 'string' && UNREAD.test(value);
}

export function isSafetensorsDtype(value: unknown): value is SafetensorsDtype {
  return typeof value === 'string' && Object.hasOwn(SAFETENSORS_DTYPES, value);
}
