// Expressions made anew: equal ones become one object, so that nothing is computed twice; numbers fold; rules.ts has
// the algebra. One simplifier serves forward and backward of a neuron, which then share what they have in common.

import { Expr, inOrder, type Op } from './expression';
import { simpler } from './rules';
import { evaluate } from './value';

const commutative = new Set<Op>(['add', 'mul', 'and', 'or']);
const isNumber = ({ op }: Expr): boolean => op === 'number';
/** Stand for themselves, whatever they are applied to. */
const kept = new Set<Op>(['spike', 'detach']);

/** Stands in for an expression whose arguments are already simplified; undefined: the expression itself. */
export type Replace = (e: Expr, args: readonly Expr[]) => Expr | undefined;

export class Simplifier {
  readonly #known = new Map<string, Expr>();
  readonly #ids = new Map<Expr, number>();
  /** Functions by identity: two surrogates on one argument are two. */
  readonly #functions = new Map<object, number>();

  /** @param floats whether values are f32, so that a comparison may move to the f32 number where it changes */
  constructor(readonly floats: boolean) {}

  /**
   * The roots again, simplified.
   * @param once whether what stands in for an expression is left as it is; else that is looked through as well
   */
  rebuild(roots: readonly Expr[], replace?: Replace, once = false): Expr[] {
    return this.#rebuilt(roots, new Map(), replace, once);
  }

  /** @param done what became of others, those that came out of it among them */
  #rebuilt(
    roots: readonly Expr[],
    done: Map<Expr, Expr>,
    replace: Replace | undefined,
    once: boolean,
  ): Expr[] {
    // what was made here and is not to be replaced is simple already
    const isDone = (e: Expr): boolean => done.has(e) || (replace === undefined && this.#ids.has(e));
    for (const e of inOrder(roots, isDone)) {
      const args = e.args.map((a) => done.get(a) ?? a);
      const other = replace?.(e, args);
      const made =
        other === undefined
          ? this.#remade(e, args)
          : once
            ? this.rebuild([other])[0]!
            : this.#rebuilt([other], done, replace, false)[0]!;
      done.set(e, made).set(made, made);
    }
    return roots.map((root) => done.get(root) ?? root);
  }

  number(value: number): Expr {
    const key = Object.is(value, -0) ? '-0' : `${value}`;
    return this.#known.get(key) ?? this.#keep(key, new Expr('number', [], value));
  }

  make(op: Op, args: readonly Expr[]): Expr {
    return this.#made(op, args, '', undefined, undefined);
  }

  #remade(e: Expr, args: readonly Expr[]): Expr {
    if (e.op === 'number') return this.number(e.value);
    if (e.op === 'leaf') return this.#known.get(`leaf ${e.name}`) ?? this.#keep(`leaf ${e.name}`, e);
    return this.#made(e.op, args, e.name, e.surrogate, e.custom);
  }

  #made(
    op: Op,
    given: readonly Expr[],
    name: string,
    surrogate: Expr['surrogate'],
    custom: Expr['custom'],
  ): Expr {
    const args = commutative.has(op) ? this.#sorted(given) : given;
    if (!kept.has(op) && args.every(isNumber)) {
      const e = new Expr(op, args, 0, name, 'neuron', surrogate, custom);
      return this.number(
        evaluate(
          e,
          args.map(({ value }) => value),
        ),
      );
    }
    const [a, b, c] = args as [Expr, Expr, Expr];
    const found = simpler(this, op, a, b, c);
    if (found !== undefined) return found;
    let key: string = op;
    for (const argument of args) key += ` ${this.#ids.get(argument)}`;
    const f = surrogate ?? custom;
    if (f !== undefined) key += ` f${this.#functionId(f)}`;
    if (name !== '') key += ` ${name}`;
    return this.#known.get(key) ?? this.#keep(key, new Expr(op, args, 0, name, 'neuron', surrogate, custom));
  }

  /** Numbers come last. */
  #sorted(args: readonly Expr[]): readonly Expr[] {
    const [a, b] = args as [Expr, Expr];
    const isLater = isNumber(a) === isNumber(b) ? this.#ids.get(a)! > this.#ids.get(b)! : isNumber(a);
    return isLater ? [b, a] : args;
  }

  #keep(key: string, e: Expr): Expr {
    this.#known.set(key, e);
    this.#ids.set(e, this.#ids.size);
    return e;
  }

  #functionId(f: object): number {
    const known = this.#functions.get(f) ?? this.#functions.size;
    this.#functions.set(f, known);
    return known;
  }
}
