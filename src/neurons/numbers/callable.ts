// Expressions of one variable as functions of numbers, on the plain loops: one number at a time, or many, which is as
// fast as loops in JavaScript are. Operations stay in their order; only what has no variable in it is computed
// beforehand.

import { Expr, inOrder, leaf, number } from '../graph/expression';
import { evaluate } from '../graph/value';
import { BLOCK, type Floats, Loops } from './loops';

type NumberCall = (x: number) => number;

/** Programs of the functions that were made here. */
const programs = new WeakMap<NumberCall, () => Loops>();

/** f(x) of an expression in x, in doubles. The expression is asked for when the function is first called. */
export function callable(make: (x: Expr) => Expr): NumberCall {
  let made: Loops | undefined;
  const program = (): Loops => {
    made ??= new Loops([foldedOnce(make(leaf('x', 'neuron')))], Float64Array);
    return made;
  };
  const [x, y] = [new Float64Array(1), new Float64Array(1)];
  const f = (at: number): number => {
    x[0] = at;
    run(program(), x, y);
    return y[0]!;
  };
  programs.set(f, program);
  return f;
}

/** out = f(x) for all numbers of an array. */
export function valuesOf(f: NumberCall, x: Floats, out: Floats): void {
  const program = programs.get(f);
  if (program === undefined) for (let i = 0; i < x.length; i++) out[i] = f(x[i]!);
  else run(program(), x, out);
}

function run(program: Loops, x: Floats, out: Floats): void {
  for (let at = 0; at < x.length; at += BLOCK) {
    const n = Math.min(BLOCK, x.length - at);
    program.bind('x', x, at);
    program.run(n);
    program.take(0, out, at, n);
  }
}

/** The same with numbers folded, and equal expressions as one. */
function foldedOnce(root: Expr): Expr {
  const ids = new Map<Expr, number>();
  const known = new Map<string, Expr>();
  const done = new Map<Expr, Expr>();
  for (const e of inOrder([root])) {
    const args = e.args.map((a) => done.get(a)!);
    const isFixed = args.length > 0 && args.every(({ op }) => op === 'number');
    const values = args.map(({ value }) => value);
    const now = isFixed
      ? number(evaluate(e, values))
      : new Expr(e.op, args, e.value, e.name, e.rate, undefined, e.custom);
    const key = `${now.op} ${args.map((a) => ids.get(a))} ${Object.is(now.value, -0) ? '-0' : now.value}`;
    const same = isFixed || e.custom ? now : (known.get(key) ?? now);
    known.set(key, same);
    ids.set(same, ids.get(same) ?? ids.size);
    done.set(e, same);
  }
  return done.get(root)!;
}
