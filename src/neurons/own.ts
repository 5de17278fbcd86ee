// Functions of one's own, surrogates and rectifiers: of texts, which become formulas, or of functions of JavaScript,
// which are taken as they are.

import { check } from '../errors';
import { anObject } from '../options';
import { formulaOf } from './formula';
import { type NumberFunction, withFormula } from './graph/expression';
import { callable } from './numbers/callable';
import { EquationError } from './text/mistake';

interface Parts {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly value: string | NumberFunction['value'];
  readonly derivative: string | NumberFunction['derivative'] | undefined;
}

type Whole = Required<NumberFunction>;

/** @throws for what functions of JavaScript once had beside them */
export function refuseSource(where: string, definition: unknown): void {
  check(
    !anObject.holds(definition) || definition.source === undefined,
    where,
    "takes no source any more: give value and derivative themselves as texts, such as 'tanh(a*u)', which every backend compiles, the GPU too",
  );
}

/**
 * @param where the public function, in whose name it complains
 * @param variable what texts call the argument
 */
export function functionOf(where: string, variable: string, parts: Parts): Whole {
  const { name, value, derivative } = parts;
  const parameters = Object.freeze({ ...parts.parameters });
  if (typeof value === 'string') {
    check(typeof derivative !== 'function', where, 'value is a text, so derivative is one too, or left out');
    for (const [key, number] of Object.entries(parameters))
      check(
        /^[A-Za-z_]\w*$/.test(key) && key !== variable && Number.isFinite(number),
        where,
        () =>
          `the parameter ${key} must be a finite number with a name that texts can read, other than ${variable}`,
      );
    try {
      const formula = formulaOf({ of: variable, value, derivative, parameters });
      const texts = `${value}\n${derivative ?? ''}`;
      for (const key of Object.keys(parameters))
        check(new RegExp(`\\b${key}\\b`).test(texts), where, () => `the parameter ${key} is in no text`);
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
  return { name, parameters, value, derivative };
}
