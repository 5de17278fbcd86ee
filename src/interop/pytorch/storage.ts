// The numbers of PyTorch's tensors: storages, each a file of the archive, and the views of them that tensors are.

import { check, SpikegradError } from '../../errors';
import { ownBytes } from '../../formats/byte-order';
import {
  SAFETENSORS_DTYPES,
  type SafetensorsArrays,
  type SafetensorsDtype,
  type SafetensorsEntry,
} from '../../formats/dtypes';
import { rowMajor } from '../../formats/strided';

/** A class of storages, or an element type, by what it holds; `bytes` where the tensor says it. */
export class ElementType {
  constructor(readonly dtype: SafetensorsDtype | 'bytes') {
    Object.freeze(this);
  }
}

/** A storage as a pickle names it: which file it is, and how long it says that is. */
export class PickledStorage {
  constructor(
    readonly key: string,
    readonly dtype: SafetensorsDtype | 'bytes',
    readonly count: number,
  ) {
    Object.freeze(this);
  }
}

/** A tensor as a pickle describes it: a view of a storage. */
export class PickledTensor {
  constructor(
    readonly storage: PickledStorage,
    readonly dtype: SafetensorsDtype,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {
    Object.freeze(this);
  }
}

/** Bytes that tensors may take together, for each byte of the file; and what small files may take. */
const [MOST_TIMES, MOST_SMALL] = [16, 2 ** 20];
/** PyTorch's own limit. */
const MOST_AXES = 64;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const areCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= MOST_AXES && value.every(isCount);

/** @throws where what a pickle gives is no tensor's place */
export function tensorOf(
  where: string,
  [storage, offset, shape, strides]: readonly unknown[],
  given?: unknown,
): PickledTensor {
  check(
    storage instanceof PickledStorage && isCount(offset) && areCounts(shape) && areCounts(strides),
    where,
    'a tensor in the pickle has no storage, offset, shape and strides; the file is damaged',
  );
  const dtype = given instanceof ElementType ? given.dtype : storage.dtype;
  check(
    dtype !== 'bytes' && shape.length === strides.length,
    where,
    () =>
      `a tensor in the pickle of storage ${JSON.stringify(storage.key)} has no element type, or not as many strides as axes`,
  );
  return new PickledTensor(storage, dtype, offset, shape, strides);
}

/** Reads tensors out of the storages of one file. */
export class Storages {
  readonly #decoded = new Map<string, SafetensorsArrays[SafetensorsDtype]>();
  readonly #most: number;
  #taken = 0;

  /**
   * @param files bytes of the storages, by their keys
   * @param swap whether the file is big-endian
   */
  constructor(
    readonly where: string,
    readonly files: ReadonlyMap<string, Uint8Array>,
    readonly swap: boolean,
  ) {
    const held = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    this.#most = MOST_TIMES * held + MOST_SMALL;
  }

  /** @throws where its numbers do not lie in the file; `name` is for messages */
  read(name: string, { storage, dtype, offset, shape, strides }: PickledTensor): SafetensorsEntry {
    const { where } = this;
    const of = `tensor ${JSON.stringify(name.slice(0, 80))}`;
    const data = this.#decode(of, storage, dtype);
    const count = shape.reduce((product, n) => product * n, 1);
    const last = shape.reduce((at, n, axis) => at + (n - 1) * strides[axis]!, offset);
    check(
      Number.isSafeInteger(count) && (count === 0 || last < data.length),
      where,
      () =>
        `${of}: shape [${shape}] with strides [${strides}] from ${offset} on reaches beyond the ${data.length} numbers of storage ${storage.key}`,
    );
    this.#take(of, count * data.BYTES_PER_ELEMENT);
    const own = count === 0 ? data.slice(0, 0) : rowMajor(data, shape, strides, offset);
    return { dtype, shape: [...shape], data: own } as SafetensorsEntry;
  }

  #decode(of: string, { key }: PickledStorage, dtype: SafetensorsDtype): SafetensorsArrays[SafetensorsDtype] {
    const { where } = this;
    const bytes = this.files.get(key);
    if (bytes === undefined)
      throw new SpikegradError(
        where,
        `${of}: the archive has no file data/${key.slice(0, 80)} for its numbers; it is cut off or damaged`,
      );
    const name = `${dtype} ${key}`;
    const known = this.#decoded.get(name);
    if (known !== undefined) return known;
    const { size, decode } = SAFETENSORS_DTYPES[dtype];
    const whole = bytes.length - (bytes.length % size);
    const data = decode(ownBytes(bytes.subarray(0, whole), { size, swap: this.swap }));
    this.#decoded.set(name, data);
    return data;
  }

  #take(of: string, bytes: number): void {
    this.#taken += bytes;
    check(
      this.#taken <= this.#most,
      this.where,
      () =>
        `${of} brings the tensors to ${this.#taken} bytes, over ${MOST_TIMES} times those in the file: it repeats numbers that it has once (expand); in Python, tensor.contiguous() before saving writes them out`,
    );
  }
}
