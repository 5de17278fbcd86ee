// Medians, and ratios with their spread. Machines are shared and clocks drift, so a time says little and the ratio of
// two times taken in one round says more: its extremes over the rounds are the spread.

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export interface Ratio {
  /** Median of the one over median of the other. */
  readonly ratio: number;
  /** Extremes of the ratios within one round. */
  readonly lowest: number;
  readonly highest: number;
}

/** How many times as fast `ours` is; element i of both is round i's, and the shorter list ends it. */
export function speedup(theirs: readonly number[], ours: readonly number[]): Ratio {
  const rounds = Math.min(theirs.length, ours.length);
  const ratios = Array.from({ length: rounds }, (_, i) => theirs[i]! / ours[i]!);
  return {
    ratio: median(theirs) / median(ours.slice(0, rounds)),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
  };
}

export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Median with an interval between two order statistics, the i-th smallest and the i-th largest value, i as large as
 * the confidence allows. It holds for any distribution of independent values: each lies below the true median with
 * probability 1/2, so the interval misses it with probability 2·P(Binomial(n, 1/2) < i). With too few values it is
 * unbounded.
 */
export function medianInterval(values: readonly number[], confidence = 0.95): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  let outside = 0;
  // of the probability of exactly `outside` values below the true median: of 1,075 values it is below all numbers
  let logarithm = -n * Math.LN2;
  let missed = 2 * Math.exp(logarithm);
  while (missed <= 1 - confidence) {
    outside++;
    logarithm += Math.log((n - outside + 1) / outside);
    missed += 2 * Math.exp(logarithm);
  }
  return {
    median: median(values),
    low: outside === 0 ? Number.NEGATIVE_INFINITY : sorted[outside - 1]!,
    high: outside === 0 ? Number.POSITIVE_INFINITY : sorted[n - outside]!,
  };
}
