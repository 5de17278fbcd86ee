// exp, log, cos and the other functions that ECMAScript leaves to the engine, made of what it does not: sums,
// products, quotients and square roots of doubles have the same bits everywhere. Whatever may enter a weight is
// computed with these. Math's own differ between engines and their versions: V8 has another `**` from Node 24 on,
// Chromium another cosine. Errors stay below one unit in the last place, those of tanh below two; special values are
// those of Math.

/** ln 2 in two parts; the first ends in zeros, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** π/2 in three parts of that kind. */
const HALF_PI_HIGH = 1.570796325802803;
const HALF_PI_MIDDLE = 9.920935739593517e-10;
const HALF_PI_LOW = 5.721188726109832e-18;

const double = /* @__PURE__ */ new Float64Array(1);
const halves = /* @__PURE__ */ new Int32Array(double.buffer);
/** Where sign, exponent and first digits of a double lie. */
const UPPER = /* @__PURE__ */ (() => {
  double[0] = 1;
  return halves[0] === 0 ? 1 : 0;
})();

/** 2^n, n in -1022..1023: its exponent bits. */
function powerOfTwo(n: number): number {
  double[0] = 0;
  halves[UPPER] = (n + 1023) << 20;
  return double[0];
}

/** x·2^n, rounded once, for any n that a double may have. */
function scaled(x: number, n: number): number {
  const half = n >> 1;
  return x * powerOfTwo(half) * powerOfTwo(n - half);
}

/** (exp(r) - 1 - r)/r² = 1/2! + r/3! + r²/4! + …, |r| <= ln 2 / 2 */
function expSeries(r: number): number {
  const high = 1 / 362880 + r * (1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600 + r / 6227020800)));
  const middle = 1 / 720 + r * (1 / 5040 + r * (1 / 40320 + r * high));
  return 1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * middle)));
}

/** What |x| exceeds where exp(x) is no finite double, or rounds to 0. */
const MOST = 746;

/** exp(x + low) - 1 where `less` is 1, or exp(x + low); |low| far below |x|. */
function exponential(x: number, low: number, less: 0 | 1): number {
  if (!(Math.abs(x) < MOST))
    return Number.isNaN(x) ? x : x > 0 ? Number.POSITIVE_INFINITY : less === 1 ? -1 : 0;
  // x + low = n·ln 2 + r, |r| <= ln 2 / 2, and r in two parts
  const n = Math.round(x / LN2_HIGH);
  const high = x - n * LN2_HIGH;
  const rest = low - n * LN2_LOW;
  const r = high + rest;
  const tail = high - r + rest + r * r * expSeries(r);
  if (n === 0 && less === 1) return r + tail;
  const whole = 1 + r;
  const small = 1 - whole + r + tail;
  if (less === 0) return scaled(whole + small, n);
  if (n > 60 || n < -60) return scaled(whole + small, n) - 1;
  const power = powerOfTwo(n);
  const large = whole * power;
  const difference = large - 1;
  const lost = Math.abs(large) >= 1 ? large - difference - 1 : large - (difference + 1);
  return difference + (lost + small * power);
}

/** e^x */
export function exp(x: number): number {
  return exponential(x, 0, 0);
}

/** e^x - 1, with all its digits near 0. */
export function expm1(x: number): number {
  return exponential(x, 0, 1);
}

/** The two numbers that a product, a sum or a logarithm is the sum of: the nearest double, and what it lacks. */
type Pair = readonly [number, number];

/** 2^27 + 1 */
const SPLIT = 134217729;

/** a·b without an error (Dekker, 1971); both below 2^990. */
function product(a: number, b: number): Pair {
  const high = a * b;
  const p = SPLIT * a;
  const q = SPLIT * b;
  const [ah, bh] = [p - (p - a), q - (q - b)];
  const [al, bl] = [a - ah, b - bh];
  return [high, al * bl - (high - ah * bh - al * bh - ah * bl)];
}

/** a + b without an error (Knuth). */
function sum(a: number, b: number): Pair {
  const high = a + b;
  const part = high - a;
  return [high, a - (high - part) + (b - part)];
}

/** (log((1 + s)/(1 - s)) - 2s - 2s³/3)/s⁵ = 2/5 + 2s²/7 + 2s⁴/9 + … of w = s², |s| <= 0.172 */
function logSeries(w: number): number {
  const high = 2 / 13 + w * (2 / 15 + w * (2 / 17 + w * (2 / 19 + w * (2 / 21 + (w * 2) / 23))));
  return 2 / 5 + w * (2 / 7 + w * (2 / 9 + w * (2 / 11 + w * high)));
}

/** 2/3 and what that double lacks. */
const TWO_THIRDS: Pair = [2 / 3, 2 / 3 / 18014398509481984];

/** The smallest double that has all its digits. */
const LEAST_NORMAL = 2.2250738585072014e-308;
/** 2^54 */
const RAISED = 18014398509481984;

/** n of x = 2^n·m, m in √½..√2, for a finite x above 0. It leaves m in `double`. */
function exponentOf(x: number): number {
  if (x < LEAST_NORMAL) return exponentOf(x * RAISED) - 54;
  double[0] = x;
  const bits = halves[UPPER]!;
  const digits = bits & 0xfffff;
  const above = digits > 0x6a09e ? 1 : 0; // those of √2
  halves[UPPER] = digits | ((1023 - above) << 20);
  return (bits >> 20) - 1023 + above;
}

/** log x of a finite x above 0, in two parts. */
function logarithm(x: number): Pair {
  const n = exponentOf(x);
  const f = double[0]! - 1; // without an error
  // s = (m - 1)/(m + 1) in two parts
  const m = f + 1;
  const [g, lacking] = sum(m, 1);
  const s = f / g;
  const [back, backLow] = product(s, g);
  const sLow = (f - back - backLow - s * lacking) / g;
  const [square, squareLow] = product(s, s);
  const w = square;
  const [cube, cubeLow] = product(s, square);
  const third = product(cube, TWO_THIRDS[0]);
  const thirdLow = third[1] + cube * TWO_THIRDS[1] + (cubeLow + s * squareLow + 3 * w * sLow) * TWO_THIRDS[0];
  const tail = s * w * w * logSeries(w);
  const [first, firstLow] = sum(n * LN2_HIGH, 2 * s);
  const [second, secondLow] = sum(first, third[0]);
  const low = secondLow + firstLow + (n * LN2_LOW + 2 * sLow + thirdLow + tail);
  const high = second + low;
  return [high, second - high + low];
}

/** The natural logarithm. */
export function log(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return x > 0 ? x : Number.NaN;
  const n = exponentOf(x);
  const f = double[0]! - 1;
  // log(1 + f) = 2s + s³·(…) with s = f/(2 + f), and 2s = f - s·f; f²/2 apart, which is exact enough where f is large
  const s = f / (2 + f);
  const w = s * s;
  const half = (f * f) / 2;
  const tail = s * (half + w * (2 / 3 + w * logSeries(w)));
  return n * LN2_HIGH - (half - (tail + n * LN2_LOW) - f);
}

/** x^p */
export function pow(x: number, p: number): number {
  if (p === 2) return x * x;
  if (p === 1) return x;
  const size = Math.abs(x);
  // where nothing is rounded: what ECMAScript lays down
  if (p === 0 || Number.isNaN(p) || !(size > 0 && size < Number.POSITIVE_INFINITY) || !Number.isFinite(p))
    return x ** p;
  const isWhole = Number.isInteger(p);
  if (x < 0 && !isWhole) return Number.NaN;
  const sign = x < 0 && isOdd(p) ? -1 : 1;
  if (size === 1) return sign;
  if (p === 0.5) return Math.sqrt(x);
  const [high, low] = logarithm(size);
  if (Math.abs(high * p) >= MOST) return sign * (high * p > 0 ? Number.POSITIVE_INFINITY : 0);
  const [power, powerLow] = product(high, p);
  return sign * exponential(power, powerLow + low * p, 0);
}

const isOdd = (whole: number) => Math.abs(whole % 2) === 1;

/** The hyperbolic tangent. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (!(size < 22)) return Number.isNaN(x) ? x : Math.sign(x);
  if (size < 1e-8) return x;
  const e = exponential(2 * size, 0, 1);
  return x < 0 ? -e / (e + 2) : e / (e + 2);
}

/** The hyperbolic cosine. */
export function cosh(x: number): number {
  const size = Math.abs(x);
  if (size > 40) return exponential(size - LN2_HIGH, -LN2_LOW, 0);
  const e = exp(size);
  return e / 2 + 1 / (2 * e);
}

/** (sin(r) - r)/r³ = -1/3! + r²/5! - … of w = r², |r| <= π/4 */
function sinSeries(w: number): number {
  const high = -1 / 39916800 + w * (1 / 6227020800 + w * (-1 / 1307674368000 + w / 355687428096000));
  return -1 / 6 + w * (1 / 120 + w * (-1 / 5040 + w * (1 / 362880 + w * high)));
}

/** (cos(r) - 1 + r²/2)/r⁴ = 1/4! - r²/6! + … of w = r², |r| <= π/4 */
function cosSeries(w: number): number {
  const high = -1 / 3628800 + w * (1 / 479001600 + w * (-1 / 87178291200 + w / 20922789888000));
  return 1 / 24 + w * (-1 / 720 + w * (1 / 40320 + w * high));
}

/** sin(x + turns·π/2) of an angle of less than a million radians; beyond, digits are lost. */
function sine(x: number, turns: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const n = Math.round(x / (Math.PI / 2));
  const [a, aLow] = sum(x - n * HALF_PI_HIGH, -n * HALF_PI_MIDDLE);
  const rest = aLow - n * HALF_PI_LOW;
  const r = a + rest;
  const low = a - r + rest;
  const quarter = (((n + turns) % 4) + 4) % 4;
  const w = r * r;
  if (quarter % 2 === 0) {
    const value = r + (low + r * w * sinSeries(w));
    return quarter === 0 ? value : -value;
  }
  const whole = 1 - w / 2;
  const value = whole + (1 - whole - w / 2 + (w * w * cosSeries(w) - r * low));
  return quarter === 1 ? value : -value;
}

/** The sine of an angle of less than a million radians. */
export function sin(x: number): number {
  return x === 0 ? x : sine(x, 0);
}

/** The cosine of an angle of less than a million radians. */
export function cos(x: number): number {
  return sine(x, 1);
}
