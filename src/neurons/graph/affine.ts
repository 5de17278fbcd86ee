// Expressions that are a sum of variables, each times a factor without them, and a rest: read off their structure, so
// that what is linear on a piece alone, like floor(v) or v > 1 ? 1 : 0, does not pass for it.

import { type Expr, inOrder, number, select } from './expression';
import { minus, over, plus, times } from './fold';

export interface AffineForm {
  /** By variable; those that are missing have 0. */
  readonly factors: ReadonlyMap<Expr, Expr>;
  readonly rest: Expr;
}

/** undefined: the expression is not affine in them. */
export function affine(root: Expr, variables: ReadonlySet<Expr>): AffineForm | undefined {
  const found = new Map<Expr, AffineForm | undefined>();
  for (const e of inOrder([root])) found.set(e, affineOf(e, variables, found));
  return found.get(root);
}

function affineOf(
  e: Expr,
  variables: ReadonlySet<Expr>,
  found: ReadonlyMap<Expr, AffineForm | undefined>,
): AffineForm | undefined {
  if (variables.has(e)) return { factors: new Map([[e, number(1)]]), rest: number(0) };
  const parts = e.args.map((a) => found.get(a));
  if (parts.every((part) => part?.factors.size === 0)) return { factors: new Map(), rest: e };
  if (parts.some((part) => part === undefined)) return undefined;
  const [a, b, c] = parts as [AffineForm, AffineForm, AffineForm];
  const [first, second] = e.args as [Expr, Expr];
  switch (e.op) {
    case 'add':
      return joined(a, b, plus);
    case 'sub':
      return joined(a, b, minus);
    case 'neg':
      return each(a, (factor) => times(factor, number(-1)));
    case 'mul':
      if (a.factors.size === 0) return each(b, (factor) => times(first, factor));
      return b.factors.size === 0 ? each(a, (factor) => times(factor, second)) : undefined;
    case 'div':
      return b.factors.size === 0 ? each(a, (factor) => over(factor, second)) : undefined;
    case 'select':
      return a.factors.size === 0 ? joined(b, c, (p, q) => select(first, p, q)) : undefined;
    default:
      return undefined;
  }
}

const each = ({ factors, rest }: AffineForm, change: (e: Expr) => Expr): AffineForm => ({
  factors: new Map([...factors].map(([variable, factor]) => [variable, change(factor)])),
  rest: change(rest),
});

function joined(a: AffineForm, b: AffineForm, join: (p: Expr, q: Expr) => Expr): AffineForm {
  const zero = number(0);
  const both = new Set([...a.factors.keys(), ...b.factors.keys()]);
  return {
    factors: new Map([...both].map((v) => [v, join(a.factors.get(v) ?? zero, b.factors.get(v) ?? zero)])),
    rest: join(a.rest, b.rest),
  };
}
