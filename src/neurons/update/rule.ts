// How an optimiser changes a parameter, as equations: of the parameter p, its gradient g, what is remembered of the
// steps before, and numbers that each step gives anew. One text for all backends; what its numbers are is the
// optimiser's business.

import { text as aText, checkKind, listOf, nearest } from '../../options';
import { type Expr, isCondition, leaf } from '../graph/expression';
import { isTaken } from '../text/functions';
import { parseEquations } from '../text/lines';
import { EquationError } from '../text/mistake';
import { expressionOf } from '../text/read';
import { type Equation, nodesOf } from '../text/syntax';

/** What a rule remembers of each number of a parameter. */
export interface Remembered {
  readonly name: string;
  readonly leaf: Expr;
  /** Its value after the step. */
  readonly next: Expr;
}

/** A step of an optimiser, as {@link updateRule} makes it. Immutable. */
export interface UpdateRule {
  /** The equations as they were written. */
  readonly text: string;
  /** The numbers that each step gives, in order. */
  readonly constants: readonly { readonly name: string; readonly leaf: Expr }[];
  /** p, and p after the step. */
  readonly parameter: Expr;
  readonly next: Expr;
  /** g. */
  readonly gradient: Expr;
  /** 0 before the first step. */
  readonly states: readonly Remembered[];
  /** Every value that has a name. */
  readonly assigned: readonly Expr[];
}

const known = new Map<string, UpdateRule>();

/**
 * A step of an optimiser from equations, which run in order on every number of a parameter:
 *
 * ```ts
 * updateRule('m = keep*m + g; p = p - lr*sign(m)', ['lr', 'keep']);
 * ```
 *
 * `p` is the parameter and `g` its gradient; what is read before it is assigned (here `m`) is remembered from step to
 * step, and starts at 0. A value that has a name is rounded as if it were stored; within an equation a product and the
 * sum that it stands in may be one operation.
 * @param constants names of the numbers that each step gives
 * @throws EquationError at the line and column of a mistake
 */
export function updateRule(text: string, constants: readonly string[] = []): UpdateRule {
  checkKind('updateRule', 'text', aText, text);
  checkKind('updateRule', 'constants', listOf(aText), constants);
  const key = JSON.stringify([text, constants]);
  const found = known.get(key) ?? read(text, constants);
  known.set(key, found);
  return found;
}

function read(text: string, constants: readonly string[]): UpdateRule {
  try {
    return readEquations(text, constants, parseEquations(text));
  } catch (error) {
    throw error instanceof EquationError ? error.in('updateRule') : error;
  }
}

function readEquations(text: string, constants: readonly string[], equations: Equation[]): UpdateRule {
  const whole = { start: 0, end: text.length };
  const fixed = new Set(['g', ...constants]);
  for (const { kind, name, nameSpan, flags } of equations) {
    if (kind !== 'assignment' || flags.length > 0)
      throw new EquationError(text, nameSpan, `a step is written as assignments, ${name} = …`);
    const what = name === 'g' ? 'the gradient' : fixed.has(name) ? 'given at each step' : undefined;
    if (what !== undefined)
      throw new EquationError(text, nameSpan, `${name} is ${what} and cannot be assigned`);
    if (isTaken(name))
      throw new EquationError(text, nameSpan, `${name} has a meaning already: take another name`);
  }
  const numbers = constants.map((name) => ({ name, leaf: leaf(`constant ${name}`, 'layer') }));
  const states = statesOf(equations).map((name) => ({ name, leaf: leaf(`state ${name}`, 'neuron') }));
  const [parameter, gradient] = [leaf('parameter', 'neuron'), leaf('gradient', 'neuron')];
  const values: Record<string, Expr> = {
    ...Object.fromEntries([...numbers, ...states].map((value) => [value.name, value.leaf])),
    p: parameter,
    g: gradient,
  };
  const unknown = (name: string): string => {
    const near = name.length > 1 ? nearest(name, Object.keys(values)) : undefined;
    const words = near === undefined ? 'p is the parameter and g its gradient' : `did you mean ${near}?`;
    return `${name} is not among the constants and nothing assigns it; ${words}`;
  };
  const assigned: Expr[] = [];
  for (const { name, nameSpan, value } of equations) {
    const e = expressionOf(value, { text, values, functions: {}, unknown });
    if (isCondition(e))
      throw new EquationError(text, nameSpan, `${name} is a condition; select(condition, 1, 0) is a number`);
    values[name] = e;
    assigned.push(e);
  }
  if (!equations.some(({ name }) => name === 'p'))
    throw new EquationError(text, whole, 'no equation changes p, the parameter');
  return Object.freeze({
    text,
    constants: numbers,
    parameter,
    next: values.p!,
    gradient,
    states: states.map((state) => ({ ...state, next: values[state.name]! })),
    assigned,
  });
}

/** What is read before it is assigned, but the parameter. */
function statesOf(equations: readonly Equation[]): string[] {
  const assigned = new Set(equations.map(({ name }) => name));
  const done = new Set(['p']);
  const states = new Set<string>();
  for (const { name, value } of equations) {
    for (const node of nodesOf(value))
      if (node.kind === 'name' && assigned.has(node.name) && !done.has(node.name)) states.add(node.name);
    done.add(name);
  }
  return [...states];
}
