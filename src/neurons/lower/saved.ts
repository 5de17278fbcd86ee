// What backward keeps of its own forward sweep. It computes forward once more, block by block in the cache, and may store any
// value of it or compute it again: chosen by counting operations, one change at a time until none helps.

import type { Derived } from '../graph/derive';
import { type Expr, inOrder, isCondition, type Op } from '../graph/expression';

/** Of an operation, in additions. */
const costs: { readonly [op in Op]?: number } = { div: 4, sqrt: 5, number: 0, leaf: 0 };
const costOf = ({ op }: Expr): number => costs[op] ?? 1;
/** A store and a load. */
const SAVE = 2;

/** Expressions that depend on a neuron, and not only on parameters. */
function perNeuron(roots: readonly Expr[]): Set<Expr> {
  const some = new Set<Expr>();
  for (const e of inOrder(roots))
    if (e.op === 'leaf' ? e.rate === 'neuron' : e.args.some((a) => some.has(a))) some.add(e);
  return some;
}

type Step = Pick<Derived, 'dx' | 'dState' | 'dParameter' | 'next' | 'gOutput' | 'gNext' | 'model'>;

/** The values to keep, states before the step among them where backward reads them. */
export function savedValues({ dx, dState, dParameter, next, gOutput, gNext, model }: Step): Expr[] {
  const roots = [dx, ...dState, ...dParameter];
  const order = inOrder(roots);
  const varying = perNeuron([...roots, ...next]);
  const late = new Set<Expr>([...gOutput, ...gNext]);
  for (const e of order) if (e.args.some((a) => late.has(a))) late.add(e);
  const states = new Set(model.states.map(({ leaf }) => leaf));
  const charged = new Set(inOrder(next));
  const reachedBy = (saved: ReadonlySet<Expr>, visit: (e: Expr, isKept: boolean) => void): void => {
    const seen = new Set<Expr>();
    const reach = (e: Expr): void => {
      if (seen.has(e) || !varying.has(e)) return;
      seen.add(e);
      const isKept = saved.has(e) || states.has(e);
      visit(e, isKept);
      if (!isKept) e.args.forEach(reach);
    };
    roots.forEach(reach);
  };
  const cost = (saved: ReadonlySet<Expr>): number => {
    let sum = 0;
    const kept: Expr[] = [];
    reachedBy(saved, (e, isKept) => {
      if (isKept) kept.push(e);
      if (isKept) sum += SAVE;
      else if (!late.has(e)) sum += costOf(e);
    });
    // what the first sweep has to compute besides the states
    for (const e of inOrder(kept)) if (varying.has(e) && !charged.has(e)) sum += costOf(e);
    return sum;
  };
  const candidates = order.filter(
    (e) => varying.has(e) && !late.has(e) && !isCondition(e) && e.op !== 'leaf',
  );
  let saved: ReadonlySet<Expr> = new Set();
  for (let best = cost(saved); ; ) {
    let better: Set<Expr> | undefined;
    for (const e of candidates) {
      const changed = new Set(saved);
      if (!changed.delete(e)) changed.add(e);
      const now = cost(changed);
      if (now >= best) continue;
      best = now;
      better = changed;
    }
    if (better === undefined) break;
    saved = better;
  }
  const reached: Expr[] = [];
  reachedBy(saved, (e, isKept) => void (isKept && reached.push(e)));
  return reached;
}
