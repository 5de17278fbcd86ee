// a·b + c as one operation, where nothing else wants a·b. What is fused is decided on the forward graph alone, so
// that backward, which computes forward again, finds the same bits.

import { Expr, inOrder } from '../graph/expression';

/** @param forward how many of the roots are forward's: outputs and next states */
export function fused(roots: readonly Expr[], forward: number): Expr[] {
  const done = new Map<Expr, Expr>();
  fuse(roots.slice(0, forward), done);
  fuse(roots, done);
  return roots.map((root) => done.get(root)!);
}

function fuse(roots: readonly Expr[], done: Map<Expr, Expr>): void {
  const order = inOrder(roots);
  const uses = new Map<Expr, number>();
  for (const e of [...order.flatMap(({ args }) => args), ...roots]) uses.set(e, (uses.get(e) ?? 0) + 1);
  const isLoose = (e: Expr | undefined): boolean =>
    (e?.op === 'mul' || e?.op === 'gain') && uses.get(e) === 1;
  const of = (e: Expr): Expr[] => e.args.map((a) => done.get(a)!);
  for (const e of order) {
    if (done.has(e)) continue;
    const [first, second] = e.args;
    const [a, b] = of(e);
    if (e.op === 'add' && isLoose(first)) done.set(e, new Expr('fma', [...of(first!), b!]));
    else if (e.op === 'add' && isLoose(second)) done.set(e, new Expr('fma', [...of(second!), a!]));
    else if (e.op === 'sub' && isLoose(second)) done.set(e, new Expr('fnma', [...of(second!), a!]));
    else done.set(e, e.args.length === 0 ? e : new Expr(e.op, of(e)));
  }
}
