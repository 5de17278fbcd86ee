// NumPy's arrays inside pickles: of Python 2, whose texts are bytes, and of Python 3 in all its protocols. Names that
// pickles of arrays may use, each as a function of ours.

import { check, SpikegradError } from '../../errors';
import type { PickleFunction } from '.';

/** An array as a pickle has it: its bytes, and what they are. */
export class PickledArray {
  shape: readonly number[] = [];
  /** NumPy's word for the numbers: `u1`, `f4`, `i8`. */
  dtype = '';
  bytes: Uint8Array = new Uint8Array(0);
  /** Whether the first axis is the fastest. */
  fortran = false;

  /** What pickles call once the array is made: (version, shape, dtype, isFortran, bytes). */
  __setstate__(state: unknown): void {
    const [, shape, dtype, fortran, bytes] = Array.isArray(state) ? state : [];
    Object.assign(this, arrayOf(shape, dtype, bytes, fortran === true));
  }
}

class PickledType {
  constructor(readonly name: string) {}

  /** Byte order and fields; only the first is looked at. */
  __setstate__(state: unknown): void {
    const order = Array.isArray(state) ? state[1] : undefined;
    if (order === '>') throw new SpikegradError('pickle', 'an array in the other byte order is not read');
  }
}

function arrayOf(shape: unknown, dtype: unknown, bytes: unknown, fortran: boolean) {
  const isShape =
    Array.isArray(shape) && shape.every((axis) => Number.isSafeInteger(axis) && (axis as number) >= 0);
  // Python 2 keeps few bytes as a text
  const raw = typeof bytes === 'string' ? Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)) : bytes;
  if (!isShape || !(dtype instanceof PickledType) || !(raw instanceof Uint8Array))
    throw new SpikegradError('pickle', 'an array has no shape, type or bytes, or its numbers are objects');
  const size = Number(/\d+$/.exec(dtype.name)?.[0] ?? Number.NaN);
  const wanted = (shape as number[]).reduce((product, axis) => product * axis, 1) * size;
  check(
    wanted === raw.length,
    'pickle',
    () => `an array [${shape}] of ${dtype.name} has ${raw.length} bytes, expected ${wanted}`,
  );
  return { shape: shape as number[], dtype: dtype.name.replace(/^[<|=]/, ''), bytes: raw, fortran };
}

const reconstruct: PickleFunction = () => new PickledArray();

const frombuffer: PickleFunction = (bytes, dtype, shape, order) =>
  Object.assign(new PickledArray(), arrayOf(shape, dtype, bytes, order === 'F'));

/** bytes of Python 3 in protocol 2: text that stands for bytes. */
const encode: PickleFunction = (text, encoding) => {
  check(
    typeof text === 'string' && encoding === 'latin1',
    'pickle',
    'bytes are written in a way that is not known',
  );
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
};

/** A name that is only handed on. */
const none: PickleFunction = () => {
  throw new SpikegradError('pickle', 'an array is made in a way that is not known');
};

/** What a pickle of dictionaries, lists and arrays may name. */
export const NUMPY_NAMES: Readonly<Record<string, PickleFunction>> = {
  'numpy.core.multiarray._reconstruct': reconstruct,
  'numpy._core.multiarray._reconstruct': reconstruct,
  'numpy.core.numeric._frombuffer': frombuffer,
  'numpy._core.numeric._frombuffer': frombuffer,
  'numpy.ndarray': none,
  'numpy.dtype': (name) => new PickledType(String(name).slice(0, 20)),
  '_codecs.encode': encode,
};
