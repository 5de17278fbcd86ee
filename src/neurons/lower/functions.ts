// Functions as polynomials of sums, products and a power of two, for targets that have no others: SIMD WebAssembly.
// In f32 each is within a few units in the last place (near a zero of the function, of its largest value).

import {
  abs,
  add,
  and,
  div,
  Expr,
  floor,
  ge,
  gt,
  le,
  lt,
  max,
  min,
  mul,
  neg,
  number,
  select,
  sub,
} from '../graph/expression';

/** c[0] + c[1]·x + c[2]·x² + … */
const polynomial = (x: Expr, c: readonly number[]): Expr =>
  c.slice(0, -1).reduceRight<Expr>((sum, term) => add(mul(sum, x), term), number(c.at(-1)!));
const nearest = (x: Expr): Expr => new Expr('nearest', [x]);

/** Where e^x is infinite in f32, and where it has lost its first digits. */
const HIGH = 88.72283;
const LOW = -87.3;

/** e^x = 2^n·(1 + r + r²·q(r)), n the whole number nearest to x/ln 2, ln 2 in two parts; x between LOW and HIGH. */
function exponential(x: Expr): Expr {
  const n = min(nearest(mul(x, Math.LOG2E)), 127);
  const r = sub(sub(x, mul(n, 0.693359375)), mul(n, -2.12194442e-4));
  const q = polynomial(
    r,
    [0.49999988079071045, 0.166665181517601, 0.04166954383254051, 0.00836898759007454, 0.0013751150108873844],
  );
  return new Expr('scale2', [add(add(mul(mul(r, r), q), r), 1), n]);
}

/** The largest number of f32, and the least that has all its digits. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;
const NORMAL = 2 ** -126;

/** log x = e·ln 2 + log m, x = m·2^e and m from √½ to √2, whose logarithm is that of Cephes' logf. */
function logarithm(x: Expr): Expr {
  const isSmall = lt(x, NORMAL);
  const normal = select(isSmall, mul(x, 2 ** 24), x);
  const biased = new Expr('exponent', [normal]);
  const half = new Expr('scale2', [normal, sub(126, biased)]); // from ½ to 1
  const isLow = lt(half, Math.SQRT1_2);
  const e = sub(biased, add(select(isLow, 127, 126), select(isSmall, 24, 0)));
  const m = sub(select(isLow, mul(half, 2), half), 1);
  const w = mul(m, m);
  const p = polynomial(
    m,
    [
      0.33333331174, -0.24999993993, 0.20000714765, -0.16668057665, 0.14249322787, -0.12420140846,
      0.1167699874, -0.1151461031, 0.070376836292,
    ],
  );
  const small = add(mul(mul(m, w), p), mul(e, -2.12194442e-4));
  const value = add(add(sub(small, mul(w, 0.5)), m), mul(e, 0.693359375));
  const beyond = select(and(ge(x, 0), le(x, 0)), Number.NEGATIVE_INFINITY, Number.NaN);
  return select(gt(x, LARGEST), x, select(gt(x, 0), value, beyond));
}

/** e^-|by·x|, for the functions that fade with it. */
const fading = (x: Expr, by = 1): Expr => exponential(max(mul(abs(x), -by), LOW));

/** sin x, or with half a turn less sin(x - π/2): x - (j + shift)·π is small, π in three parts; odd j turn the sign. */
function sine(x: Expr, shift: number): Expr {
  const j = nearest(sub(mul(x, 1 / Math.PI), shift));
  const n = add(j, shift);
  const r = sub(sub(sub(x, mul(n, 3.140625)), mul(n, 9.670257568359375e-4)), mul(n, 6.277114152908325e-7));
  const w = mul(r, r);
  const p = polynomial(w, [-0.1666666666, 0.008333331, -0.000198408743, 2.752556224e-6, -2.38890146e-8]);
  const value = add(mul(mul(r, w), p), r);
  const half = mul(j, 0.5);
  return select(lt(sub(half, floor(half)), 0.25), value, neg(value));
}

/** By its series between -1 and 1, of 1/x beyond (Abramowitz & Stegun 4.4.49). */
function arctangent(x: Expr): Expr {
  const size = abs(x);
  const t = div(min(size, 1), max(size, 1));
  const p = polynomial(
    mul(t, t),
    [
      1, -0.3333314528, 0.1999355085, -0.1420889944, 0.1065626393, -0.07528964, 0.0429096138, -0.0161657367,
      0.0028662257,
    ],
  );
  const near = mul(t, p);
  const angle = select(gt(size, 1), sub(Math.PI / 2, near), near);
  return select(lt(x, 0), neg(angle), angle);
}

/** Abramowitz & Stegun 7.1.26: 1 - (a·t + b·t² + …)·e^-x², within 1.5e-7. */
function errorFunction(x: Expr): Expr {
  const size = abs(x);
  const t = div(number(1), add(1, mul(size, 0.3275911)));
  const p = mul(t, polynomial(t, [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429]));
  const value = sub(1, mul(p, exponential(max(neg(mul(size, size)), LOW))));
  return select(lt(x, 0), neg(value), value);
}

/** (e^x - 1)/x: its series where that would lose digits. */
function relativeExponential(x: Expr): Expr {
  const series = polynomial(x, [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320]);
  return select(lt(abs(x), 0.5), series, div(sub(new Expr('exp', [x]), 1), x));
}

/** The formula of an operation on its argument; undefined where it needs none or has none. */
export function formulaFor({ op }: Expr, [a]: readonly Expr[]): Expr | undefined {
  const x = a!;
  switch (op) {
    case 'exp':
      return select(
        gt(x, HIGH),
        Number.POSITIVE_INFINITY,
        select(lt(x, LOW), 0, exponential(min(max(x, LOW), HIGH))),
      );
    case 'log':
      return logarithm(x);
    case 'exprel':
      return relativeExponential(x);
    case 'sin':
      return sine(x, 0);
    case 'cos':
      return neg(sine(x, 0.5));
    case 'atan':
      return arctangent(x);
    case 'erf':
      return errorFunction(x);
    case 'sigmoid': {
      const e = fading(x);
      return div(select(lt(x, 0), e, 1), add(1, e));
    }
    case 'bell': {
      const e = fading(x);
      const side = add(1, e);
      return div(e, mul(side, side));
    }
    case 'sech2': {
      const e = fading(x, 2);
      const side = add(1, e);
      return div(mul(4, e), mul(side, side));
    }
    case 'tanh': {
      const e = fading(x, 2);
      const far = div(sub(1, e), add(1, e));
      const w = mul(x, x);
      const p = polynomial(
        w,
        [
          -0.3333328068256378, 0.133314311504364, -0.05373915657401085, 0.020637858659029007,
          -0.005704040173441172,
        ],
      );
      const near = add(mul(mul(x, w), p), x);
      return select(lt(abs(x), 0.625), near, select(lt(x, 0), neg(far), far));
    }
    default:
      return undefined;
  }
}
