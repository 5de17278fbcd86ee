// Which functions of one variable are the library's own, so that a backend may run a kernel in their place. They are
// told by a mark on their derivative, which names the value that belongs to it: neither by a name nor by the object
// around them. So `{ ...arctan(), derivative }` is its author's function, and the parameters are those that its
// functions were made of.

import type { NumberFunction } from './graph/expression';

/** The library's functions of one variable, for which backends may have kernels. */
export type BuiltInName = 'mpr' | 'rectangular' | 'triangular' | 'sigmoidal' | 'arctan' | 'fastSigmoid';

const withKernels: readonly string[] = [
  'mpr',
  'rectangular',
  'triangular',
  'sigmoidal',
  'arctan',
  'fastSigmoid',
] satisfies BuiltInName[];

/** What a function of the library computes: what makes it, and of which numbers. */
export interface Made<N extends string = string> {
  readonly name: N;
  readonly parameters: Readonly<Record<string, number>>;
  /** Whether it has a width, and the width that it has by default. */
  readonly isPlain?: boolean;
}

/** One that backends may have kernels for. */
export type BuiltIn = Made<BuiltInName>;

type Mark = Made & Pick<NumberFunction, 'value'>;

/** Where a derivative bears its mark: one symbol for all copies of this library that a page or a process has loaded. */
const MARK = Symbol.for('spikegrad.built-in');

/**
 * Marks a function as the library's own. It cannot be changed from here on. For the functions that make them.
 * @param isPlain whether it has the width that it has by default
 */
export function builtIn<F extends NumberFunction>(f: F, isPlain = false): F {
  const { name, value } = f;
  const parameters = Object.freeze({ ...f.parameters });
  const mark: Mark = Object.freeze({ name, parameters, value, isPlain });
  Object.defineProperty(f.derivative, MARK, { value: mark });
  return Object.freeze({ ...f, parameters });
}

/** What made the function, if value and derivative are both the library's and belong together. */
export function madeOf(f: NumberFunction): Made | undefined {
  const found = (f.derivative as { readonly [MARK]?: Mark })[MARK];
  return found?.value === f.value ? found : undefined;
}

/** The same where backends may have kernels. */
export function builtInOf(f: NumberFunction): BuiltIn | undefined {
  const found = madeOf(f);
  return found !== undefined && withKernels.includes(found.name) ? (found as BuiltIn) : undefined;
}
