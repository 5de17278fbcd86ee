// A module's parameters and buffers to and from the tensors of a file, with PyTorch's names and layouts.

import { formatShape, sameShape } from '../backends/shape';
import type { Tensor } from '../core/tensor';
import { check, SpikegradError } from '../errors';
import { checkModule, type Module, type StateEntry } from '../nn/module';
import { checkKind, kind, text } from '../options';
import { type ArrayWithShape, fromFileLayout, toFileLayout } from './layout';
import type { SafetensorsEntry } from './safetensors';

/** Float tensors of a file by name. */
export type FileTensors = ReadonlyMap<string, SafetensorsEntry>;

const fileTensors = kind<FileTensors>(
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

/** All state of a module as file tensors, f32 or f64 as the backend holds it; what is shared once, under its first name. */
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

/**
 * Fills a module with the tensors of a file. Nothing is changed unless all of them fit. What is shared may stand in the
 * file under any of its names, or under several with the same numbers, as PyTorch writes it.
 * @throws when one is missing, has another shape or is not a float, or when the file has one under `prefix` that the
 * module does not know
 */
export function loadState(module: Module, tensors: FileTensors, prefix = ''): void {
  checkModule('loadState', module, 'module');
  checkKind('loadState', 'tensors', fileTensors, tensors);
  checkKind('loadState', 'prefix', text, prefix);
  const names = module.stateByEveryName();
  const unknown = [...tensors.keys()].filter(
    (name) => name.startsWith(prefix) && !names.has(name.slice(prefix.length)),
  );
  check(
    unknown.length === 0,
    'loadState',
    () =>
      `the file has tensors that this network does not: ${listNames(unknown)}; was it made with another architecture?`,
  );
  const arrays = new Map<Tensor, { readonly from: string; readonly data: ArrayWithShape['data'] }>();
  for (const [name, { tensor, layout }] of firstAndPresent(names, tensors, prefix)) {
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
}

/** Of each tensor the names that the file has; where it has none, the first, which is then missing. */
function firstAndPresent(
  names: ReadonlyMap<string, StateEntry>,
  tensors: FileTensors,
  prefix: string,
): [string, StateEntry][] {
  const present = [...names].filter(([name]) => tensors.has(prefix + name));
  const found = new Set(present.map(([, { tensor }]) => tensor));
  const absent = [...names].filter(
    ([, { tensor }]) => !found.has(tensor) && found.add(tensor), // by its first name
  );
  return [...present, ...absent];
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ');
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown || 'none';
}
