// Least-squares fit of a positive function by a polynomial, relatively: used for 1/φ', which the backward kernels divide
// by. Done once per neuron.

/**
 * Coefficients c with |Σ cⱼ·wʲ / f(w) - 1| <= tolerance on [0, end], rounded to f32, lowest power first.
 * @returns undefined when that many coefficients do not reach the tolerance
 */
export function fitReciprocal(
  f: (w: number) => number,
  end: number,
  count: number,
  tolerance: number,
): number[] | undefined {
  if (!(end > 0)) return [f(0)];
  const samples = 8 * count;
  // Chebyshev points: dense at the ends, so that the least squares come near the least maximum
  const points = Array.from(
    { length: samples },
    (_, i) => (1 - Math.cos((Math.PI * (i + 0.5)) / samples)) / 2,
  );
  // minimise Σ (Σ cⱼ·xʲ/f - 1)² over x = w/end in [0, 1]
  const rows = points.map((x) => Array.from({ length: count }, (_, j) => x ** j / f(x * end)));
  const normal = Array.from({ length: count }, (_, i) => [
    ...Array.from({ length: count }, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    rows.reduce((sum, row) => sum + row[i]!, 0),
  ]);
  const solution = solve(normal).map((c, j) => Math.fround(c / end ** j));
  for (let i = 0; i <= 200; i++) {
    const w = (end * i) / 200;
    const value = solution.reduceRight((sum, c) => sum * w + c, 0);
    if (!(Math.abs(value / f(w) - 1) <= tolerance)) return undefined;
  }
  return solution;
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
