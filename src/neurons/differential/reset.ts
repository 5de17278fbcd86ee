// What a spike does to the states: statements in order, each with what those before it have changed.

import { nearest } from '../../options';
import { add, type Expr, mul, sub } from '../graph/expression';
import type { TextFunction } from '../text/functions';
import { parseEquations } from '../text/lines';
import { EquationError } from '../text/mistake';
import { expressionOf } from '../text/read';
import { type Equation, nodesOf } from '../text/syntax';
import { inOption } from './in-option';
import type { System, Values } from './system';

export interface Reset {
  readonly text: string;
  readonly statements: readonly Equation[];
  readonly reads: ReadonlySet<string>;
}

/** @throws EquationError for what is no assignment to a state */
export function resetOf(text: string, { states }: System): Reset {
  const statements = parseEquations(text);
  if (statements.length === 0) throw new EquationError(text, { start: 0, end: 0 }, 'there is no statement');
  for (const { name, nameSpan, kind } of statements) {
    if (kind !== 'assignment')
      throw new EquationError(text, nameSpan, `a spike assigns: ${name} = …, or ${name} += …`);
    if (states.includes(name)) continue;
    const near = name.length > 1 ? nearest(name, states) : undefined;
    throw new EquationError(
      text,
      nameSpan,
      `${name} has no differential equation, and only what has one is reset; ${near === undefined ? `states are ${states.join(', ')}` : `did you mean ${near}?`}`,
    );
  }
  const reads = new Set(
    statements.flatMap(({ value }) =>
      [...nodesOf(value)].flatMap((node) => (node.kind === 'name' ? [node.name] : [])),
    ),
  );
  return { text, statements, reads };
}

/**
 * The states behind a reset.
 * @param values of everything before it
 * @param spikes 1 where it is to happen
 */
export function reset(
  { text, statements }: Reset,
  system: System,
  values: Values,
  functions: Readonly<Record<string, TextFunction>>,
  spikes: Expr,
): Values {
  let now = values;
  for (const { name, value } of statements) {
    const to = inOption('reset', () =>
      expressionOf(value, { text, values: now, functions, unknown: system.unknown }),
    );
    now = system.complete({ ...now, [name]: to }, functions);
  }
  const changed = new Set(statements.map(({ name }) => name));
  return Object.fromEntries(
    system.states.map((name) => {
      const [before, after] = [values[name]!, now[name]!];
      // a product with a spike is a selection, so the value is one of the two to the last bit
      return [name, changed.has(name) ? add(mul(before, sub(1, spikes)), mul(spikes, after)) : before];
    }),
  );
}
