// What backward keeps of its own forward sweep. It computes forward once more, block by block in the cache, and may
// store any value of it or compute it again: chosen by counting operations, one change at a time until none helps.

import type { Derived } from '../graph/derive';
import { type Expr, inOrder, isCondition, type Op } from '../graph/expression';

/** Of an operation, in additions. */
const costs: { readonly [op in Op]?: number } = { div: 4, sqrt: 5, number: 0, leaf: 0 };
/** A store and a load. */
const SAVE = 2;

type Step = Pick<Derived, 'dx' | 'dState' | 'dParameter' | 'next' | 'gOutput' | 'gNext' | 'model'>;

/** The expressions by their places, arguments before what uses them, and what is known of each. */
class Operations {
  readonly #places: ReadonlyMap<Expr, number>;
  readonly args: readonly (readonly number[])[];
  readonly cost: readonly number[];
  /** Those that differ from neuron to neuron: the others are computed once. */
  readonly varies: readonly boolean[];

  constructor(readonly order: readonly Expr[]) {
    const places = new Map(order.map((e, i) => [e, i]));
    this.#places = places;
    this.args = order.map((e) => e.args.map((a) => places.get(a)!));
    this.cost = order.map(({ op }) => costs[op] ?? 1);
    this.varies = this.above(({ op, rate }) => op === 'leaf' && rate === 'neuron');
  }

  of(e: Expr): number {
    return this.#places.get(e)!;
  }

  /** Which are among these, or made of them. */
  above(isOne: (e: Expr) => boolean): boolean[] {
    const found: boolean[] = [];
    for (const [i, e] of this.order.entries()) found.push(isOne(e) || this.args[i]!.some((a) => found[a]));
    return found;
  }
}

/** The values to keep, states before the step among them where backward reads them. */
export function savedValues({ dx, dState, dParameter, next, gOutput, gNext, model }: Step): Expr[] {
  const roots = [dx, ...dState, ...dParameter];
  const back = inOrder(roots);
  const places = new Operations(inOrder([...roots, ...next]));
  const { order, args, cost, varies } = places;
  const gradients = new Set<Expr>([...gOutput, ...gNext]);
  const isLate = places.above((e) => gradients.has(e));
  const states = new Set(model.states.map(({ leaf }) => leaf));
  const isState = order.map((e) => states.has(e));
  const charge = new Set(inOrder(next));
  const isCharged = order.map((e) => charge.has(e));
  const first = roots.map((root) => places.of(root));

  /**
   * What backward costs where these are saved, or at least `most`; which of them it reads.
   * @param most from which on the sum does not matter
   */
  function reckon(
    saved: readonly boolean[],
    most = Number.POSITIVE_INFINITY,
  ): { readonly sum: number; readonly read: boolean[] } {
    const wanted: boolean[] = [];
    const read: boolean[] = [];
    for (const i of first) wanted[i] = true;
    let sum = 0;
    for (let i = order.length - 1; i >= 0; i--) {
      if (sum >= most) return { sum, read };
      if (!wanted[i] || !varies[i]) continue;
      if (saved[i] || isState[i]) {
        sum += SAVE;
        read[i] = true;
        continue;
      }
      if (!isLate[i]) sum += cost[i]!;
      for (const a of args[i]!) wanted[a] = true;
    }
    // what the first sweep has to compute besides the states
    const before = [...read];
    for (let i = order.length - 1; i >= 0; i--) {
      if (!before[i]) continue;
      if (varies[i] && !isCharged[i]) sum += cost[i]!;
      for (const a of args[i]!) before[a] = true;
    }
    return { sum, read };
  }

  const candidates = back
    .filter((e) => !isCondition(e) && e.op !== 'leaf')
    .map((e) => places.of(e))
    .filter((i) => varies[i] && !isLate[i]);
  const saved: boolean[] = order.map(() => false);
  for (let best = reckon(saved).sum; ; ) {
    let better: number | undefined;
    for (const i of candidates) {
      saved[i] = !saved[i];
      const { sum } = reckon(saved, best);
      saved[i] = !saved[i];
      if (sum >= best) continue;
      best = sum;
      better = i;
    }
    if (better === undefined) break;
    saved[better] = !saved[better];
  }
  const { read } = reckon(saved);
  return back.filter((e) => read[places.of(e)]);
}
