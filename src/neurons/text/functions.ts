// The functions and constants that equations may name.

import type { Expr, Real } from '../graph/expression';
import * as E from '../graph/expression';

/** A function of equations: how many arguments it takes, and the expression it is. */
export interface TextFunction {
  readonly least: number;
  readonly most: number;
  readonly make: (...args: Expr[]) => Expr;
}

const of = (make: (a: Expr) => Expr): TextFunction => ({ least: 1, most: 1, make });
const ofMany = (make: (...args: Real[]) => Expr): TextFunction => ({ least: 2, most: 16, make });

const select: TextFunction = { least: 3, most: 3, make: (c, a, b) => E.select(c!, a!, b!) };
const clamp: TextFunction = { least: 3, most: 3, make: (a, low, high) => E.clamp(a!, low!, high!) };
const power: TextFunction = { least: 2, most: 2, make: (a, n) => E.power(a!, n!) };

/** By name; where a function has two common names, by both. */
export const textFunctions: Readonly<Record<string, TextFunction>> = {
  abs: of(E.abs),
  sign: of(E.sign),
  floor: of(E.floor),
  sqrt: of(E.sqrt),
  exp: of(E.exp),
  log: of(E.log),
  sin: of(E.sin),
  cos: of(E.cos),
  tanh: of(E.tanh),
  sech2: of(E.sech2),
  sigmoid: of(E.sigmoid),
  bell: of(E.bell),
  arctan: of(E.atan),
  atan: of(E.atan),
  erf: of(E.erf),
  // made of others, by the names that Brian2 and numpy have
  tan: of((a) => E.div(E.sin(a), E.cos(a))),
  sinh: of((a) => E.mul(a, E.div(E.add(E.exprel(a), E.exprel(E.neg(a))), 2))),
  cosh: of((a) => E.div(E.add(E.exp(a), E.exp(E.neg(a))), 2)),
  ceil: of((a) => E.neg(E.floor(E.neg(a)))),
  log10: of((a) => E.div(E.log(a), Math.LN10)),
  log1p: of((a) => E.log(E.add(1, a))),
  expm1: of((a) => E.mul(a, E.exprel(a))),
  /** (e^x - 1)/x, by Brian2's name. */
  exprel: of(E.exprel),
  relu: of(E.relu),
  min: ofMany(E.min),
  max: ofMany(E.max),
  pow: power,
  clamp,
  clip: clamp,
  select,
  where: select,
  detach: of(E.detach),
  /** A condition as 1 or 0, as Brian2 writes it. */
  int: of((a) => E.add(a, 0)),
};

export const textConstants: Readonly<Record<string, number>> = { pi: Math.PI };

/** Whether a name stands for something in every equation, so that nothing else can have it. */
export const isTaken = (name: string): boolean =>
  Object.hasOwn(textFunctions, name) ||
  Object.hasOwn(textConstants, name) ||
  ['spike', 'and', 'or', 'not', '__proto__'].includes(name);
