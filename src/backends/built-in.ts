// Which functions of one variable are the library's own, so that a backend may run a kernel in their place. They are
// told by a mark on their derivative, which names the value that belongs to it: neither by a name nor by the object
// around them. So `{ ...arctan(), derivative }` is its author's function, and the parameters are those that its
// functions were made of.

import type { ScalarFunction } from './backend';

/** The library's functions of one variable, for which backends may have kernels. */
export type BuiltInName = 'mpr' | 'rectangular' | 'triangular' | 'sigmoidal' | 'arctan' | 'fastSigmoid';

/** What a built-in function computes. */
export interface BuiltIn {
  readonly name: BuiltInName;
  readonly parameters: Readonly<Record<string, number>>;
}

type Mark = BuiltIn & Pick<ScalarFunction, 'value'>;

/** Where a derivative bears its mark: one symbol for all copies of this library that a page or a process has loaded. */
const MARK = Symbol.for('spikegrad.built-in');

/** Marks a function as the library's own. It cannot be changed from here on. For the functions that make them. */
export function builtIn<F extends ScalarFunction & { readonly name: BuiltInName }>(f: F): F {
  const { name, value } = f;
  const parameters = Object.freeze({ ...f.parameters });
  const mark: Mark = Object.freeze({ name, parameters, value });
  Object.defineProperty(f.derivative, MARK, { value: mark });
  return Object.freeze({ ...f, parameters });
}

/** What the function is, if value and derivative are both the library's and belong together. */
export function builtInOf(f: ScalarFunction): BuiltIn | undefined {
  const found = (f.derivative as { readonly [MARK]?: Mark })[MARK];
  return found?.value === f.value ? found : undefined;
}
