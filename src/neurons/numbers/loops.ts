// Expressions as loops over blocks of numbers, without eval: a list of instructions, one for each expression, each a
// loop of its own. Leaves are bound to arrays before each run. The reference to which compiled code is held: every
// value is stored, so that in f32 each is rounded as it is computed.

import type { Expr, Op } from '../graph/expression';
import { type ValuedOp, values } from '../graph/value';

export type Floats = Float32Array | Float64Array;
/** Numbers of a block. */
export const BLOCK = 256;

/** A piece of an array: from `at` on. */
interface Piece {
  array: Floats;
  at: number;
}

/** out[0..n) from the pieces a, b, c. */
type Loop = (out: Floats, n: number, a: Piece, b: Piece, c: Piece) => void;

// one loop for each of the commonest operations, so that the engine compiles each for itself
const commonest: Partial<Record<Op, Loop>> = {
  add(out, n, { array: a, at: p }, { array: b, at: q }) {
    for (let i = 0; i < n; i++) out[i] = a[p + i]! + b[q + i]!;
  },
  sub(out, n, { array: a, at: p }, { array: b, at: q }) {
    for (let i = 0; i < n; i++) out[i] = a[p + i]! - b[q + i]!;
  },
  mul(out, n, { array: a, at: p }, { array: b, at: q }) {
    for (let i = 0; i < n; i++) out[i] = a[p + i]! * b[q + i]!;
  },
  ge(out, n, { array: a, at: p }, { array: b, at: q }) {
    for (let i = 0; i < n; i++) out[i] = a[p + i]! >= b[q + i]! ? 1 : 0;
  },
  lt(out, n, { array: a, at: p }, { array: b, at: q }) {
    for (let i = 0; i < n; i++) out[i] = a[p + i]! < b[q + i]! ? 1 : 0;
  },
  select(out, n, { array: a, at: p }, { array: b, at: q }, { array: c, at: r }) {
    for (let i = 0; i < n; i++) out[i] = a[p + i] !== 0 ? b[q + i]! : c[r + i]!;
  },
};

function loopOf({ op, custom }: Expr): Loop {
  const found = commonest[op];
  if (found !== undefined) return found;
  const f =
    op === 'custom'
      ? custom!.value
      : op === 'customSlope'
        ? custom!.derivative
        : (values[op as ValuedOp] as (a: number, b: number, c: number) => number);
  return (out, n, { array: a, at: p }, { array: b, at: q }, { array: c, at: r }) => {
    for (let i = 0; i < n; i++) out[i] = f(a[p + i]!, b[q + i]!, c[r + i]!);
  };
}

/** Expressions as a program over blocks. */
export class Loops {
  readonly #steps: {
    readonly loop: Loop;
    readonly out: Floats;
    readonly args: readonly [Piece, Piece, Piece];
  }[] = [];
  readonly #pieces = new Map<Expr, Piece>();
  readonly #leaves = new Map<string, Piece>();

  constructor(
    readonly roots: readonly Expr[],
    Store: new (size: number) => Floats,
  ) {
    const none: Piece = { array: new Store(BLOCK), at: 0 };
    const visit = (e: Expr): Piece => {
      const known = this.#pieces.get(e);
      if (known !== undefined) return known;
      const args = e.args.map(visit);
      const piece: Piece = { array: new Store(BLOCK), at: 0 };
      this.#pieces.set(e, piece);
      if (e.op === 'leaf') this.#leaves.set(e.name, piece);
      else if (e.op === 'number') piece.array.fill(e.value);
      else {
        const [a = none, b = none, c = none] = args;
        this.#steps.push({ loop: loopOf(e), out: piece.array, args: [a, b, c] });
      }
      return piece;
    };
    for (const root of roots) visit(root);
  }

  /** Where a leaf's numbers lie; a leaf that no root depends on is passed over. */
  bind(name: string, array: Floats, at = 0): void {
    const piece = this.#leaves.get(name);
    if (piece === undefined) return;
    piece.array = array;
    piece.at = at;
  }

  run(n: number): void {
    for (const { loop, out, args } of this.#steps) loop(out, n, args[0], args[1], args[2]);
  }

  /** Copies a root's numbers. */
  take(root: number, into: Floats, at: number, n: number): void {
    const { array, at: from } = this.#pieces.get(this.roots[root]!)!;
    for (let i = 0; i < n; i++) into[at + i] = array[from + i]!;
  }
}
