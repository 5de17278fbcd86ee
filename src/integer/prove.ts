// The proof that nothing saturates or wraps around: of a plan's own integers, how far every sum and membrane can go,
// whatever spikes; and which channels go too far.

import type { ConvStep, NeuronStep, PlanInput, PlanStep, ValueKind } from '../backends/integer';
import {
  constantInterval,
  type Interval,
  integerMembrane,
  plus,
  reachOf,
  scaled,
  shifted,
  weighted,
} from './interval';

/** The largest sum of weights that spikes pick, and the largest number. */
export const NARROW = 32767;
/** The largest current or membrane of 32 bits: two of them still fit when they are added. */
export const WIDE = 2 ** 30;

/** How far a step goes, and how far it may. */
export interface Range {
  readonly low: number;
  readonly high: number;
  /** Bits of what it is summed up in, with sign. */
  readonly bits: 16 | 32;
}

export interface Proof {
  readonly ranges: ReadonlyMap<string, Range>;
  /** Channels that go too far, by step. */
  readonly beyond: ReadonlyMap<string, ReadonlySet<number>>;
  /** Whether every membrane settles, so that it holds for any number of steps. */
  readonly steady: boolean;
}

/** A value that steps are given, as integers. */
export interface GivenRange {
  readonly kind: ValueKind;
  readonly low: number;
  readonly high: number;
}

export const rangeOf = (
  { kind, most }: Pick<PlanInput, 'kind' | 'most'>,
  signed = kind === 'numbers',
): GivenRange =>
  kind === 'bits' ? { kind, low: 0, high: 1 } : { kind, low: signed ? -most : 0, high: most };

/** @param steps each behind those that it takes its values from */
export function prove(
  steps: readonly PlanStep[],
  given: ReadonlyMap<string, GivenRange>,
  horizon: number,
): Proof {
  const found = new Map<string, Interval>();
  const kinds = new Map([...given].map(([name, { kind }]) => [name, kind]));
  const ranges = new Map<string, Range>();
  const beyond = new Map<string, Set<number>>();
  let steady = true;
  const note = (name: string, interval: Interval, bits: 16 | 32) => {
    const most = bits === 16 ? NARROW : WIDE;
    let [low, high] = [0, 0];
    for (let c = 0; c < interval.low.length; c++) {
      if (!(reachOf(interval, c) <= most)) beyond.set(name, (beyond.get(name) ?? new Set()).add(c));
      low = Math.min(low, interval.low[c]!);
      high = Math.max(high, interval.high[c]!);
    }
    ranges.set(name, { low, high, bits });
  };
  const whole = (name: string, channels: number): Interval => {
    const { low, high } = given.get(name) ?? { low: 0, high: 1 };
    return found.get(name) ?? constantInterval(channels, low, high);
  };
  for (const step of steps) {
    const [channels] = step.shape;
    kinds.set(step.name, step.kind);
    const x = whole(step.from[0]!, channels);
    switch (step.op) {
      case 'conv': {
        const isOfBits = kinds.get(step.from[0]!) === 'bits';
        const sums = sumsOf(step, x);
        note(step.name, isOfBits ? sums : shifted(sums, step.bias), isOfBits ? 16 : 32);
        found.set(step.name, shifted(sums, step.bias));
        break;
      }
      case 'sum': {
        const start = shifted(constantInterval(channels, 0, 0), step.bias ?? new Int32Array(channels));
        const add = (all: Interval, name: string, term: number) =>
          plus(all, whole(name, channels), (c) => step.times[term]?.[c] ?? 1);
        found.set(step.name, step.from.reduce(add, start));
        note(step.name, found.get(step.name)!, step.kind === 'numbers' ? 16 : 32);
        break;
      }
      case 'neuron': {
        const one = ofNeuron(step, x, horizon);
        steady &&= one.steady;
        note(step.name, one.interval, step.narrow ? 16 : 32);
        if (step.limit === undefined) found.set(step.name, one.interval);
        break;
      }
      case 'count':
        found.set(
          step.name,
          scaled(x, () => step.window[0] * step.window[1]),
        );
        note(step.name, found.get(step.name)!, step.kind === 'numbers' ? 16 : 32);
        break;
      case 'max':
        if (step.kind !== 'bits') found.set(step.name, x);
    }
  }
  return { ranges, beyond, steady };
}

function sumsOf({ weight, shape }: ConvStep, { low, high }: Interval): Interval {
  return weighted(weight, shape[0], Math.min(...low), Math.max(...high));
}

/** H and V over all steps. */
function ofNeuron(
  { keep, offset, limit, drop, soft }: NeuronStep,
  current: Interval,
  horizon: number,
): { interval: Interval; steady: boolean } {
  const interval = constantInterval(offset.length, 0, 0);
  let steady = true;
  for (let c = 0; c < offset.length; c++) {
    const line = { limit: limit?.[c], drop: drop[c]!, soft, offset: offset[c]! };
    const h = integerMembrane(current.low[c]!, current.high[c]!, line, keep, horizon);
    steady &&= h.steady;
    // what it is compared with and set to has its place as well
    interval.low[c] = Math.min(h.low, line.limit ?? 0, line.drop, line.offset);
    interval.high[c] = Math.max(h.high, line.limit ?? 0, line.drop, line.offset);
  }
  return { interval, steady };
}
