// tdBN's coefficients per channel, in f64, from the summed parts of a batch: a few hundred numbers, once a layer. No
// SIMD.
//
//   ŷ = weight·scale·(y - μ)/√(σ² + ε) + bias = a·y + b
//   with G = Σ dŷ and S = Σ dŷ·(y - μ), over M values a channel, and a = weight·scale·inverse:
//   dy = a·(dŷ - G/M - (y - μ)·inverse²·S/M) = A·dŷ + B·y + D;   dweight = scale·inverse·S,  dbias = G

/** nParts parts, partBytes apart, of C channels. */
@unmanaged
export class NormParts {
  parts: usize;
  nParts: i32;
  partBytes: usize;
  C: i32;
}

/** What normCoefficients reads and writes, [C] each but coef. */
@unmanaged
export class NormForward extends NormParts {
  weight: usize;
  bias: usize;
  /** Out: a[C], b[C]. */
  coef: usize;
  mean: usize;
  inverseDeviation: usize;
  /** 0: none. */
  runningMean: usize;
  runningVariance: usize;
}

/** What gradientCoefficients reads and writes, [C] each but abd. */
@unmanaged
export class NormBackward extends NormParts {
  mean: usize;
  inverseDeviation: usize;
  weight: usize;
  /** Out: A[C], B[C], D[C]. */
  abd: usize;
  dWeight: usize;
  dBias: usize;
}

// @ts-ignore: decorator
@inline function at(p: usize, c: i32): f64 {
  return <f64>load<f32>(p + (<usize>c << 2));
}

// @ts-ignore: decorator
@inline function put(p: usize, c: i32, value: f64): void {
  store<f32>(p + (<usize>c << 2), <f32>value);
}

/** Number i of the parts, added in their order. */
function total(s: NormParts, i: i32): f64 {
  const parts = s.parts, nParts = s.nParts, partBytes = s.partBytes;
  let sum: f64 = 0;
  for (let n = 0; n < nParts; n++) sum += load<f64>(parts + <usize>n * partBytes + (<usize>i << 3));
  return sum;
}

/**
 * Statistics of the batch, the affine, and the running statistics (unbiased variance). Part i has n values around its
 * pivot p, with sums s and q of their distances and squared distances: so its mean is m = p + s/n and its squares
 * around that are q - s²/n; around the batch's mean μ they are n·(m - μ)² more (Chan, Golub & LeVeque 1979).
 * Parts are those of batchSums; `momentum` moves the running statistics.
 */
export function normCoefficients(scale: f64, epsilon: f64, momentum: f64, s: NormForward): void {
  const parts = s.parts, partBytes = s.partBytes, C = s.C, weight = s.weight, bias = s.bias, coef = s.coef;
  const mean = s.mean, inverseDeviation = s.inverseDeviation, runningMean = s.runningMean, runningVariance = s.runningVariance;
  const end: usize = parts + <usize>s.nParts * partBytes, counts: usize = <usize>C << 4, pivots: usize = counts + 8;
  for (let c = 0; c < C; c++) {
    const first: usize = <usize>c << 3, second: usize = <usize>(C + c) << 3;
    let M: f64 = 0, total: f64 = 0;
    for (let part = parts; part < end; part += partBytes) {
      const n = load<f64>(part + counts);
      M += n;
      total += n * at(part + pivots, c) + load<f64>(part + first);
    }
    const mu = total / M;
    let squares: f64 = 0;
    for (let part = parts; part < end; part += partBytes) {
      const n = load<f64>(part + counts), sum = load<f64>(part + first);
      if (n == 0) continue;
      const off = at(part + pivots, c) + sum / n - mu;
      squares += Math.max(load<f64>(part + second) - (sum * sum) / n, 0) + n * off * off;
    }
    const inverse = 1 / Math.sqrt(squares / M + epsilon);
    const a = at(weight, c) * scale * inverse;
    put(coef, c, a);
    put(coef, C + c, at(bias, c) - a * mu);
    put(mean, c, mu);
    put(inverseDeviation, c, inverse);
    if (runningMean) put(runningMean, c, (1 - momentum) * at(runningMean, c) + momentum * mu);
    if (runningVariance) {
      put(runningVariance, c, (1 - momentum) * at(runningVariance, c) + (momentum * squares) / (M - 1));
    }
  }
}

/** coef = a[C], b[C] from given statistics. */
export function evaluationCoefficients(
  mean: usize, variance: usize, weight: usize, bias: usize, scale: f64, epsilon: f64, C: i32, coef: usize,
): void {
  for (let c = 0; c < C; c++) {
    const a = (at(weight, c) * scale) / Math.sqrt(at(variance, c) + epsilon);
    put(coef, c, a);
    put(coef, C + c, at(bias, c) - a * at(mean, c));
  }
}

/** A, B and D, and the gradients of weight and bias, from parts f64 G[C], S[C]. */
export function gradientCoefficients(M: f64, scale: f64, s: NormBackward): void {
  const C = s.C, mean = s.mean, inverseDeviation = s.inverseDeviation, weight = s.weight;
  const abd = s.abd, dWeight = s.dWeight, dBias = s.dBias;
  for (let c = 0; c < C; c++) {
    const G = total(s, c), S = total(s, C + c);
    const inverse = at(inverseDeviation, c), a = at(weight, c) * scale * inverse;
    const B = (-a * inverse * inverse * S) / M;
    put(abd, c, a);
    put(abd, C + c, B);
    put(abd, 2 * C + c, (-a * G) / M - B * at(mean, c));
    put(dWeight, c, scale * inverse * S);
    put(dBias, c, G);
  }
}
