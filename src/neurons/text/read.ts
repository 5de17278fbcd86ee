// From the tree of an equation to an expression: names and functions get their meaning.

import { nearest } from '../../options';
import type { Expr, Real } from '../graph/expression';
import * as E from '../graph/expression';
import { evaluate, values as known } from '../graph/value';
import { adviceOnFunction } from './absent';
import { type TextFunction, textConstants, textFunctions } from './functions';
import { EquationError } from './mistake';
import type { Node, Operator } from './syntax';

/** What names mean where an equation stands. */
export interface Scope {
  /** The whole text, for messages. */
  readonly text: string;
  readonly values: Readonly<Record<string, Expr>>;
  /** Beside those that all equations have. */
  readonly functions: Readonly<Record<string, TextFunction>>;
  /** What to say of a name that has no value; undefined: that it is not known. */
  readonly unknown?: (name: string) => string | undefined;
  /** Whether a choice may keep what stands here from being computed. */
  readonly isGuarded?: boolean;
}

const binary: Readonly<Record<Operator, (a: Real, b: Real) => Expr>> = {
  '+': E.add,
  '-': E.sub,
  '*': E.mul,
  '/': E.div,
  '^': E.power,
  '<': E.lt,
  '<=': E.le,
  '>': E.gt,
  '>=': E.ge,
  '==': E.equal,
  '!=': (a, b) => E.not(E.equal(a, b)),
  and: E.and,
  or: E.or,
};

const hint = (word: string, names: readonly string[]): string => {
  const near = word.length > 1 ? nearest(word, names) : undefined;
  return near === undefined ? '' : `; did you mean ${near}?`;
};

/**
 * @throws EquationError for names and functions that are not known, wrong numbers of arguments, and what is no finite
 * number whatever comes in
 */
export function expressionOf(node: Node, scope: Scope): Expr {
  const e = meaningOf(node, scope);
  if (scope.isGuarded) return e;
  const words = ({ start, end }: Node): string => scope.text.slice(start, end);
  if (node.kind === 'binary' && node.operator === '/' && constantOf(e.args[1]!) === 0) {
    const by = words(node.right);
    const mistake =
      by === '0' ? 'nothing can be divided by 0' : `${by} is 0, and nothing can be divided by it`;
    throw new EquationError(scope.text, node.right, mistake);
  }
  const value = constantOf(e);
  if (value !== undefined && !Number.isFinite(value))
    throw new EquationError(scope.text, node, `${words(node)} is ${value}, whatever comes in`);
  return e;
}

/** What is made of numbers alone; undefined of all else. */
const constants = new WeakMap<Expr, { readonly value: number | undefined }>();
function constantOf(e: Expr): number | undefined {
  if (e.op === 'number') return e.value;
  const found = constants.get(e);
  if (found !== undefined) return found.value;
  const args = Object.hasOwn(known, e.op) ? e.args.map(constantOf) : [undefined];
  const value = args.includes(undefined) ? undefined : evaluate(e, args as number[]);
  constants.set(e, { value });
  return value;
}

function meaningOf(node: Node, scope: Scope): Expr {
  const read = (inner: Node): Expr => expressionOf(inner, scope);
  switch (node.kind) {
    case 'number':
      return E.number(node.value);
    case 'name':
      return namedValue(node.name, node, scope);
    case 'unary':
      return node.operator === '-' ? negative(read(node.of)) : E.not(read(node.of));
    case 'binary':
      return binary[node.operator](read(node.left), read(node.right));
    case 'choice':
      return E.select(
        read(node.condition),
        expressionOf(node.yes, { ...scope, isGuarded: true }),
        expressionOf(node.no, { ...scope, isGuarded: true }),
      );
    case 'call':
      return call(node, ['select', 'where'].includes(node.name) ? { ...scope, isGuarded: true } : scope);
  }
}

/** -2 is a number, not the negative of one: powers look at numbers. */
const negative = (e: Expr): Expr => (e.op === 'number' ? E.number(-e.value) : E.neg(e));

function namedValue(name: string, node: Node, { text, values, functions, unknown }: Scope): Expr {
  if (Object.hasOwn(values, name)) return values[name]!;
  if (Object.hasOwn(textConstants, name)) return E.number(textConstants[name]!);
  if (Object.hasOwn(functions, name) || Object.hasOwn(textFunctions, name))
    throw new EquationError(text, node, `${name} is a function: ${name}(…)`);
  const known = [...Object.keys(values), ...Object.keys(textConstants)];
  throw new EquationError(text, node, unknown?.(name) ?? `${name} is not known${hint(name, known)}`);
}

function call(node: Node & { readonly kind: 'call' }, scope: Scope): Expr {
  const { text, functions, values } = scope;
  const { name, nameSpan, args } = node;
  const f = Object.hasOwn(functions, name)
    ? functions[name]
    : Object.hasOwn(textFunctions, name)
      ? textFunctions[name]
      : undefined;
  if (f === undefined) {
    if (Object.hasOwn(values, name))
      throw new EquationError(
        text,
        nameSpan,
        `${name} is a value and no function; a product is written ${name}*(…)`,
      );
    const known = [...Object.keys(functions), ...Object.keys(textFunctions)];
    throw new EquationError(text, nameSpan, `there is no function ${name}${adviceOnFunction(name, known)}`);
  }
  if (args.length < f.least || args.length > f.most) {
    const wanted =
      f.least === f.most ? `${f.least}` : args.length < f.least ? `${f.least} or more` : `at most ${f.most}`;
    throw new EquationError(
      text,
      node,
      `${name} takes ${wanted} ${wanted === '1' ? 'argument' : 'arguments'}, got ${args.length}`,
    );
  }
  return f.make(...args.map((argument) => expressionOf(argument, scope)));
}
