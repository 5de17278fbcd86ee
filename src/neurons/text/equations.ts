// A text of equations as one step: what of it is state, and the step as expressions of input, states and parameters.

import type { Expr } from '../graph/expression';
import { adviceOn } from './absent';
import type { TextFunction } from './functions';
import { isTaken } from './functions';
import { EquationError } from './mistake';
import { expressionOf } from './read';
import { type Equation, nodesOf } from './syntax';

export interface Equations {
  /** What is read before it is assigned, in order of reading. */
  readonly states: readonly string[];
  /** Whether an equation reads the name. */
  reads(name: string): boolean;
  /** Every assigned value, from those of input, states and parameters. */
  run(
    given: Readonly<Record<string, Expr>>,
    functions: Readonly<Record<string, TextFunction>>,
  ): ReadonlyMap<string, Expr>;
}

/** @throws EquationError for what is no equation, or assigns what cannot be assigned */
export function equationsOf(
  text: string,
  equations: readonly Equation[],
  parameters: readonly string[],
): Equations {
  if (equations.length === 0) throw new EquationError(text, { start: 0, end: 0 }, 'there is no equation');
  const assigned = new Set(equations.map(({ name }) => name));
  const fixed = new Set(['x', ...parameters]);
  for (const { name, nameSpan, kind, flags } of equations) {
    if (kind === 'declaration')
      throw new EquationError(
        text,
        nameSpan,
        `${name} has no value: write ${name} = …; without differential equations there are no declarations`,
      );
    if (flags.length > 0)
      throw new EquationError(
        text,
        flags[0]!,
        `(${flags[0]!.words}) belongs to differential equations, and here is none: write the choice itself, r > 0 ? ${name} : …`,
      );
    const what = name === 'x' ? 'the input' : fixed.has(name) ? 'a parameter' : undefined;
    if (what !== undefined)
      throw new EquationError(text, nameSpan, `${name} is ${what} and cannot be assigned`);
    if (isTaken(name))
      throw new EquationError(text, nameSpan, `${name} has a meaning already: take another name`);
  }
  const states = new Set<string>();
  const known = new Set(fixed);
  const names = new Set<string>();
  for (const { name, value } of equations) {
    for (const node of nodesOf(value)) {
      if (node.kind !== 'name') continue;
      names.add(node.name);
      if (!known.has(node.name) && assigned.has(node.name)) states.add(node.name);
    }
    known.add(name);
  }
  const unknown = (name: string): string => {
    return `${name} is no parameter and nothing assigns it${adviceOn(name, [...fixed, ...assigned])}`;
  };
  return {
    states: [...states],
    reads: (name) => names.has(name),
    run(given, functions) {
      const values: Record<string, Expr> = { ...given };
      const found = new Map<string, Expr>();
      for (const { name, value } of equations) {
        values[name] = expressionOf(value, { text, values, functions, unknown });
        found.set(name, values[name]);
      }
      return found;
    },
  };
}
