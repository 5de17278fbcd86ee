// The units of currents: integer = real·unit, one for each channel of all currents that meet (a convolution, what is
// added to it, the neurons that take it). As fine as the weights' bits allow, and as the ranges do that their sums must
// fit: 16 bits for sums of weights that spikes pick, 30 where numbers are multiplied. A neuron's membrane fits 16 bits
// where that leaves the weights enough of theirs, and takes 32 where it would not.

import { currentOf, type StepView } from '../backends/integer';
import type { Draft, Drafts, DraftValue } from './draft';
import {
  constantInterval,
  type Interval,
  type MembraneLine,
  membrane,
  plus,
  reachOf,
  shifted,
  weighted,
} from './interval';
import { NARROW, WIDE } from './prove';

/** The bits of weights, with sign. */
export type WeightBits = 16 | 8 | 6 | 4;

/** Weights of what takes numbers have at least so many: they are few, and an image's own steps are finer. */
const LEAST_FOR_NUMBERS = 8;

/** Bits that a membrane of 16 bits must leave the largest weights of most channels. */
const KEPT_BITS = 6;

export const bitsOf = (draft: Draft, drafts: Drafts, bits: WeightBits): number =>
  drafts.values.get(draft.from[0]!)!.kind === 'bits' ? bits : Math.max(bits, LEAST_FOR_NUMBERS);

export const mostWeight = (bits: number): number => 2 ** (bits - 1) - 1;

/** Currents that meet have one unit for each channel. */
export interface Circuit {
  readonly drafts: readonly Draft[];
  readonly neurons: readonly Draft[];
  readonly channels: number;
}

/** How currents are put into units. */
export interface Units {
  /** By channel. */
  readonly unit: Float64Array;
  /** Neurons whose membrane has 16 bits. */
  readonly narrow: ReadonlySet<string>;
}

/** Which currents meet, by the name of each. */
export function circuits(drafts: Drafts): Circuit[] {
  const leader = new Map<string, string>();
  const find = (name: string): string => {
    const above = leader.get(name)!;
    return above === name ? name : find(above);
  };
  const currents = drafts.steps.filter(({ kind, does }) => kind === 'currents' && does.op !== 'neuron');
  for (const { name } of currents) leader.set(name, name);
  for (const { name, from } of currents)
    for (const one of from) if (leader.has(one)) leader.set(find(one), find(name));
  const groups = new Map<string, Draft[]>();
  for (const draft of currents) {
    const key = find(draft.name);
    groups.set(key, [...(groups.get(key) ?? []), draft]);
  }
  return [...groups].map(([, group]) => ({
    drafts: group,
    neurons: drafts.steps.filter(
      ({ does, from }) => does.op === 'neuron' && group.some(({ name }) => name === from[0]),
    ),
    channels: group[0]!.shape[0],
  }));
}

/** The ends of a value in real numbers, whatever goes in. */
export function endsOf(value: DraftValue): [low: number, high: number] {
  if (value.kind === 'bits') return [0, 1];
  const most = value.most / value.scale;
  return [value.signed ? -most : 0, most];
}

/** By name, how far each current of a circuit goes in real numbers; and of convolutions the sum without its bias. */
export function realIntervals(drafts: Drafts, circuit: Circuit) {
  const whole = new Map<string, Interval>();
  const sums = new Map<string, Interval>();
  for (const { name, from, does, shape } of circuit.drafts) {
    const inputs = from.map((one) => drafts.values.get(one)!);
    const intervalOf = (one: DraftValue) => whole.get(one.name) ?? constantInterval(shape[0], ...endsOf(one));
    if (does.op === 'conv') {
      sums.set(name, weighted(does.weight, shape[0], ...endsOf(inputs[0]!)));
      whole.set(name, shifted(sums.get(name)!, does.bias));
    } else if (does.op === 'sum') {
      const { gain, offset } = does;
      const start = shifted(constantInterval(shape[0], 0, 0), offset ?? new Float64Array(shape[0]));
      const add = (all: Interval, one: DraftValue) => plus(all, intervalOf(one), (c) => gain?.[c] ?? 1);
      whole.set(name, inputs.reduce(add, start));
    } else whole.set(name, intervalOf(inputs[0]!));
  }
  return { whole, sums };
}

/** A neuron's line in units of its membrane, before anything is rounded. */
export function realLine(neuron: Extract<Draft['does'], { op: 'neuron' }>['neuron']): MembraneLine {
  const { fires, rest } = neuron;
  return { limit: fires?.threshold, drop: fires?.drop ?? 0, soft: fires?.soft ?? false, offset: rest };
}

/** @param horizon time steps that a membrane is to be proved for that never settles */
export function unitsOf(drafts: Drafts, circuit: Circuit, bits: WeightBits, horizon: number): Units {
  const { whole, sums } = realIntervals(drafts, circuit);
  const { channels } = circuit;
  const most = new Float64Array(channels).fill(Number.POSITIVE_INFINITY);
  const bound = (c: number, limit: number, real: number) => {
    if (real > 0) most[c] = Math.min(most[c]!, limit / real);
  };
  const byWeights = new Float64Array(channels).fill(Number.POSITIVE_INFINITY);
  const largest = new Float64Array(channels);
  for (const draft of circuit.drafts) {
    const { does, from, scale } = draft;
    for (let c = 0; c < channels; c++) bound(c, WIDE, 1.02 * scale * reachOf(whole.get(draft.name)!, c));
    if (does.op !== 'conv') continue;
    const input = drafts.values.get(from[0]!)!;
    const limit = mostWeight(bitsOf(draft, drafts, bits));
    const each = does.weight.length / channels;
    for (let o = 0; o < channels; o++) {
      let peak = 0;
      for (let i = o * each; i < (o + 1) * each; i++) peak = Math.max(peak, Math.abs(does.weight[i]!));
      if (peak > 0) byWeights[o] = Math.min(byWeights[o]!, (limit * input.scale) / peak);
      if (input.kind === 'bits') largest[o] = Math.max(largest[o]!, peak);
      const reach = reachOf(sums.get(draft.name)!, o);
      // each weight is rounded by at most a half
      if (input.kind === 'bits') bound(o, NARROW - each / 2, reach);
      else bound(o, WIDE - (each * input.most) / 2, 1.02 * reach);
    }
  }
  const membranes = circuit.neurons.map((neuron) => ({
    neuron,
    reach: membraneReach(neuron, whole, horizon),
  }));
  // thresholds and resets need their place beside the sums
  for (const { reach } of membranes) for (let c = 0; c < channels; c++) bound(c, WIDE / 2, reach[c]!);
  // a channel without weights, threshold or bias may have any unit
  const free = most
    .map((value, c) => Math.min(value, byWeights[c]!))
    .map((value) => (value < WIDE * WIDE ? value : 1));
  const narrow = new Set<string>();
  let unit = free;
  for (const { neuron, reach } of membranes) {
    if (neuron.kind !== 'bits' || !isRowByRow(drafts, neuron)) continue;
    const fitting = unit.map((value, c) => Math.min(value, (NARROW - slackOf(drafts, circuit)) / reach[c]!));
    const needed = Math.min(mostWeight(bits), mostWeight(KEPT_BITS));
    const kept = fitting.filter((value, c) => largest[c] === 0 || value * largest[c]! >= 0.9 * needed).length;
    if (kept < 0.75 * channels) continue;
    unit = fitting;
    narrow.add(neuron.name);
  }
  return { unit, narrow };
}

/** What rounding may add to a sum, in integers. */
function slackOf(drafts: Drafts, { drafts: steps }: Circuit): number {
  const weights = steps.map(({ does, shape, from }) =>
    does.op === 'conv' && drafts.values.get(from[0]!)!.kind === 'bits' ? does.weight.length / shape[0] : 2,
  );
  return 4 + weights.reduce((all, one) => all + one, 0) / 2;
}

/** The magnitude that a membrane reaches in units of its input, its threshold and reset among it. */
function membraneReach(draft: Draft, whole: ReadonlyMap<string, Interval>, horizon: number): Float64Array {
  const { neuron } = draft.does as Extract<Draft['does'], { op: 'neuron' }>;
  const { keep, drive } = neuron;
  const line = realLine(neuron);
  const interval = whole.get(draft.from[0]!)!;
  return interval.low.map((_, c) => {
    const [low, high] = [drive * interval.low[c]!, drive * interval.high[c]!];
    const h = membrane(low, high, line, (v) => keep * v, horizon);
    const ends = [h.low, h.high, line.limit ?? 0, line.drop, line.offset].map(Math.abs);
    return (1.01 * Math.max(...ends)) / drive;
  });
}

export function isRowByRow(drafts: Drafts, neuron: Draft): boolean {
  const view = ({ does, kind, from }: Draft): StepView => ({ op: does.op, kind, from });
  const of = (name: string) => {
    const found = drafts.steps.find((one) => one.name === name);
    return found && view(found);
  };
  const takers = (name: string) =>
    drafts.steps.reduce((all, { from }) => all + from.filter((one) => one === name).length, 0);
  const current = currentOf(view(neuron), of, (name) => drafts.values.get(name)!.kind, takers);
  return current !== undefined;
}
