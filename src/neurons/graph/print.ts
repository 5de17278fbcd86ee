// Expressions back to the language of equations, one line each: what is used twice has a name and a line of its own,
// and what has a name already is called by it. Read again, the text gives the same expressions, but for what only
// lowering makes.

import { type Expr, inOrder, type Op } from './expression';

/** A name and what it stands for. */
export interface PrintedLine {
  readonly name: string;
  readonly value: Expr;
}

/** How tightly an operator binds, as text/parse.ts has it; functions and names are atoms. */
const CHOICE = 0;
const UNARY = 7;
const ATOM = 9;
const joins: Partial<Record<Op, readonly [level: number, sign: string]>> = {
  or: [1, ' or '],
  and: [2, ' and '],
  lt: [4, ' < '],
  le: [4, ' <= '],
  gt: [4, ' > '],
  ge: [4, ' >= '],
  add: [5, ' + '],
  sub: [5, ' - '],
  mul: [6, '*'],
  div: [6, '/'],
};

/** What a leaf is called in the text: `state v` is v. */
const leafName = ({ name }: Expr): string => name.replace(/^(state|parameter) /, '').replace(/\W+/g, '_');

/**
 * The lines, with those before them that they share.
 * @param nameOf what leaves are called
 */
export function print(lines: readonly PrintedLine[], nameOf: (leaf: Expr) => string = leafName): string {
  const all = inOrder(lines.map(({ value }) => value));
  const uses = new Map<Expr, number>();
  for (const e of all) for (const a of e.args) uses.set(a, (uses.get(a) ?? 0) + 1);
  const leaves = all.filter(({ op }) => op === 'leaf');
  // what these are made of is longer than anybody reads
  const known = all.filter(({ op }) => op === 'known');
  const taken = new Set([...lines.map(({ name }) => name), ...leaves.map(nameOf)]);
  const fresh = (stem: string): string => {
    let name = stem;
    for (let n = 2; taken.has(name); n++) name = `${stem}${n}`;
    taken.add(name);
    return name;
  };
  /** @param before leaves that are read after a line took their name */
  const run = (before: ReadonlySet<Expr>): { printed: string[]; late: Set<Expr> } => {
    const named = new Map<Expr, string>([
      ...leaves.map((leaf) => [leaf, nameOf(leaf)] as const),
      ...known.map((e) => [e, e.name] as const),
    ]);
    const printed = [...before].map((leaf) => {
      const own = fresh(`${nameOf(leaf)}_before`);
      named.set(leaf, own);
      return `${own} = ${nameOf(leaf)}`;
    });
    const assigned = new Set<string>();
    const late = new Set<Expr>();
    const write = (e: Expr, level: number): string => {
      const name = named.get(e);
      if (e.op === 'leaf' && assigned.has(name!)) late.add(e);
      return name ?? inBrackets(e, level);
    };
    const inBrackets = (e: Expr, level: number): string => {
      const [text, own] = written(e, write);
      return own < level ? `(${text})` : text;
    };
    for (const { name, value } of lines) {
      for (const e of below(value, named)) {
        if (e === value || uses.get(e) === 1) continue;
        const own = fresh('part');
        printed.push(`${own} = ${inBrackets(e, CHOICE)}`);
        named.set(e, own);
      }
      printed.push(`${name} = ${write(value, CHOICE)}`);
      assigned.add(name);
      if (value.args.length > 0 && !named.has(value)) named.set(value, name);
    }
    return { printed, late };
  };
  let before = new Set<Expr>();
  for (;;) {
    const { printed, late } = run(before);
    if (late.size === 0) return printed.join('\n');
    before = new Set([...before, ...late]);
    taken.clear();
    for (const name of [...lines.map((line) => line.name), ...leaves.map(nameOf)]) taken.add(name);
  }
}

/** What a line needs that has no name yet, arguments first. */
function below(root: Expr, named: ReadonlyMap<Expr, string>): Expr[] {
  const seen = new Set<Expr>();
  const visit = (e: Expr): void => {
    if (seen.has(e) || named.has(e) || e.args.length === 0) return;
    for (const a of e.args) visit(a);
    seen.add(e);
  };
  visit(root);
  return [...seen];
}

/** One expression as text. */
export const printExpression = (e: Expr): string => print([{ name: '', value: e }]).replace(/^ = /, '');

type Write = (e: Expr, level: number) => string;

/** The text of an expression, and how tightly it holds together. */
function written(e: Expr, write: Write): readonly [text: string, level: number] {
  const [a, b, c] = e.args as [Expr, Expr, Expr];
  const join = joins[e.op];
  if (join !== undefined) {
    const [level, sign] = join;
    // from the left, but comparisons do not chain
    return [`${write(a, level === 4 ? 5 : level)}${sign}${write(b, level + 1)}`, level];
  }
  switch (e.op) {
    case 'number':
      return numberText(e.value);
    case 'neg':
      return [`-${write(a, UNARY)}`, UNARY];
    case 'not':
      return [`!${write(a, ATOM)}`, UNARY];
    case 'select':
      return [`${write(a, 1)} ? ${write(b, CHOICE)} : ${write(c, CHOICE)}`, CHOICE];
    case 'fma':
      return [`${write(a, 6)}*${write(b, 7)} + ${write(c, 6)}`, 5];
    case 'fnma':
      return [`${write(c, 5)} - ${write(a, 6)}*${write(b, 7)}`, 5];
    case 'spike':
      return [
        `spike(${write(a, e.surrogate!.isStrict ? 5 : CHOICE)}${e.surrogate!.isStrict ? ' > 0' : ''})`,
        ATOM,
      ];
    case 'custom':
      return [`${e.custom!.name}(${write(a, CHOICE)})`, ATOM];
    case 'customSlope':
      return [`${e.custom!.name}_slope(${write(a, CHOICE)})`, ATOM];
    default:
      return [`${e.op}(${e.args.map((arg) => write(arg, CHOICE)).join(', ')})`, ATOM];
  }
}

function numberText(value: number): readonly [text: string, level: number] {
  if (Number.isNaN(value)) return ['0/0', 6];
  if (!Number.isFinite(value)) return [value < 0 ? '-1/0' : '1/0', 6];
  if (value === Math.PI) return ['pi', ATOM];
  return value < 0 || Object.is(value, -0) ? [`-${Math.abs(value)}`, UNARY] : [`${value}`, ATOM];
}
