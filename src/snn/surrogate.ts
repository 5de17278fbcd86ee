// Surrogates as options of neurons. What they are, and all of the library, is in neurons/surrogates.

import { scalarFunction } from '../core/kinds';
import type { Surrogate } from '../neurons';
import type { Kind } from '../options';

/** What stands in for the step's derivative. */
export const aSurrogate: Kind<Surrogate> = scalarFunction<Surrogate>(
  'what arctan() or customSurrogate() makes',
);
