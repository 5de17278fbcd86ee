// Functions of one variable that a check is given as text: the expression alone, or with its derivative and constants.

import { check } from '../../errors';
import type { NumberFunction } from '../../neurons';
import { functionOf } from '../../neurons/own';
import { numbersByName } from '../../neurons/surrogates/custom';
import { type OptionsOf, option, optional, optionTable, required, text } from '../../options';

/** A function as text, in the language of a neuron's equations. */
export interface FunctionText {
  /** In x of a rectifier, such as `'x + a*x^3'`, in u of a surrogate, such as `'sigmoid(a*u)'`. */
  readonly value: string;
  /** Likewise. Left out, it is found by rule. */
  readonly derivative?: string;
  /** The numbers that the texts name. */
  readonly parameters?: Readonly<Record<string, number>>;
}

const functionText = /* @__PURE__ */ optionTable({
  value: required(text),
  derivative: optional(text),
  parameters: option(numbersByName, () => ({})),
} satisfies OptionsOf<FunctionText>);

/** Whether a function is given as text. */
export const isFunctionText = (given: unknown): given is string | FunctionText =>
  typeof given === 'string' ||
  (typeof given === 'object' && given !== null && 'value' in given && typeof given.value === 'string');

/**
 * @param where the check, in whose name mistakes are told
 * @param variable what the texts call the argument
 * @throws EquationError at the place of a mistake
 */
export function functionFrom(
  where: string,
  variable: string,
  given: string | FunctionText,
): NumberFunction & { readonly parameters: Readonly<Record<string, number>> } {
  const parts = functionText.read(where, typeof given === 'string' ? { value: given } : given);
  const { value } = parts;
  check(
    !/^[A-Za-z]\w*$/.test(value) || value === variable,
    where,
    () =>
      `a text is an expression in ${variable}, got '${value}'; of the library's give what ${value}() makes`,
  );
  return functionOf(where, variable, { ...parts, name: value });
}
