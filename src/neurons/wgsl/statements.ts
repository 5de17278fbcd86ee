// Expressions as statements of a shading language. What is used twice, or is long, gets a variable; what no neuron
// changes is computed before the loop over time.

import { type Expr, inOrder, isCondition } from '../graph/expression';

/** How a language writes what all of them have. */
export interface Dialect {
  /** An f32 number; infinities and NaN no language can spell. */
  number(value: number): string;
  select(condition: string, yes: string, no: string): string;
  call(name: string, argument: string): string;
  declare(name: string, value: string): string;
  /** Whether variables hold conditions; else they hold 1 or 0. */
  readonly hasConditions: boolean;
}

export interface Written {
  /** Statements that hold for all steps. */
  readonly before: readonly string[];
  /** Statements of a step. */
  readonly lines: readonly string[];
  /** The roots, as texts that these define. */
  readonly values: readonly string[];
}

/** By operation. `gain` is a product that no selection swallows. */
const infix: Readonly<Record<string, string>> = {
  gain: '*',
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  and: '&&',
  or: '||',
};

/** Characters from which on an expression gets a variable: compilers do not nest without end. */
const LONG = 100;

/**
 * @param names variables of the leaves
 * @param letter with which names of variables begin
 */
export function written(
  roots: readonly Expr[],
  names: ReadonlyMap<string, string>,
  dialect: Dialect,
  letter: string,
): Written {
  const uses = new Map<Expr, number>();
  const use = (e: Expr) => uses.set(e, (uses.get(e) ?? 0) + 1);
  const all = inOrder(roots);
  for (const e of [...roots, ...all.flatMap(({ args }) => args)]) use(e);
  const texts = new Map<Expr, string>();
  const steady = new Set<Expr>();
  const before: string[] = [];
  const lines: string[] = [];
  for (const e of all) {
    const isLeaf = e.op === 'leaf' || e.op === 'number';
    const isSteady = e.op === 'leaf' ? e.rate !== 'neuron' : e.args.every((a) => steady.has(a));
    if (isSteady) steady.add(e);
    let text =
      e.op === 'leaf'
        ? names.get(e.name)!
        : textOf(
            e,
            e.args.map((a) => texts.get(a)!),
            dialect,
          );
    if (!isLeaf && (isSteady || uses.get(e)! > 1 || text.length > LONG)) {
      const name = `${letter}${before.length + lines.length}`;
      const isFlag = isCondition(e) && !dialect.hasConditions;
      const value = isFlag ? dialect.select(text, dialect.number(1), dialect.number(0)) : text;
      (isSteady ? before : lines).push(dialect.declare(name, value));
      text = isFlag ? `(${name} > 0.5)` : name;
    }
    texts.set(e, text);
  }
  return { before, lines, values: roots.map((root) => texts.get(root)!) };
}

function textOf({ op, value }: Expr, [a, b, c]: readonly string[], dialect: Dialect): string {
  if (infix[op] !== undefined) return `(${a} ${infix[op]} ${b})`;
  switch (op) {
    case 'number':
      return dialect.number(Math.fround(value));
    case 'neg':
      return `(-${a})`;
    case 'not':
      return `(!${a})`;
    case 'select':
      return dialect.select(a!, b!, c!);
    // of two that do not compare the first
    case 'min':
      return dialect.select(`(${b} < ${a})`, b!, a!);
    case 'max':
      return dialect.select(`(${a} < ${b})`, b!, a!);
    default:
      return dialect.call(op, a!);
  }
}
