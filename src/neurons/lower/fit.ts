// Where a surrogate is zero outside a window low <= h < high, what it is multiplied with inside is often an expensive
// function of h alone, such as φ'(h). There a polynomial in h stands in for it, or the reciprocal of one: the cheaper
// that comes near enough everywhere in the window. If the function is even about the middle of the window, the square
// of the distance from it is all that is computed, and whether h lies in the window is one comparison with that.

import { cos } from '../../mathematics';
import { add, div, Expr, inOrder, lt, mul, number, select } from '../graph/expression';
import type { Replace, Simplifier } from '../graph/simplify';
import { evaluate } from '../graph/value';

const square = (x: number): number => x * x;

/** Of the function's value. */
const TOLERANCE = 1e-6;
const HIGHEST_DEGREE = 9;
/** What a polynomial costs besides its degree, and one over it, which has a division. */
const DIRECT = 1;
const INVERSE = 4;
const dear = new Set<Expr['op']>([
  'div',
  'sqrt',
  'exp',
  'log',
  'sin',
  'cos',
  'tanh',
  'sech2',
  'sigmoid',
  'bell',
  'atan',
  'erf',
  'exprel',
]);

interface Window {
  readonly h: Expr;
  readonly low: number;
  readonly high: number;
}

/** low <= h < high from `h >= low and h < high`. */
function windowOf(mask: Expr): Window | undefined {
  if (mask.op !== 'and') return undefined;
  const [a, b] = mask.args as [Expr, Expr];
  const [lower, upper] = a.op === 'ge' ? [a, b] : [b, a];
  if (lower.op !== 'ge' || upper.op !== 'lt' || lower.args[0] !== upper.args[0]) return undefined;
  const [low, high] = [lower.args[1]!, upper.args[1]!];
  if (low.op !== 'number' || high.op !== 'number') return undefined;
  if (!(low.value < high.value) || !Number.isFinite(high.value - low.value)) return undefined;
  return { h: lower.args[0]!, low: low.value, high: high.value };
}

/** What e is made of, down to h. */
function above(e: Expr, h: Expr): Set<Expr> {
  const seen = new Set<Expr>();
  const visit = (a: Expr): void => {
    if (seen.has(a)) return;
    seen.add(a);
    if (a !== h) a.args.forEach(visit);
  };
  visit(e);
  return seen;
}
/** Whether e depends on h and numbers alone; whether it is worth a polynomial. */
const isOf = (e: Expr, h: Expr): boolean => [...above(e, h)].every((a) => a === h || a.op !== 'leaf');
const isDear = (e: Expr, h: Expr): boolean => [...above(e, h)].some((a) => a !== h && dear.has(a.op));
const factorsOf = (e: Expr): Expr[] => (e.op === 'mul' ? e.args.flatMap(factorsOf) : [e]);

/** Chebyshev's points of [low, high], for a polynomial of this degree. */
const pointsOf = (low: number, high: number, degree: number): number[] =>
  Array.from(
    { length: degree + 1 },
    (_, i) => (low + high) / 2 + ((high - low) / 2) * cos((Math.PI * (i + 0.5)) / (degree + 1)),
  );

/** Coefficients of the polynomial that has these values at the points, by Newton's divided differences. */
function interpolated(points: readonly number[], values: readonly number[]): number[] {
  const degree = points.length - 1;
  const newton = [...values];
  for (let d = 1; d <= degree; d++)
    for (let i = degree; i >= d; i--)
      newton[i] = (newton[i]! - newton[i - 1]!) / (points[i]! - points[i - d]!);
  let p: number[] = [newton[degree]!];
  for (let i = degree - 1; i >= 0; i--) {
    const next = new Array<number>(p.length + 1).fill(0);
    for (const [k, c] of p.entries()) {
      next[k + 1]! += c;
      next[k]! -= c * points[i]!;
    }
    next[0]! += newton[i]!;
    p = next;
  }
  return p;
}
const at = (p: readonly number[], w: number): number => p.reduceRight((sum, c) => sum * w + c, 0);

interface Fit {
  readonly coefficients: readonly number[];
  /** Whether the function is one over the polynomial. */
  readonly inverse: boolean;
  /** Whether it is one of the squared distance from the middle. */
  readonly even: boolean;
  readonly middle: number;
}

/** The cheapest polynomial of the distance from the middle that is near enough. */
function fitOf(f: (h: number) => number, { low, high }: Window): Fit | undefined {
  const middle = Math.fround((low + high) / 2);
  const half = (high - low) / 2;
  const samples = Array.from({ length: 65 }, (_, i) => half * (i / 32 - 1));
  const values = samples.map((d) => f(middle + d));
  if (!values.every((v) => Number.isFinite(v) && v !== 0 && v > 0 === values[0]! > 0)) return undefined;
  // the samples lie evenly about the middle
  const even = values.every((v, i) => Math.abs(v / values.at(-1 - i)! - 1) < 1e-9);
  const of = (d: number): number => (even ? d * d : d);
  const [from, to] = even ? [0, half * half] : [-half, half];
  let best: (Fit & { readonly cost: number }) | undefined;
  for (let degree = 1; degree <= HIGHEST_DEGREE; degree++) {
    if (best !== undefined && (!best.inverse || best.cost < degree + DIRECT)) break;
    const points = pointsOf(from, to, degree);
    const there = points.map((w) => f(middle + (even ? Math.sqrt(Math.max(w, 0)) : w)));
    for (const inverse of [false, true]) {
      const cost = degree + (inverse ? INVERSE : DIRECT);
      if (best !== undefined && (inverse || best.cost < cost)) continue;
      const coefficients = interpolated(points, inverse ? there.map((v) => 1 / v) : there);
      const value = (d: number): number => (inverse ? 1 / at(coefficients, of(d)) : at(coefficients, of(d)));
      if (samples.every((d, i) => Math.abs(value(d) / values[i]! - 1) <= TOLERANCE))
        best = { coefficients, inverse, even, middle, cost };
    }
  }
  return best;
}

/** Whether the window's ends are as far from its middle as f32 can tell: then d² < half² says what it says. */
const isCentred = ({ low, high }: Window, middle: number): boolean =>
  Math.abs(high - middle - (middle - low)) <= 2 ** -24 * Math.max(Math.abs(low), Math.abs(high));

/** f by the value of h, in doubles. */
function numbersOf(f: Expr, h: Expr): (at: number) => number {
  const order = inOrder([f], (e) => e === h);
  const places = new Map(order.map((e, i) => [e, i + 1]));
  const from = order.map(({ args }) => args.map((a) => places.get(a) ?? 0)); // h itself is at 0
  const values: number[] = [];
  return (at) => {
    values[0] = at;
    for (const [i, e] of order.entries())
      values[i + 1] = evaluate(
        e,
        from[i]!.map((place) => values[place]!),
      );
    return values[order.length]!;
  };
}

/** The factors of a window's slope that are of h alone, as one polynomial; undefined where that gains nothing. */
function slopeFrom(mask: Expr, factors: readonly Expr[]): Expr | undefined {
  const window = windowOf(mask);
  if (window === undefined) return undefined;
  const { h } = window;
  const alone = factors.filter((f) => isOf(f, h));
  if (!alone.some((f) => isDear(f, h))) return undefined;
  const f = alone.reduce((a, b) => mul(a, b));
  const found = fitOf(numbersOf(f, h), window);
  if (found === undefined) return undefined;
  const { coefficients, inverse, even, middle } = found;
  const d = add(h, -middle);
  const w = even ? mul(d, d) : d;
  const p = coefficients
    .slice(0, -1)
    .reduceRight<Expr>((sum, c) => add(mul(sum, w), c), number(coefficients.at(-1)!));
  const inside = even && isCentred(window, middle) ? lt(w, square(window.high - middle)) : mask;
  const others = factors.filter((e) => !isOf(e, h)).reduce<Expr>((a, b) => mul(a, b), number(1));
  return select(inside, inverse ? div(others, p) : mul(others, p), 0);
}

const isGate = (e: Expr): boolean =>
  e.op === 'select' && e.args[2]!.op === 'number' && e.args[2]!.value === 0;

/** The roots with such functions replaced. */
export function fitted(roots: readonly Expr[], simplifier: Simplifier): Expr[] {
  const replace: Replace = (e, args) => {
    const gate = e.op === 'select' ? new Expr('select', args) : undefined;
    return gate !== undefined && isGate(gate) ? slopeFrom(args[0]!, factorsOf(args[1]!)) : undefined;
  };
  // once: the reciprocal of a polynomial is dear itself, and would be fitted again for ever
  return simplifier.rebuild(roots, replace, true);
}
