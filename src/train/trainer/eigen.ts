// Eigenvectors of a small symmetric matrix by Jacobi's rotations (1846). Sums, products and roots alone, so that every
// machine finds the same bits.

/** Sweeps over all pairs; a matrix of 27 rows takes about seven. */
const MOST_SWEEPS = 50;

/**
 * @param matrix symmetric, [size,size], row by row; it is changed
 * @returns eigenvectors of length 1, those of the largest eigenvalues first; the largest entry of each is positive
 */
export function eigenvectors(matrix: Float64Array, size: number): Float64Array[] {
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * (size + 1)] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let isDiagonal = true;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) isDiagonal = !rotate(matrix, vectors, size, p, q) && isDiagonal;
    if (isDiagonal) break;
  }
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (a, b) => matrix[b * (size + 1)]! - matrix[a * (size + 1)]!,
  );
  return order.map((column) => {
    const vector = Float64Array.from({ length: size }, (_, row) => vectors[row * size + column]!);
    const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    return largest < 0 ? vector.map((value) => -value) : vector;
  });
}

/** Makes entry (p, q) zero; columns of `vectors` turn along. @returns whether there was anything to turn */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): boolean {
  const [app, aqq, apq] = [a[p * (size + 1)]!, a[q * (size + 1)]!, a[p * size + q]!];
  if (Math.abs(apq) <= 1e-15 * Math.sqrt(Math.abs(app * aqq))) return false;
  const theta = (aqq - app) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < size; k++) turn(a, k * size + p, k * size + q, c, s);
  for (let k = 0; k < size; k++) turn(a, p * size + k, q * size + k, c, s);
  for (let k = 0; k < size; k++) turn(vectors, k * size + p, k * size + q, c, s);
  return true;
}

function turn(of: Float64Array, i: number, j: number, c: number, s: number): void {
  const [x, y] = [of[i]!, of[j]!];
  of[i] = c * x - s * y;
  of[j] = s * x + c * y;
}
