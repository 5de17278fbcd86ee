// Whether a derivative is that of its function, at one point, kinks allowed. With B and F the slopes to the left and to
// the right over h,
//
//   B = (f(u) - f(u - h)) / h,   F = (f(u + h) - f(u)) / h,
//
// the derivative lies between them where f' is monotone (mean value theorem), and so does any slope that one may give
// a kink. Elsewhere it is outside by less than the slopes change when h is doubled. Rounding adds its own: a value
// that is wrong by 4 spacings moves a slope by 8 spacings/h, in f64, whatever precision the derivative is held in.

import type { FloatFormat } from './floats';
import type { Scalar } from './scalar';

const STEP = 2 ** -20;
/** Two slopes and their two changes, each wrong by 8 spacings at most. */
const ROUNDING = 32;

export interface Slopes {
  readonly left: number;
  readonly right: number;
  /** How far outside the two a right derivative may lie. */
  readonly slack: number;
}

export function slopesAt(f: (u: number) => number, u: number): Slopes {
  const at = (steps: number) => f(u + steps * STEP);
  const [far, left, middle, right, away] = [at(-2), at(-1), at(0), at(1), at(2)];
  const [before, after] = [(middle - left) / STEP, (right - middle) / STEP];
  const change =
    Math.abs((middle - far) / (2 * STEP) - before) + Math.abs((away - middle) / (2 * STEP) - after);
  const rounding = (ROUNDING * Number.EPSILON * Math.max(1, Math.abs(middle))) / STEP;
  return { left: before, right: after, slack: change + rounding };
}

/** The lines of a counterexample, or undefined where the derivative fits. */
export function wrongDerivative(
  f: Scalar,
  /** What messages call it. */
  [value, slope]: readonly [value: string, derivative: string],
  u: number,
  floats: FloatFormat,
): readonly string[] | undefined {
  const derivative = floats.round(f.derivative(u));
  const { left, right, slack } = slopesAt((x) => f.value(x), u);
  const allowed = slack + floats.spacing(derivative);
  if (derivative >= Math.min(left, right) - allowed && derivative <= Math.max(left, right) + allowed)
    return undefined;
  return [
    `u = ${u}, ${slope}(u) = ${derivative}`,
    `over 2^-20, ${value} rises by ${left.toPrecision(8)} a unit to the left of u and by ${right.toPrecision(8)} to the right`,
  ];
}
