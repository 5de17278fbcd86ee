// Which functions of one variable are the library's own, so that a file can name them, and those of the same constants
// are one. They are told by a mark on their derivative, which names the value that belongs to it: neither by a name nor
// by the object around them. So `{ ...arctan(), derivative }` is its author's function, and the parameters are those
// that its functions were made of.

import type { NumberFunction } from './graph/expression';
import { Recent } from './recent';

/** What a function of the library computes: what makes it, and of which numbers. */
export interface Made {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** Whether it has a width, and the width that it has by default. */
  readonly isPlain?: boolean;
}

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

const ones = new Recent<NumberFunction>();

/** One for all of the library's functions that are made of the same constants; any other function is itself. */
export function oneFor(f: NumberFunction): NumberFunction {
  const made = madeOf(f);
  if (made === undefined) return f;
  return ones.of(JSON.stringify([made.name, made.parameters]), () => f);
}

/** What made the function, if value and derivative are both the library's and belong together. */
export function madeOf(f: NumberFunction): Made | undefined {
  const found = (f.derivative as { readonly [MARK]?: Mark })[MARK];
  return found?.value === f.value ? found : undefined;
}
