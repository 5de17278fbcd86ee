// Kinds of arguments that many public functions take: tensors, backends, streams of random numbers, functions of one
// variable.

import type { Backend, ScalarFunction } from '../backends/backend';
import { anObject, awaited, called, instance, type Kind, kind } from '../options';
import { Random } from './random';
import { adviceForTensor, Tensor } from './tensor';

/** A tensor, for tables of options; functions use the cheaper `checkTensor`. */
export const aTensor: Kind<Tensor> = kind('a Tensor', (value) => value instanceof Tensor, adviceForTensor);

export const aRandom: Kind<Random> = {
  ...instance(Random, 'a Random'),
  advice: (value) =>
    called(value) ?? (typeof value === 'number' ? `new Random(${value}) makes one` : undefined),
};

export const aBackend: Kind<Backend> = kind(
  'a backend',
  (value) => anObject.holds(value) && typeof value.upload === 'function' && typeof value.name === 'string',
  (value) =>
    typeof value === 'string' ? `await createBackend({ backend: '${value}' }) makes one` : awaited(value),
);

/** A function of one variable by value and derivative. @param what `a surrogate`, say */
export function scalarFunction<F extends ScalarFunction>(what: string): Kind<F> {
  return kind(
    `${what}, { name, parameters, value(x), derivative(x) }`,
    (value) =>
      anObject.holds(value) &&
      typeof value.value === 'function' &&
      typeof value.derivative === 'function' &&
      typeof value.name === 'string' &&
      anObject.holds(value.parameters),
    (value) =>
      typeof value === 'string' && /^\w+$/.test(value) ? `give what ${value}() makes` : called(value),
  );
}
