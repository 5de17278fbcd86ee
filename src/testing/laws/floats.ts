// What a precision can tell apart: how a number is held, and how much a rounding may be off.

import type { Precision } from '../../backends/backend';
import { check } from '../../errors';

export interface FloatFormat {
  readonly precision: Precision;
  /** The number as this precision holds it. */
  round(x: number): number;
  /** The distance from x to the next float, at most: ε·|x|, with ε = 2^-52 in f64 and 2^-23 in f32. */
  spacing(x: number): number;
}

export function floatsOf(where: string, precision: Precision): FloatFormat {
  check(
    precision === 'f64' || precision === 'f32',
    where,
    () => `precision must be 'f64' or 'f32', got ${JSON.stringify(precision)}`,
  );
  const epsilon = precision === 'f64' ? Number.EPSILON : 2 ** -23;
  return {
    precision,
    round: precision === 'f64' ? (x) => x : Math.fround,
    spacing: (x) => epsilon * Math.abs(x),
  };
}
