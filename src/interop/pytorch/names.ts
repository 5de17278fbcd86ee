// The names of Python's that files of weights may have, and what stands for them here. What a checkpoint of a
// training script holds besides tensors is taken as plain values: arguments, counts, NumPy's scalars. All others are
// refused.

import type { SafetensorsDtype } from '../../formats/dtypes';
import { PickledObject, type PickleFunction } from '../../formats/pickle';
import { ElementType, type PickledTensor, tensorOf } from './storage';

const DTYPES: Readonly<Record<string, SafetensorsDtype>> = {
  float32: 'F32',
  float64: 'F64',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint8: 'U8',
  uint16: 'U16',
  uint32: 'U32',
  uint64: 'U64',
  bool: 'BOOL',
};

/** Element types by the names of their classes of storages. */
export const STORAGES: Readonly<Record<string, SafetensorsDtype>> = {
  Float: 'F32',
  Double: 'F64',
  Half: 'F16',
  BFloat16: 'BF16',
  Long: 'I64',
  Int: 'I32',
  Short: 'I16',
  Char: 'I8',
  Byte: 'U8',
  Bool: 'BOOL',
};

const typed = <T>(
  names: Readonly<Record<string, T>>,
  name: (key: string) => string,
  make: (type: T) => object,
) => Object.fromEntries(Object.entries(names).map(([key, type]) => [name(key), make(type)]));

/** A list of pairs, or nothing, as a dictionary. */
const dictionary = (pairs: unknown) =>
  new Map(
    Array.isArray(pairs) ? pairs.filter((pair): pair is [unknown, unknown] => Array.isArray(pair)) : [],
  );

/** A value that is of no use here, by the class that made it. */
const object = (name: string): [string, PickleFunction] => [name, () => new PickledObject(name)];

/** @param where the function that reads, for messages */
export function meanings(where: string): Record<string, PickleFunction | object> {
  const tensor = (...values: unknown[]) => tensorOf(where, values);
  return {
    'torch._utils._rebuild_tensor': tensor,
    'torch._utils._rebuild_tensor_v2': tensor,
    // storage, offset, shape, strides, requires_grad, backward_hooks, dtype
    'torch._utils._rebuild_tensor_v3': (...values) => tensorOf(where, values, values[6]),
    'torch._utils._rebuild_parameter': (data) => data as PickledTensor,
    'torch._utils._rebuild_parameter_with_state': (data) => data as PickledTensor,
    // a tensor that carries attributes: the function that makes it, its class, what it is made of, and those
    'torch._tensor._rebuild_from_type_v2': (make, _class, values) =>
      typeof make === 'function' && Array.isArray(values) ? make(...values) : undefined,
    'torch.Tensor': new PickledObject('Tensor'),
    'torch.nn.parameter.Parameter': new PickledObject('Parameter'),
    'torch.nn.parameter.Buffer': new PickledObject('Buffer'),
    ...typed(
      STORAGES,
      (key) => `torch.${key}Storage`,
      (type) => new ElementType(type),
    ),
    ...typed(
      DTYPES,
      (key) => `torch.${key}`,
      (type) => new ElementType(type),
    ),
    'torch.storage.UntypedStorage': new ElementType('bytes'),
    'torch.storage.TypedStorage': new ElementType('bytes'),
    'torch.Size': (sizes) => sizes,
    'torch.device': (...parts) => parts.join(':'),
    'collections.OrderedDict': dictionary,
    'collections.defaultdict': () => new Map(),
    'collections.Counter': (counts) => (counts instanceof Map ? counts : new Map()),
    // under the names of Python 2 too, which pickles of protocol 2 have: torch.save's
    ...Object.fromEntries(
      ['builtins', '__builtin__'].flatMap((module) => [
        [`${module}.dict`, dictionary],
        ...['set', 'frozenset', 'list', 'tuple'].map((name) => [
          `${module}.${name}`,
          (items: unknown) => items ?? [],
        ]),
        ...['object', 'complex', 'bytearray', 'slice', 'range', 'xrange'].map((name) =>
          object(`${module}.${name}`),
        ),
      ]),
    ),
    // NumPy's scalars, such as a best accuracy: the type with its own description, and the bytes. Its arrays, such as
    // the state of a generator, are passed over
    ...Object.fromEntries(
      ['numpy.core', 'numpy._core'].flatMap((module) => [
        [`${module}.multiarray.scalar`, scalar],
        [`${module}.multiarray._reconstruct`, () => new PickledObject('numpy.ndarray')],
        [`${module}.numeric._frombuffer`, () => new PickledObject('numpy.ndarray')],
      ]),
    ),
    'numpy.ndarray': new PickledObject('numpy.ndarray'),
    'numpy.dtype': (code) => new NumpyType(String(code)),
    '_codecs.encode': (text) =>
      typeof text === 'string' ? Uint8Array.from(text, (c) => c.charCodeAt(0)) : text,
    'copyreg._reconstructor': () => new PickledObject('object'),
    'copy_reg._reconstructor': () => new PickledObject('object'),
    ...Object.fromEntries(
      [
        'argparse.Namespace',
        'types.SimpleNamespace',
        'pathlib.PosixPath',
        'pathlib.WindowsPath',
        'pathlib._local.PosixPath',
        'datetime.datetime',
        'datetime.timedelta',
      ].map(object),
    ),
  };
}

/** A NumPy type by its code, which a pickle completes with a state that says the byte order. */
class NumpyType {
  #order = '<';
  constructor(readonly code: string) {}

  __setstate__(state: unknown): void {
    if (Array.isArray(state) && typeof state[1] === 'string') this.#order = state[1];
  }

  /** @returns undefined for types of which no value is made */
  value(bytes: Uint8Array): number | bigint | boolean | undefined {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const little = this.#order !== '>';
    const readers: Readonly<Record<string, () => number | bigint | boolean>> = {
      f8: () => view.getFloat64(0, little),
      f4: () => view.getFloat32(0, little),
      i8: () => view.getBigInt64(0, little),
      i4: () => view.getInt32(0, little),
      b1: () => view.getUint8(0) !== 0,
    };
    const read = Object.hasOwn(readers, this.code) ? readers[this.code] : undefined;
    return read === undefined || bytes.length !== Number(this.code.slice(1)) ? undefined : read();
  }
}

function scalar(type: unknown, bytes: unknown): unknown {
  return type instanceof NumpyType && bytes instanceof Uint8Array
    ? type.value(bytes)
    : new PickledObject('numpy scalar');
}
