// Pieces of a neuron's equations, as they read when some of their names stand for numbers: "after a spike v is 0,
// else h".

import type { Expr, NeuronModel } from '../../../neurons';
import { leaf, number } from '../../../neurons/graph/expression';
import { printExpression } from '../../../neurons/graph/print';
import { type Replace, Simplifier } from '../../../neurons/graph/simplify';

/** What to put in the place of leaves and spikes. */
export interface PutIn {
  /** Of every spike. */
  readonly spike?: number;
  /** Of leaves, by their names: `x`, `state v`, `parameter tau`. */
  readonly leaves?: ReadonlyMap<string, number>;
}

const standsFor =
  ({ spike, leaves }: PutIn): Replace =>
  ({ op, name }, args) => {
    if (op === 'spike' && spike !== undefined) return number(spike);
    if (op === 'detach' || op === 'known') return args[0];
    const value = op === 'leaf' ? leaves?.get(name) : undefined;
    return value === undefined ? undefined : number(value);
  };

/** Expressions with these numbers put in, simplified. */
export function putIn(roots: readonly Expr[], given: PutIn): Expr[] {
  return new Simplifier(false).rebuild(roots, standsFor(given));
}

/** An expression as text in states, input and parameters alone. */
export const writtenOut = (e: Expr, given: PutIn): string => oneLine(printExpression(putIn([e], given)[0]!));

const oneLine = (text: string): string => text.replaceAll('\n', '; ').replaceAll(' + -', ' - ');

/** An expression as text in the names of the equations. @param but a name that is to be written out */
export function inWords(model: NeuronModel, e: Expr, given: PutIn = {}, but?: string): string {
  const named = new Map(
    model.assigned
      .filter(({ name, value }) => name !== but && value !== e && value.args.length > 0)
      .map(({ name, value }) => [value, name]),
  );
  const other = standsFor(given);
  const replace: Replace = (at, args) => {
    // what a method makes of parameters is longer than anybody reads
    if (at.op === 'known' && args[0]!.op !== 'number') return leaf(at.name, 'neuron');
    const name = at.op === 'spike' && given.spike !== undefined ? undefined : named.get(at);
    return name === undefined ? other(at, args) : leaf(name, 'neuron');
  };
  return oneLine(printExpression(new Simplifier(false).rebuild([e], replace)[0]!));
}

/** Several as one: `v`, `v and a`, `v, a and b`. */
export const together = (names: readonly string[]): string =>
  [names.slice(0, -1).join(', '), names.at(-1)].filter((part) => part).join(' and ');
