// An increasing function compared with a number is its argument compared with another number: φ(h) >= vth is h >= the
// least f32 number for which it holds, found once in doubles. So no rectifier is computed forward, and spikes are
// free of the rounding of tanh.

import type { Expr, Op } from './expression';
import { firstFloat } from './float-search';
import { evaluate } from './value';

const increasing = new Set<Op>(['tanh', 'exp', 'sigmoid', 'atan', 'erf']);

/** A chain of increasing functions with numbers: the argument at its end, and what it makes of that. */
interface Chain {
  readonly of: Expr;
  readonly value: (x: number) => number;
}

function chainOf(root: Expr): Chain | undefined {
  const steps: ((x: number) => number)[] = [];
  let e = root;
  for (;;) {
    const [a, b] = e.args;
    const link = e;
    if (increasing.has(e.op)) {
      steps.push((x) => evaluate(link, [x]));
    } else if (e.op === 'add' && b!.op === 'number') {
      steps.push((x) => x + b!.value);
    } else if (e.op === 'mul' && b!.op === 'number' && b!.value > 0) {
      steps.push((x) => x * b!.value);
    } else if (e.op === 'div' && b!.op === 'number' && b!.value > 0) {
      steps.push((x) => x / b!.value);
    } else break;
    e = a!;
  }
  return steps.length > 0 ? { of: e, value: (x) => steps.reduceRight((y, f) => f(y), x) } : undefined;
}

/** Whether there is something to look through. */
export const isMonotone = (e: Expr): boolean => chainOf(e) !== undefined;

/** `e op number` as `of op' than`; undefined where there is nothing to look through. */
export function threshold(
  e: Expr,
  op: Op,
  number: number,
): { readonly op: Op; readonly of: Expr; readonly than: number } | undefined {
  const chain = chainOf(e);
  if (chain === undefined) return undefined;
  const { of, value } = chain;
  const isStrict = op === 'gt' || op === 'le'; // value > number, or not
  const first = firstFloat((x) => (isStrict ? value(x) > number : value(x) >= number));
  const isAbove = op === 'gt' || op === 'ge';
  // none at all: NaN compares with nothing; below it is everything but NaN
  if (first === undefined)
    return isAbove ? { op: 'ge', of, than: Number.NaN } : { op: 'le', of, than: Number.POSITIVE_INFINITY };
  return { op: isAbove ? 'ge' : 'lt', of, than: first };
}
