// The header of a NumPy array: a dictionary of Python's with three entries, read by its form and never evaluated.
// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import { check, SpikegradError } from '../../errors';
import type { SafetensorsDtype } from '../dtypes';

/** What stands before the numbers. */
export interface NpyHeader {
  /** Of the numbers, or of fixed-width text in UTF-32 (U) or bytes (S). */
  readonly dtype: SafetensorsDtype | 'U' | 'S';
  /** Bytes of one element. */
  readonly size: number;
  readonly swap: boolean;
  readonly shape: readonly number[];
  /** Whether the first axis is the fastest. */
  readonly fortran: boolean;
  /** Where the numbers begin. */
  readonly start: number;
}

const NUMBERS: Readonly<Record<string, SafetensorsDtype>> = {
  b1: 'BOOL',
  i1: 'I8',
  i2: 'I16',
  i4: 'I32',
  i8: 'I64',
  u1: 'U8',
  u2: 'U16',
  u4: 'U32',
  u8: 'U64',
  f2: 'F16',
  f4: 'F32',
  f8: 'F64',
};

const UNREAD: Readonly<Record<string, string>> = {
  O: 'Python objects, a pickle',
  V: 'raw records',
  c: 'complex numbers; save a.real and a.imag',
  f: 'long doubles; save a.astype(numpy.float64)',
  M: 'dates; save a.astype(numpy.int64)',
  m: 'spans of time; save a.astype(numpy.int64)',
};

/** One of NumPy's own headers has a few hundred bytes; NumPy itself reads no more than 10,000 of a stranger's. */
const LONGEST = 10_000;

/** @throws naming what the array holds where that is not read, or the byte at which the header is damaged */
export function readNpyHeader(where: string, bytes: Uint8Array): NpyHeader {
  check(
    bytes.length >= 10,
    where,
    () => `an array of NumPy has a header; the file ends at byte ${bytes.length}`,
  );
  const [major, minor] = [bytes[6]!, bytes[7]!];
  check(
    major >= 1 && major <= 3,
    where,
    () => `version ${major}.${minor} at byte 6; versions 1 to 3 are read`,
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const from = major === 1 ? 10 : 12;
  check(bytes.length >= from, where, () => `the header ends at byte ${bytes.length}`);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  check(
    length <= LONGEST,
    where,
    () => `the header of ${length} bytes at byte 8; at most ${LONGEST} are read`,
  );
  check(
    from + length <= bytes.length,
    where,
    () => `the header reaches to byte ${from + length}, the file to ${bytes.length}`,
  );
  const text = decoded(where, bytes.slice(from, from + length), major === 3 ? 'utf-8' : 'latin1');
  return { ...parsed(where, text), start: from + length };
}

function decoded(where: string, header: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(header);
  } catch (cause) {
    throw new SpikegradError(where, 'the header from byte 10 on is no text; the file is damaged', { cause });
  }
}

const QUOTED = /^'([^']*)'|^"([^"]*)"/;

function parsed(where: string, text: string): Omit<NpyHeader, 'start'> {
  const short = text.trim().slice(0, 160);
  const of = (key: string) => {
    const at = new RegExp(`['"]${key}['"]\\s*:\\s*`).exec(text);
    check(at !== null, where, () => `the header from byte 10 on has no ${key}: ${short}`);
    return text.slice(at.index + at[0].length);
  };
  const order = /^(True|False)/.exec(of('fortran_order'))?.[1];
  const axes = /^\(([\dL, ]*)\)/.exec(of('shape'))?.[1];
  check(
    order !== undefined && axes !== undefined,
    where,
    () => `the header from byte 10 on is damaged: ${short}`,
  );
  const shape = axes
    .split(',')
    .map((axis) => axis.trim())
    .filter((axis) => axis !== '')
    .map((axis) => Number(axis.replace(/L$/, '')));
  check(shape.every(Number.isSafeInteger), where, () => `shape (${axes}) in the header is none`);
  const descr = of('descr');
  check(
    !/^\[/.test(descr),
    where,
    () =>
      `the array is structured (${(/^\[.*?\)\]/.exec(descr)?.[0] ?? descr).slice(0, 100)}), each element a record with names; save its fields one by one, in Python numpy.savez('x.npz', **{n: a[n] for n in a.dtype.names})`,
  );
  const [, single, double] = QUOTED.exec(descr) ?? [];
  return { ...typeOf(where, single ?? double ?? ''), shape, fortran: order === 'True' };
}

function typeOf(where: string, type: string): Pick<NpyHeader, 'dtype' | 'size' | 'swap'> {
  const [, order, kind, digits] = /^([<>=|]?)([a-zA-Z])(\d*)(?:\[\w*\])?$/.exec(type) ?? [];
  const count = Number(digits);
  const swap = order === '>';
  if ((kind === 'U' || kind === 'S') && count <= LONGEST)
    return { dtype: kind, size: (kind === 'U' ? 4 : 1) * count, swap };
  const dtype = Object.hasOwn(NUMBERS, `${kind}${digits}`) ? NUMBERS[`${kind}${digits}`] : undefined;
  if (dtype === undefined) {
    const why = UNREAD[kind ?? ''] ?? 'no type that is known';
    throw new SpikegradError(
      where,
      `the array's type in the header is ${JSON.stringify(type.slice(0, 40))}: ${why}; read are whole numbers, floats of 16, 32 and 64 bits, bool and text`,
    );
  }
  return { dtype, size: count, swap };
}
