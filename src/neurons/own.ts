// Functions of one's own, surrogates and rectifiers: of texts, which become formulas, or of functions of JavaScript,
// which are taken as they are.

import { check } from '../errors';
import { formulaOf } from './formula';
import { type NumberFunction, withFormula } from './graph/expression';
import { callable } from './numbers/callable';
import { EquationError } from './text/mistake';

interface Parts {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly source: { readonly value: string; readonly derivative: string } | undefined;
  readonly value: string | NumberFunction['value'];
  readonly derivative: string | NumberFunction['derivative'] | undefined;
}

type Whole = Required<Omit<NumberFunction, 'source'>> & { readonly source?: NonNullable<Parts['source']> };

/**
 * @param where the public function, in whose name it complains
 * @param variable what texts call the argument
 */
export function functionOf(where: string, variable: string, parts: Parts): Whole {
  const { name, source, value, derivative } = parts;
  const parameters = Object.freeze({ ...parts.parameters });
  if (typeof value === 'string') {
    check(
      typeof derivative !== 'function' && source === undefined,
      where,
      () =>
        `value is a text, so ${source === undefined ? 'derivative is one too, or left out' : 'source is not needed'}`,
    );
    for (const [key, number] of Object.entries(parameters))
      check(
        /^[A-Za-z_]\w*$/.test(key) && key !== variable && Number.isFinite(number),
        where,
        () =>
          `the parameter ${key} must be a finite number with a name that texts can read, other than ${variable}`,
      );
    try {
      const formula = formulaOf({ of: variable, value, derivative, parameters });
      const made = { value: callable(formula.value), derivative: callable(formula.derivative) };
      return withFormula({ name, parameters, ...made }, formula);
    } catch (error) {
      throw error instanceof EquationError ? error.in(where) : error;
    }
  }
  check(derivative !== undefined, where, `needs derivative, a function of ${variable}`);
  check(
    typeof derivative !== 'string',
    where,
    'value is a function, so derivative is one too; or give both as texts',
  );
  return { name, parameters, value, derivative, ...(source !== undefined && { source }) };
}
