// Expressions with others in the place of some: nothing is simplified, and what stays the same stays itself.

import { Expr, inOrder } from './expression';

/** @param by what stands in the place of an expression; undefined: itself */
export function replaced(roots: readonly Expr[], by: (e: Expr) => Expr | undefined): Expr[] {
  const done = new Map<Expr, Expr>();
  for (const e of inOrder(roots)) {
    const args = e.args.map((a) => done.get(a)!);
    const isSame = args.every((a, i) => a === e.args[i]);
    const again = isSame ? e : new Expr(e.op, args, e.value, e.name, e.rate, e.surrogate, e.custom);
    done.set(e, by(e) ?? again);
  }
  return roots.map((root) => done.get(root)!);
}
