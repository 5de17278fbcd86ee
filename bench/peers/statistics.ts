// Medians, and ratios with their spread. Machines are shared and clocks drift, so a time says little and the ratio of two
// times taken in one round says more: its extremes over the rounds are the spread.

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
