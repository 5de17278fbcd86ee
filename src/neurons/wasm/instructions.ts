// Expressions as instructions. What does not change from neuron to neuron is computed once, before the loops or with
// the channels, and kept in locals; the rest goes over the stack, what is used twice through a local.

import { SpikegradError } from '../../errors';
import { Expr, inOrder, number, type Rate } from '../graph/expression';
import type { Code, Kept, VectorInstruction } from './code';

const plain: { readonly [op in Expr['op']]?: VectorInstruction } = {
  add: 'f32x4.add',
  sub: 'f32x4.sub',
  mul: 'f32x4.mul',
  // to the last: a selection in its place would hide a gradient that is lost behind a slope of 0
  gain: 'f32x4.mul',
  div: 'f32x4.div',
  // pmin(p, q) is q < p ? q : p
  min: 'f32x4.pmin',
  max: 'f32x4.pmax',
  neg: 'f32x4.neg',
  abs: 'f32x4.abs',
  sqrt: 'f32x4.sqrt',
  floor: 'f32x4.floor',
  nearest: 'f32x4.nearest',
  lt: 'f32x4.lt',
  le: 'f32x4.le',
  gt: 'f32x4.gt',
  ge: 'f32x4.ge',
  and: 'v128.and',
  or: 'v128.or',
  not: 'v128.not',
};

const rank: Readonly<Record<Rate, number>> = { layer: 0, channel: 1, neuron: 2 };
const isZero = (e: Expr): boolean => e.op === 'number' && e.value === 0;
/** 1.5·2^23: what it is added to has its whole part in its lowest bits. */
const MAGIC = number(12582912);

/** Values that stand in locals, by expression. */
export type Known = ReadonlyMap<Expr, number>;
/** Puts a leaf's value on the stack. */
export type LeafPlace = (leaf: Expr) => void;
/** How a root comes on the stack: its gaps are leaves, and what holds for a channel. */
type Script = Kept<Expr>;

/**
 * What of these roots is to be computed ahead: values of this rate that those of a higher one are made from.
 * @returns each with what it is made from before it
 */
export function ahead(roots: readonly Expr[], rate: 'layer' | 'channel'): Expr[] {
  const rates = new Map<Expr, number>();
  const order = inOrder(roots);
  for (const e of order) {
    const own = e.op === 'leaf' ? rank[e.rate] : 0;
    rates.set(
      e,
      e.args.reduce((most, a) => Math.max(most, rates.get(a)!), own),
    );
  }
  const wanted = new Set<Expr>();
  const want = (e: Expr): void => {
    if (rates.get(e) === rank[rate] && !isZero(e)) wanted.add(e);
  };
  for (const e of order) if (rates.get(e)! > rank[rate]) e.args.forEach(want);
  roots.forEach(want);
  // what several of them are made of is computed once, too
  const uses = new Map<Expr, number>();
  const use = (e: Expr): void => {
    if (rates.get(e) !== rank[rate]) return;
    uses.set(e, (uses.get(e) ?? 0) + 1);
    if (uses.get(e) === 1) e.args.forEach(use);
  };
  wanted.forEach(use);
  const needed = order.filter((e) => wanted.has(e) || (e.args.length > 0 && (uses.get(e) ?? 0) > 1));
  return rate === 'layer' && order.some(({ op }) => op === 'scale2') ? [...needed, MAGIC] : needed;
}

export class InstructionWriter {
  /** What holds for the whole call. */
  readonly #layer = new Map<Expr, number>();
  /** Locals that values of one cell stand in, and then those of the next. */
  readonly #cell: number[] = [];
  /** A step's body is written for every cell of a block, and worked out for the first. */
  readonly #scripts = new WeakMap<readonly Expr[], readonly Script[]>();

  /**
   * @param relaxed whether the engine has fused multiply-adds
   * @param numberAt where a number lies, in bytes from `table`
   */
  constructor(
    readonly code: Code,
    readonly relaxed: boolean,
    readonly table: number,
    readonly numberAt: (value: number) => number,
  ) {}

  /** Computes what holds for the whole call. */
  prologue(roots: readonly Expr[], place: LeafPlace): void {
    const none: Known = new Map();
    for (const e of ahead(roots, 'layer')) {
      this.#play(this.#scriptsOf([e], none)[0]!, none, place);
      this.#layer.set(e, this.code.vector());
      this.code.set(this.#layer.get(e)!);
    }
  }

  /**
   * Locals for what holds for a channel, and how to compute them.
   * @param vectors of four channels
   */
  channels(
    roots: readonly Expr[],
    vectors: number,
    place: (leaf: Expr, vector: number) => void,
  ): { readonly known: Known; readonly compute: () => void }[] {
    const wanted = ahead(roots, 'channel');
    const before = new Map<Expr, number>();
    const scripts = wanted.map((e) => {
      const script = this.#scriptsOf([e], before)[0]!;
      before.set(e, 0);
      return script;
    });
    return Array.from({ length: vectors }, (_, vector) => {
      const known = new Map(wanted.map((e) => [e, this.code.vector()]));
      const compute = (): void => {
        const earlier = new Map<Expr, number>();
        for (const [i, e] of wanted.entries()) {
          this.#play(scripts[i]!, earlier, (leaf) => place(leaf, vector));
          this.code.set(known.get(e)!);
          earlier.set(e, known.get(e)!);
        }
      };
      return { known, compute };
    });
  }

  /**
   * One vector through these roots.
   * @param take puts a root on the stack by calling `value`, and may return how it is stored: that happens after all
   * are computed, the last first, because new states lie where the old ones did
   */
  body(
    roots: readonly Expr[],
    channel: Known,
    place: LeafPlace,
    take: (i: number, value: () => void) => (() => void) | undefined,
  ): void {
    const scripts = this.#scriptsOf(roots, channel);
    const stores = scripts.map((script, i) => take(i, () => this.#play(script, channel, place)));
    for (const store of stores.reverse()) store?.();
  }

  #play(script: Script, channel: Known, place: LeafPlace): void {
    for (const piece of script) {
      if (piece instanceof Expr) {
        const local = channel.get(piece);
        if (local === undefined) place(piece);
        else this.code.get(local);
      } else this.code.again(piece);
    }
  }

  /** @param channel of any vector: its locals are filled in when the script is played */
  #scriptsOf(roots: readonly Expr[], channel: Known): readonly Script[] {
    const found = this.#scripts.get(roots) ?? this.#written(roots, channel);
    this.#scripts.set(roots, found);
    return found;
  }

  #written(roots: readonly Expr[], channel: Known): Script[] {
    const { code } = this;
    const layer = this.#layer;
    const uses = new Map<Expr, number>();
    const count = (e: Expr): void => {
      if (isZero(e) || layer.has(e) || channel.has(e)) return;
      const before = uses.get(e) ?? 0;
      uses.set(e, before + 1);
      if (before === 0) e.args.forEach(count);
    };
    roots.forEach(count);
    const locals = new Map<Expr, number>();
    return roots.map((root) =>
      code.kept<Expr>((gap) => {
        const put = (e: Expr): void => {
          if (isZero(e)) {
            code.zero();
            return;
          }
          const local = layer.get(e) ?? locals.get(e);
          if (local !== undefined) {
            code.get(local);
            return;
          }
          if (channel.has(e)) {
            gap(e);
            return;
          }
          if (e.op === 'number') code.get(this.table).splat(this.numberAt(e.value));
          else if (e.op === 'leaf') gap(e);
          else this.operation(e, put);
          if (uses.get(e)! < 2) return;
          const own = this.#cell[locals.size] ?? this.#cell[this.#cell.push(code.vector()) - 1]!;
          locals.set(e, own);
          code.tee(own);
        };
        put(root);
      }),
    );
  }

  /** One operation on its arguments. */
  operation(e: Expr, put: (a: Expr) => void): void {
    const { code, relaxed } = this;
    const [a, b, c] = e.args as [Expr, Expr, Expr];
    const instruction = plain[e.op];
    if (instruction !== undefined) {
      e.args.forEach(put);
      code.simd(instruction);
      return;
    }
    switch (e.op) {
      case 'fma':
        if (relaxed) this.#all(put, a, b, c).simd('f32x4.relaxed_madd');
        else this.#all(put, a, b).simd('f32x4.mul') && this.#all(put, c).simd('f32x4.add');
        return;
      case 'fnma':
        if (relaxed) this.#all(put, a, b, c).simd('f32x4.relaxed_nmadd');
        else this.#all(put, c, a, b).simd('f32x4.mul').simd('f32x4.sub');
        return;
      case 'select':
        if (isZero(c)) this.#all(put, b, a).simd('v128.and');
        else if (isZero(b)) this.#all(put, c, a).simd('v128.andnot');
        else this.#all(put, b, c, a).simd(relaxed ? 'i32x4.relaxed_laneselect' : 'v128.bitselect');
        return;
      case 'scale2': // a whole b goes to a's exponent
        this.#all(put, a, b, MAGIC).simd('f32x4.add').const(23).simd('i32x4.shl').simd('i32x4.add');
        return;
      case 'exponent':
        this.#all(put, a).const(23).simd('i32x4.shr_u').simd('f32x4.convert_i32x4_s');
        return;
      default:
        throw new SpikegradError('neuron', `${e.op} has no instruction; please report it`);
    }
  }

  #all(put: (e: Expr) => void, ...args: Expr[]): Code {
    args.forEach(put);
    return this.code;
  }
}
