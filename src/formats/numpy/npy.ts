// What is in NumPy's files: .npy, one array, and .npz, a zip archive of them by name. Numbers of any byte order and
// of Fortran's order of axes come out row-major, as the tensors of a safetensors file do. Loaded by index.ts when
// there is one to read.

import { check } from '../../errors';
import { foreign } from '../../magic';
import { ownBytes } from '../byte-order';
import { SAFETENSORS_DTYPES, type SafetensorsDtype, type SafetensorsEntry } from '../dtypes';
import { rowMajor } from '../strided';
import { unzip } from '../zip';
import { type NpyHeader, readNpyHeader } from './header';

/** An array of texts, such as the names of classes; row-major. */
export interface NpyTexts {
  readonly dtype: 'text';
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

/** An array of a .npy or .npz file: numbers as a tensor of a safetensors file has them, or texts. */
export type NpyArray = SafetensorsEntry | NpyTexts;

const MARK = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** One array. @param where the function that reads, for messages */
export function arrayOf(where: string, bytes: Uint8Array): NpyArray {
  const isArray = MARK.every((byte, i) => bytes[i] === byte);
  check(
    isArray,
    where,
    () => foreign(bytes, 'npy') ?? 'no array of NumPy, which begins with \\x93NUMPY at byte 0',
  );
  const header = readNpyHeader(where, bytes);
  const { dtype, shape, size, start } = header;
  const count = shape.reduce((product, n) => product * n, 1);
  check(
    Number.isSafeInteger(count) && count * size === bytes.length - start && (size > 0 || count === 0),
    where,
    () =>
      `shape (${shape.slice(0, 8)}${shape.length > 8 ? ',…' : ''}) of ${size} bytes each takes ${count * size} bytes from byte ${start} on, the file has ${bytes.length - start}; it is cut off or damaged`,
  );
  const content = bytes.subarray(start);
  return dtype === 'U' || dtype === 'S' ? textsOf(header, content, count) : numbersOf(header, dtype, content);
}

/** Arrays by name, without the ending of their entries. */
export async function arraysOf(where: string, bytes: Uint8Array): Promise<Map<string, NpyArray>> {
  const other = foreign(bytes, 'npz');
  check(other === undefined, where, () => other!);
  const arrays = new Map<string, NpyArray>();
  for (const [name, content] of await unzip(where, bytes)) {
    const short = name.slice(0, 80);
    check(
      name.endsWith('.npy'),
      where,
      () => `entry ${JSON.stringify(short)} is no array; numpy.savez writes archives of .npy files alone`,
    );
    arrays.set(name.slice(0, -'.npy'.length), arrayOf(`${where}, array "${short}"`, content));
  }
  return arrays;
}

function numbersOf(header: NpyHeader, dtype: SafetensorsDtype, content: Uint8Array): SafetensorsEntry {
  const { shape } = header;
  const data = SAFETENSORS_DTYPES[dtype].decode(ownBytes(content, header));
  return {
    dtype,
    shape,
    data: header.fortran ? rowMajor(data, shape, fortranStrides(shape)) : data,
  } as SafetensorsEntry;
}

function textsOf(header: NpyHeader, content: Uint8Array, count: number): NpyTexts {
  const { dtype, size, shape } = header;
  const own = new Uint8Array(ownBytes(content, { size: dtype === 'U' ? 4 : 1, swap: header.swap }));
  const codes = dtype === 'U' ? new Uint32Array(own.buffer) : own;
  const width = dtype === 'U' ? size / 4 : size;
  const letter = (code: number) => (code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd');
  const data = Array.from({ length: count }, (_, i) =>
    Array.from(codes.subarray(i * width, (i + 1) * width), letter)
      .join('')
      .replace(/\0+$/, ''),
  );
  return { dtype: 'text', shape, data: header.fortran ? rowMajor(data, shape, fortranStrides(shape)) : data };
}

/** The first axis is the fastest. */
function fortranStrides(shape: readonly number[]): number[] {
  let step = 1;
  return shape.map((length) => {
    const own = step;
    step *= length;
    return own;
  });
}
