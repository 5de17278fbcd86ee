// The numbers and texts of a dataset of a NIR file, of the kinds that HDF5 has and h5py writes.

import type { Dataset } from 'h5wasm';
import { sizeOf } from '../../backends/shape';
import { check, SpikegradError } from '../../errors';
import { f16ToF32 } from '../../formats/half';
import type { NirArray } from './graph';

/** Kinds of HDF5. */
export const INTEGER = 0;
export const FLOAT = 1;
export const STRING = 3;
/** Bytes of a half. */
const HALF = 2;
/** Truth values, as Python's h5py writes them. */
export const ENUM = 8;

/** Filters that are part of HDF5 itself: deflate, shuffle, fletcher32, szip, nbit, scale and offset. */
const OWN_FILTERS = 6;

/** A dataset's numbers or texts. @throws telling what the library lacks from what is damaged */
export function contentOf(dataset: Dataset, path: string, where: string): unknown {
  const { type, size } = dataset.metadata;
  if (type === FLOAT && size === HALF) return halves(dataset, path, where);
  check(
    type !== FLOAT || size === 4 || size === 8,
    where,
    () =>
      `${path} holds floats of ${8 * size} bits, which h5wasm does not read; the file may be whole: write them as 32-bit floats, in Python array.astype('float32')`,
  );
  try {
    return dataset.value;
  } catch (cause) {
    if (cause instanceof WebAssembly.RuntimeError) throw cause;
    const [filter] = dataset.filters.filter(({ id }) => id > OWN_FILTERS);
    if (filter === undefined) throw cause;
    throw new SpikegradError(
      where,
      `${path} is packed with the filter ${filter.name || 'without a name'} (${filter.id}), which h5wasm does not have; the file may be whole: \`h5repack -f GZIP=4 FILE NEW\` packs it in a common way`,
      { cause },
    );
  }
}

/** 16-bit floats, widened to 32 bits. */
function halves(dataset: Dataset, path: string, where: string): Float32Array {
  // h5wasm gives no floats of that size, but the same bytes as whole numbers: it goes by what its metadata say
  Object.assign(dataset.metadata, { type: INTEGER, signed: false });
  const bits = contentOf(dataset, path, where);
  return f16ToF32(bits instanceof Uint16Array ? bits : Uint16Array.of(Number(bits)));
}

export function numbers(
  value: unknown,
  shape: number[],
  integer: boolean,
  path: string,
  where: string,
): NirArray {
  if (value instanceof Float32Array || value instanceof Float64Array)
    return { shape, data: value.slice(), integer };
  const data = Float64Array.from(isIterable(value) ? [...value] : [value], Number);
  check(
    data.length === sizeOf(shape),
    where,
    () => `${path}: shape [${shape}] with ${data.length} numbers; the file is damaged`,
  );
  return { shape, data, integer };
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
