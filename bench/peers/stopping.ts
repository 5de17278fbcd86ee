// When a comparison of two builds has seen enough, and what it then says.

import type { Interval } from './statistics';

/** Fewer alternations tell nothing, however well they agree. */
export const FEWEST = 15;
/** Half-width of the interval, in parts of the median, from which on a ratio is told. */
export const PRECISION = 0.01;

export function isPrecise({ median, low, high }: Interval): boolean {
  return (high - low) / 2 <= PRECISION * median;
}

export interface Progress {
  /** That count. */
  readonly alternations: number;
  readonly interval: Interval;
  readonly seconds: number;
}

/** @param budget seconds after which it ends in any case */
export function isOver({ alternations, interval, seconds }: Progress, budget: number): boolean {
  return seconds > budget || (alternations >= FEWEST && isPrecise(interval));
}

export type Verdict = 'faster' | 'slower' | 'the same' | 'cannot be told';

/** Of the build whose time is below the fraction line, the one that is measured. */
export function verdict(alternations: number, interval: Interval): Verdict {
  if (alternations < FEWEST || !isPrecise(interval)) return 'cannot be told';
  if (interval.low > 1) return 'faster';
  return interval.high < 1 ? 'slower' : 'the same';
}
