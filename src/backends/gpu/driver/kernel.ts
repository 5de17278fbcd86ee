// What a kernel is, before any device: its name, its operands and its text. There are two kinds. A gpu.js kernel
// gives one number of one output a thread, and gpu.js translates it; a WGSL kernel is written out and may share
// memory within a workgroup, write several outputs, or write in place.

import { check } from '../../../errors';

/** A kernel in gpu.js's JavaScript. `A` names its arrays, `S` its scalars. */
export interface JsKernel<A extends string = string, S extends string = string> {
  readonly kind: 'js';
  readonly name: string;
  readonly arrays: readonly A[];
  readonly scalars: Readonly<Record<S, 'integer' | 'float'>>;
  readonly body: string;
}

/**
 * A kernel whose `body` is what stands between the braces of a gpu.js function; arrays and scalars are in scope by
 * name.
 *
 * ```ts
 * jsKernel('scale', { arrays: ['x'], scalars: { factor: 'float' } },
 *   'return x[this.thread.y][this.thread.x] * factor;')
 * ```
 */
export function jsKernel<A extends string, S extends string = never>(
  name: string,
  operands: { readonly arrays: readonly A[]; readonly scalars?: Readonly<Record<S, 'integer' | 'float'>> },
  body: string,
): JsKernel<A, S> {
  const { arrays, scalars = {} as Readonly<Record<S, 'integer' | 'float'>> } = operands;
  check(
    arrays.length <= 7,
    name,
    () => `a kernel reads at most 7 arrays (8 storage buffers with its output), this one ${arrays.length}`,
  );
  return { kind: 'js', name, arrays, scalars, body };
}

/** WGSL's types of a uniform. */
export type ScalarType = 'u32' | 'i32' | 'f32';

/** A kernel in WGSL. `I` names what it reads, `O` what it writes, `S` its scalars. */
export interface WgslKernel<I extends string = string, O extends string = string, S extends string = string> {
  readonly kind: 'wgsl';
  readonly name: string;
  /** Element type by name, in order of binding: 'f32', 'vec4<f32>', 'u32'. */
  readonly inputs: Readonly<Record<I, string>>;
  readonly outputs: Readonly<Record<O, string>>;
  readonly scalars: Readonly<Record<S, ScalarType>>;
  readonly code: string;
}

/**
 * A kernel whose `code` has everything from its constants to `@compute @workgroup_size(…) fn main(…)`. Declared for it
 * are the uniform `params` with its scalars, `var<storage, read>` arrays of its inputs, and `var<storage, read_write>`
 * arrays of its outputs.
 */
export function wgslKernel<I extends string, O extends string, S extends string = never>(
  name: string,
  operands: {
    readonly inputs: Readonly<Record<I, string>>;
    readonly outputs: Readonly<Record<O, string>>;
    readonly scalars?: Readonly<Record<S, ScalarType>>;
  },
  code: string,
): WgslKernel<I, O, S> {
  const { inputs, outputs, scalars = {} as Readonly<Record<S, ScalarType>> } = operands;
  const buffers = Object.keys(inputs).length + Object.keys(outputs).length;
  check(buffers <= 8, name, () => `a kernel has at most 8 storage buffers, this one ${buffers}`);
  return { kind: 'wgsl', name, inputs, outputs, scalars, code };
}

/** Remembers what `make` gave for each key: kernels are cached by identity, so a text that varies is made once. */
export function variants<K extends readonly (string | number | boolean)[], V>(
  make: (...key: K) => V,
): (...key: K) => V {
  const made = new Map<string, V>();
  return (...key) => {
    const name = key.join('|');
    let value = made.get(name);
    if (value === undefined) {
      value = make(...key);
      made.set(name, value);
    }
    return value;
  };
}

/** Largest number of workgroups along one axis, on every device. */
export const MOST_GROUPS_PER_AXIS = 65_535;

/** Workgroups in rows, none longer than a device allows. */
export function fold(groups: number): [number, number, number] {
  const rows = Math.max(1, Math.ceil(groups / MOST_GROUPS_PER_AXIS));
  return [Math.ceil(groups / rows), rows, 1];
}
