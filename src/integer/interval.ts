// How far sums and membranes can go, whatever spikes: the worst case of each channel, from its weights. Positive and
// negative weights are added up apart, since a spike is never below 0: a sum of spikes lies between Σ of the negative
// weights and Σ of the positive ones. That is sharper than accumulator-aware quantisation (A2Q: Colbert, Pappalardo,
// Petri-Koenig, ICCV 2023), which bounds Σ|w|; A2Q+ (2024) has nearly the same by centred weights. On the way to that
// sum an accumulator may wrap around: additions modulo 2^n come out right where the result fits.

import { leak } from './twin';

/** The least and the most, by channel. */
export interface Interval {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export const constantInterval = (length: number, low: number, high: number): Interval => ({
  low: new Float64Array(length).fill(low),
  high: new Float64Array(length).fill(high),
});

/** Σ weight·x over each filter, for x from `low` to `high`. */
export function weighted(weight: ArrayLike<number>, filters: number, low: number, high: number): Interval {
  const each = weight.length / filters;
  const sums = constantInterval(filters, 0, 0);
  for (let o = 0; o < filters; o++)
    for (let i = o * each; i < (o + 1) * each; i++) {
      const w = weight[i]!;
      sums.low[o]! += w > 0 ? w * low : w * high;
      sums.high[o]! += w > 0 ? w * high : w * low;
    }
  return sums;
}

/** a + times·b. */
export function plus(a: Interval, b: Interval, times: (c: number) => number = () => 1): Interval {
  const ends = a.low.map((_, c) => times(c) * b.low[c]!);
  const others = a.low.map((_, c) => times(c) * b.high[c]!);
  return {
    low: a.low.map((low, c) => low + Math.min(ends[c]!, others[c]!)),
    high: a.high.map((high, c) => high + Math.max(ends[c]!, others[c]!)),
  };
}

export const shifted = ({ low, high }: Interval, by: ArrayLike<number>): Interval => ({
  low: low.map((value, c) => value + by[c]!),
  high: high.map((value, c) => value + by[c]!),
});

export const scaled = ({ low, high }: Interval, by: (c: number) => number): Interval => ({
  low: low.map((value, c) => value * by(c)),
  high: high.map((value, c) => value * by(c)),
});

/** The larger magnitude of a channel's ends. */
export const reachOf = ({ low, high }: Interval, c: number): number => Math.max(-low[c]!, high[c]!, 0);

/** One channel's neuron, in whatever unit its numbers are. */
export interface MembraneLine {
  readonly limit: number | undefined;
  readonly drop: number;
  readonly soft: boolean;
  readonly offset: number;
}

/** Steps after which a membrane that still grows counts as one that grows for ever. */
const PATIENCE = 4096;

/**
 * Where H can be, from V = 0 on.
 * @param keeps what a step leaves of V
 * @param horizon time steps; what is steady before holds for any number
 * @returns and whether it is steady
 */
export function membrane(
  low: number,
  high: number,
  { limit, drop, soft, offset }: MembraneLine,
  keeps: (v: number) => number,
  horizon: number,
): { low: number; high: number; steady: boolean } {
  let v = { low: 0, high: 0 };
  let h = { low: 0, high: 0 };
  const steps = Math.min(horizon, PATIENCE);
  for (let t = 0; t < steps; t++) {
    h = { low: low + offset + keeps(v.low), high: high + offset + keeps(v.high) };
    const ends = [h.low, Math.min(h.high, limit ?? h.high)].filter((value) => value >= h.low);
    if (limit !== undefined && h.high > limit)
      ends.push(...(soft ? [Math.max(h.low, limit) - drop, h.high - drop] : [drop]));
    const next = { low: Math.min(v.low, ...ends), high: Math.max(v.high, ...ends) };
    if (next.low === v.low && next.high === v.high) return { ...h, steady: true };
    v = next;
  }
  return { ...h, steady: false };
}

/** The same in integers. */
export const integerMembrane = (
  low: number,
  high: number,
  line: MembraneLine,
  keep: number,
  horizon: number,
): { low: number; high: number; steady: boolean } => membrane(low, high, line, (v) => leak(v, keep), horizon);
