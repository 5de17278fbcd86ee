// A module's parameters and buffers to and from the tensors of a file, with PyTorch's names and layouts.

import { formatShape, sameShape } from '../../backends/shape';
import type { Tensor } from '../../core/tensor';
import { check, SpikegradError } from '../../errors';
import { checkModule, type Module } from '../../nn/module';
import { checkKind, flag, kind, type OptionsOf, option, optional, optionTable, text } from '../../options';
import { type ArrayWithShape, fromFileLayout, toFileLayout } from '../layout';
import type { SafetensorsEntry } from '../safetensors';
import { compareNames, listNames, misfitInWords } from './names';

/** Float tensors of a file by name. */
export type FileTensors = ReadonlyMap<string, SafetensorsEntry>;

/** What is given as the tensors of a file. */
export const fileTensors = kind<FileTensors>(
  'a Map of the tensors of a file',
  (value) => value instanceof Map,
  (value) => {
    if ((value as { tensors?: unknown } | null)?.tensors instanceof Map) return 'give its tensors';
    return Array.isArray(value) ? 'new Map(list) makes one' : undefined;
  },
);

/** The numbers of an entry that holds floats. */
export function floatsOf(where: string, name: string, tensors: FileTensors): ArrayWithShape {
  const entry = tensors.get(name);
  if (entry === undefined) {
    throw new SpikegradError(
      where,
      `tensor "${name}" is missing; the file has ${listNames([...tensors.keys()])}`,
    );
  }
  if (entry.data instanceof Float32Array || entry.data instanceof Float64Array) {
    return { data: entry.data, shape: entry.shape };
  }
  throw new SpikegradError(where, `tensor "${name}" is ${entry.dtype}, expected floats`);
}

/**
 * All state of a module as file tensors, f32 or f64 as the backend holds it; what is shared once, under its first name.
 */
export async function stateOf(module: Module, prefix = ''): Promise<[string, SafetensorsEntry][]> {
  checkModule('stateOf', module, 'module');
  checkKind('stateOf', 'prefix', text, prefix);
  const entries: [string, SafetensorsEntry][] = [];
  for (const [name, { tensor, layout }] of module.state()) {
    const { data, shape } = toFileLayout({ data: await tensor.data(), shape: tensor.shape }, layout);
    entries.push([prefix + name, floatEntry(data, shape)]);
  }
  return entries;
}

/** A file tensor of floats. */
export function floatEntry(data: Float32Array | Float64Array, shape: readonly number[]): SafetensorsEntry {
  return data instanceof Float64Array
    ? { dtype: 'F64', shape, data }
    : { dtype: 'F32', shape, data: data as Float32Array };
}

/** How strictly the tensors of a file must be those of a network, and how they are called there. */
export interface LoadStateOptions {
  /**
   * Whether each tensor of the network must be in the file, and each of the file under `prefix` in the network. Default
   * true. Counters of PyTorch's batch norm (`num_batches_tracked`) are passed over either way.
   */
  strict?: boolean;
  /** What stands before the network's names in the file, such as `module.`; names without it are passed over. */
  prefix?: string;
}

export const loadStateOptions = optionTable({
  strict: option(flag, true),
  prefix: optional(text),
} satisfies OptionsOf<LoadStateOptions>);

/** What became of the names, for `strict: false`. */
export interface LoadedState {
  /** Tensors of the network that the file does not have; they are as they were. */
  readonly missing: readonly string[];
  /** Tensors of the file that the network does not have, as the file calls them. */
  readonly leftOver: readonly string[];
}

/**
 * Fills a module with the tensors of a file. Nothing is changed unless all of them fit. What is shared may stand in the
 * file under any of its names, or under several with the same numbers, as PyTorch writes it.
 * @returns what was missing and what was left over; both are empty unless `strict` is false
 * @throws when one is missing or is one that the module does not know, unless `strict` is false; when none is the
 * module's, or one has another shape or is not a float
 */
export function loadState(module: Module, tensors: FileTensors, options: LoadStateOptions = {}): LoadedState {
  checkModule('loadState', module, 'module');
  checkKind('loadState', 'tensors', fileTensors, tensors);
  const { strict, prefix = '' } = loadStateOptions.read('loadState', options);
  const names = module.stateByEveryName();
  const compared = compareNames(names, tensors, prefix);
  const { present, missing, leftOver } = compared;
  const fits = missing.length === 0 && leftOver.length === 0;
  check(fits || (!strict && (present.length > 0 || names.size === 0)), 'loadState', () =>
    misfitInWords(names, tensors, prefix, compared),
  );
  const arrays = new Map<Tensor, { readonly from: string; readonly data: ArrayWithShape['data'] }>();
  for (const [name, { tensor, layout }] of present) {
    const array = fromFileLayout(floatsOf('loadState', prefix + name, tensors), layout);
    check(
      sameShape(array.shape, tensor.shape),
      'loadState',
      () =>
        `"${name}" is ${formatShape(array.shape)} in the file and ${formatShape(tensor.shape)} in the network (in this library's layout)`,
    );
    const known = arrays.get(tensor);
    check(
      known === undefined || array.data.every((value, i) => Object.is(value, known.data[i])),
      'loadState',
      () =>
        `"${known!.from}" and "${name}" are one tensor in the network and hold different numbers in the file; give the network two layers, or leave one of the names out of the file`,
    );
    arrays.set(tensor, known ?? { from: name, data: array.data });
  }
  for (const [tensor, { data }] of arrays) tensor.overwrite(data);
  return { missing, leftOver };
}
