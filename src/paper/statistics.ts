// Means over seeds, and the interval of a paired difference. Few seeds: Student's t, not the normal distribution.

/**
 * Quantile 0.975 of Student's t for 1 to 30 degrees of freedom (NIST/SEMATECH e-Handbook, table of critical values).
 */
const T975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation; undefined for fewer than two values. */
export function deviation(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/**
 * Quantile 0.975 of Student's t. Beyond 30 degrees of freedom the next lower row of the table: an interval a trace
 * too wide.
 */
export function studentT(degrees: number): number {
  return T975[Math.min(Math.max(1, Math.floor(degrees)), T975.length) - 1]!;
}

export interface PairedDifference {
  /** Of the differences. */
  readonly mean: number;
  readonly pairs: number;
  /** 95 % interval mean ± t·s/√n; undefined for a single pair. */
  readonly interval: readonly [number, number] | undefined;
}

/** @param differences one for each pair; undefined for none */
export function pairedDifference(differences: readonly number[]): PairedDifference | undefined {
  if (differences.length === 0) return undefined;
  const centre = mean(differences);
  const standard = deviation(differences);
  const half =
    standard === undefined
      ? undefined
      : (studentT(differences.length - 1) * standard) / Math.sqrt(differences.length);
  return {
    mean: centre,
    pairs: differences.length,
    interval: half === undefined ? undefined : [centre - half, centre + half],
  };
}
