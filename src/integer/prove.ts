// The proof that nothing saturates or wraps around: of a plan's own integers, how far every sum and membrane can go,
// whatever spikes; and which channels go too far.

import type { ConvStep, NeuronStep, PlanStep } from '../backends/integer';
import type { Drafts } from './draft';
import { constantInterval, type Interval, integerMembrane, plus, reachOf, scaled, shifted, weighted } from './interval';
import { NARROW, WIDE } from './scale';

/** How far a step goes, and how far it may. */
export interface Range {
  readonly low: number;
  readonly high: number;
  /** Bits of what it is summed up in, with sign. */
  readonly bits: 16 | 32;
  /** Bits of that which no input ever needs, in the fullest channel. */
  readonly headroom: number;
}

export interface Proof {
  readonly ranges: ReadonlyMap<string, Range>;
  /** Channels that go too far. */
  readonly beyond: ReadonlySet<number>;
  /** Whether every membrane settles, so that it holds for any number of steps. */
  readonly steady: boolean;
}

/** @param steps of one circuit, each behind those that it takes its values from, the neurons last */
export function proveCircuit(drafts: Drafts, steps: readonly PlanStep[], horizon: number): Proof {
  const found = new Map<string, Interval>();
  const ranges = new Map<string, Range>();
  const beyond = new Set<number>();
  let steady = true;
  const note = (name: string, interval: Interval, bits: 16 | 32) => {
    const most = bits === 16 ? NARROW : WIDE;
    let [low, high] = [0, 0];
    for (let c = 0; c < interval.low.length; c++) {
      if (!(reachOf(interval, c) <= most)) beyond.add(c);
      low = Math.min(low, interval.low[c]!);
      high = Math.max(high, interval.high[c]!);
    }
    const reach = Math.max(-low, high, 1);
    const known = ranges.get(name);
    if (known !== undefined && known.bits === bits && Math.max(-known.low, known.high) >= reach) return;
    ranges.set(name, { low, high, bits, headroom: Math.log2((most + 1) / reach) });
  };
  /** Of a value from outside the circuit: as integers. */
  const given = (name: string, channels: number): Interval => {
    const value = drafts.values.get(name)!;
    const most = value.kind === 'bits' ? 1 : value.most;
    return constantInterval(channels, value.signed ? -most : 0, most);
  };
  const whole = (name: string, channels: number) => found.get(name) ?? given(name, channels);
  for (const step of steps) {
    const channels = step.shape[0];
    if (step.op === 'conv') {
      const sums = sumsOf(step, drafts);
      note(step.name, sums, drafts.values.get(step.from[0]!)!.kind === 'bits' ? 16 : 32);
      found.set(step.name, shifted(sums, step.bias));
      for (let c = 0; c < channels; c++) if (reachOf(found.get(step.name)!, c) > WIDE) beyond.add(c);
    } else if (step.op === 'sum') {
      const start = shifted(constantInterval(channels, 0, 0), step.bias ?? new Int32Array(channels));
      const add = (all: Interval, name: string, term: number) =>
        plus(all, whole(name, channels), (c) => step.times[term]?.[c] ?? 1);
      found.set(step.name, step.from.reduce(add, start));
      note(step.name, found.get(step.name)!, 32);
    } else if (step.op === 'neuron') {
      const one = ofNeuron(step, whole(step.from[0]!, channels), horizon);
      steady &&= one.steady;
      note(step.name, one.interval, step.narrow ? 16 : 32);
      if (step.limit === undefined) found.set(step.name, one.interval);
    } else if (step.op === 'count' || step.op === 'max') {
      const area = step.op === 'count' ? step.window[0] * step.window[1] : 1;
      found.set(step.name, scaled(whole(step.from[0]!, channels), () => area));
      note(step.name, found.get(step.name)!, 32);
    }
  }
  return { ranges, beyond, steady };
}

function sumsOf(step: ConvStep, drafts: Drafts): Interval {
  const value = drafts.values.get(step.from[0]!)!;
  const most = value.kind === 'bits' ? 1 : value.most;
  return weighted(step.weight, step.shape[0], value.signed ? -most : 0, most);
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
