// A positive, growing function on a short interval as a polynomial of degree 5 that takes few multiplications: the
// backward kernels divide by it to get φ'. Done once per neuron.
//
// Fitted is p(w) = Σ cⱼ·wʲ, all cⱼ > 0, so that p stays positive beyond the interval too. Evaluated is, with t = w +
// shift,
//
//   p = ((t⁴ + α·t² + β)·(t + δ) + γ) / numerator
//
// (Knuth, TAOCP 2, 4.6.4): expanded in t, p's coefficients of t², t³, t⁴ must satisfy q₂ = q₃·q₄, which fixes the
// shift.

import { cos } from '../../../mathematics';

/** What the kernels read, in this order. */
export type ReciprocalFit = readonly [
  shift: number,
  alpha: number,
  beta: number,
  delta: number,
  gamma: number,
  numerator: number,
];

const DEGREE = 5;

/**
 * A fit of f on [0, end] with relative error at most `tolerance`, f32 arithmetic included.
 * @returns undefined when there is none
 */
export function fitReciprocal(
  f: (w: number) => number,
  end: number,
  tolerance: number,
): ReciprocalFit | undefined {
  const coefficients = leastSquares(f, end);
  const last = coefficients[DEGREE]!;
  if (!coefficients.every((c) => c > 0 && Number.isFinite(c))) return undefined;
  const fit = fewMultiplications(coefficients.map((c) => c / last)).concat(1 / last);
  const rounded = fit.map(Math.fround) as unknown as ReciprocalFit;
  const steps = 400;
  for (let i = 0; i <= steps; i++) {
    // the kernels square a distance
    const distance = Math.fround(Math.sqrt(end) * (i / steps));
    const error = evaluate(rounded, distance) / f(distance * distance) - 1;
    if (!(Math.abs(error) <= tolerance)) return undefined;
  }
  return rounded;
}

/** p(distance²) as the kernels compute it, every step rounded to f32. */
function evaluate([shift, alpha, beta, delta, gamma, numerator]: ReciprocalFit, distance: number): number {
  const { fround } = Math;
  const t = fround(distance * distance + shift);
  const square = fround(t * t);
  const u = fround(fround(square + alpha) * square + beta);
  return fround(u * fround(t + delta) + gamma) / numerator;
}

/** Coefficients that minimise Σ (p/f - 1)² over Chebyshev points, lowest power first. */
function leastSquares(f: (w: number) => number, end: number): number[] {
  const count = DEGREE + 1;
  const samples = 8 * count;
  const points = Array.from({ length: samples }, (_, i) => (1 - cos((Math.PI * (i + 0.5)) / samples)) / 2);
  const rows = points.map((x) => powers(x, count).map((power) => power / f(x * end)));
  const normal = Array.from({ length: count }, (_, i) => [
    ...Array.from({ length: count }, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    rows.reduce((sum, row) => sum + row[i]!, 0),
  ]);
  const scale = powers(end, count);
  return solve(normal).map((c, j) => c / scale[j]!);
}

/** 1, x, x², … by multiplication: engines round `**` differently, and the fit would carry that into every gradient. */
function powers(x: number, count: number): number[] {
  const all = [1];
  for (let j = 1; j < count; j++) all.push(all[j - 1]! * x);
  return all;
}

/** [shift, α, β, δ, γ] of the monic polynomial m. */
function fewMultiplications(m: readonly number[]): number[] {
  const excess = (shift: number) => {
    const q = shifted(m, shift);
    return q[2]! - q[3]! * q[4]!; // a cubic in the shift, 40·shift³ + …
  };
  let reach = 1;
  while (excess(reach) < 0 || excess(-reach) > 0) reach *= 2;
  let [low, high] = [-reach, reach];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
  const [q0, q1, , q3, q4] = shifted(m, high) as [number, number, number, number, number];
  // γ makes up for β and δ being rounded
  return [high, q3, q1, q4, q0 - Math.fround(q1) * Math.fround(q4)];
}

/** Coefficients of m(t - shift). */
function shifted(m: readonly number[], shift: number): number[] {
  const q = [...m];
  for (let i = 0; i < DEGREE; i++) for (let j = DEGREE - 1; j >= i; j--) q[j]! -= shift * q[j + 1]!;
  return q;
}

/** Gaussian elimination with partial pivoting; the last column is the right-hand side. */
function solve(matrix: number[][]): number[] {
  const n = matrix.length;
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let r = i; r < n; r++) if (Math.abs(matrix[r]![i]!) > Math.abs(matrix[pivot]![i]!)) pivot = r;
    [matrix[i], matrix[pivot]] = [matrix[pivot]!, matrix[i]!];
    for (let r = 0; r < n; r++) {
      if (r === i) continue;
      const factor = matrix[r]![i]! / matrix[i]![i]!;
      for (let j = i; j <= n; j++) matrix[r]![j]! -= factor * matrix[i]![j]!;
    }
  }
  return matrix.map((row, i) => row[n]! / row[i]!);
}
