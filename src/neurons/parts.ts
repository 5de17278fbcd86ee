// The parts of which a neuron is made, whichever way its equations were given: parameters, the surrogate's slope,
// names.

import { check } from '../errors';
import { shown } from '../options';
import type { Expr, NumberFunction, SpikeSlope } from './graph/expression';
import * as E from './graph/expression';
import { formulaIn } from './graph/expression';
import type { Learnable } from './learnable';
import type { Parameter } from './model';
import { isTaken } from './text/functions';

/** s(u) of a surrogate: its formula, or its function called number by number. */
export const slopeOf = (f: NumberFunction): SpikeSlope => ({
  slope: (u) => formulaIn(f)?.derivative(u) ?? E.customSlope(f, u),
});

/** Constants are numbers, learnable ones leaves. */
export function parametersOf(given: Readonly<Record<string, number | Learnable>>): Parameter[] {
  return Object.entries(given).map(([name, value]) => {
    if (typeof value === 'number') return { name, value, learnable: undefined, leaf: E.number(value) };
    const { per, decay } = value;
    return { name, value: value.value, learnable: { per, decay }, leaf: E.leaf(`parameter ${name}`, per) };
  });
}

export const leavesOf = (parameters: readonly Parameter[]): Record<string, Expr> =>
  Object.fromEntries(parameters.map(({ name, leaf }) => [name, leaf]));

/** What a function of one's own gave. @throws unless it is an expression or a number */
export function asExpression(value: unknown, what: string): Expr {
  if (typeof value === 'number') return E.number(value);
  check(value instanceof E.Expr, 'neuron', () => `${what} must be an expression, got ${shown(value)}`);
  return value;
}

/** @throws for a name that equations cannot have, or that means something in all of them */
export function checkName(option: string, name: string): void {
  check(
    /^[A-Za-z_]\w*$/.test(name) && name !== 'x' && !isTaken(name),
    'neuron',
    () =>
      `${option} names ${shown(name)}, which ${name === 'x' ? 'is the input' : isTaken(name) ? 'has a meaning already: take another name' : 'equations cannot name'}`,
  );
}

/** Where a state starts, which may be called toString. */
export const startOf = (start: Readonly<Record<string, number>>, name: string): number =>
  Object.hasOwn(start, name) ? start[name]! : 0;

/** Names in a sentence. */
export const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
