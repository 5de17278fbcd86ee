// From drafts to a plan: units are chosen, everything is rounded, and the ranges are proved of what came out, in
// integers. Where rounding has pushed a sum over its edge the unit is made a little smaller, and all is done again.

import type { IntegerPlan, NeuronStep, PlanOutput, PlanStep } from '../backends/integer';
import { check } from '../errors';
import type { Draft, Drafts } from './draft';
import { prove, type Range, rangeOf } from './prove';
import { bitsOf, type Circuit, circuits, mostWeight, type Units, unitsOf, type WeightBits } from './scale';

/** A plan with what was found on the way, for reports and files. */
export interface Planned {
  readonly plan: IntegerPlan;
  readonly bits: WeightBits;
  /** Time steps for which it is proved. */
  readonly timesteps: number;
  /** By step: the unit of its channels, its bits, and the part of its range that is never reached. */
  readonly units: ReadonlyMap<string, Float64Array>;
  readonly weightBits: ReadonlyMap<string, number>;
  readonly ranges: ReadonlyMap<string, Range>;
}

/** What leaves a plan: a value, and whether it is summed over time. */
export interface WantedValue {
  readonly name: string;
  readonly overTime: boolean;
}

/** Tries to make a unit fit before it is given up. */
const TRIES = 400;

/** @param horizon time steps that membranes are proved for that never settle */
export function planOf(
  drafts: Drafts,
  wanted: readonly WantedValue[],
  bits: WeightBits,
  horizon: number,
): Planned {
  const steps = new Map<string, PlanStep>();
  const units = new Map<string, Float64Array>();
  const weightBits = new Map<string, number>();
  const ranges = new Map<string, Range>();
  let timesteps = Number.POSITIVE_INFINITY;
  for (const circuit of circuits(drafts)) {
    const found = unitsOf(drafts, circuit, bits, horizon);
    const rounded = fitting(drafts, circuit, found, bits, horizon);
    for (const step of rounded.steps) steps.set(step.name, step);
    for (const draft of circuit.drafts) {
      units.set(
        draft.name,
        rounded.unit.map((unit) => unit * draft.scale),
      );
      if (draft.does.op === 'conv') weightBits.set(draft.name, bitsOf(draft, drafts, bits));
    }
    for (const { name, does, from } of circuit.neurons) {
      const { drive } = (does as Extract<Draft['does'], { op: 'neuron' }>).neuron;
      units.set(
        name,
        units.get(from[0]!)!.map((unit) => unit / drive),
      );
    }
    for (const [name, range] of rounded.ranges) ranges.set(name, range);
    if (!rounded.steady) timesteps = horizon;
  }
  for (const draft of drafts.steps) if (!steps.has(draft.name)) steps.set(draft.name, plainStep(draft));
  const used = usedSteps(drafts, wanted);
  return {
    plan: {
      inputs: [...drafts.values.values()]
        .filter((value) => !('does' in value))
        .map(({ name, shape, kind, scale, most, still }) => ({
          name,
          shape,
          kind: kind as 'bits' | 'numbers',
          scale,
          most,
          still,
        })),
      steps: drafts.steps.filter(({ name }) => used.has(name)).map(({ name }) => steps.get(name)!),
      outputs: wanted.map((one) => outputOf(drafts, one, units)),
    },
    bits,
    timesteps,
    units,
    weightBits,
    ranges,
  };
}

function outputOf(
  drafts: Drafts,
  { name, overTime }: WantedValue,
  units: ReadonlyMap<string, Float64Array>,
): PlanOutput {
  const value = drafts.values.get(name)!;
  const unit = units.get(name);
  const each = new Float64Array(value.shape[0]);
  const worth = value.kind === 'currents' ? each.map((_, c) => 1 / unit![c]!) : each.fill(1 / value.scale);
  return { name, overTime, unit: worth };
}

function usedSteps(drafts: Drafts, wanted: readonly WantedValue[]): Set<string> {
  const used = new Set(wanted.map(({ name }) => name));
  for (const { name, from } of drafts.steps.toReversed())
    if (used.has(name)) for (const one of from) used.add(one);
  return used;
}

/** Steps without weights. */
function plainStep({ name, from, shape, kind, still, does }: Draft): PlanStep {
  const base = { name, from, shape, kind, still };
  switch (does.op) {
    case 'sum':
      return { ...base, op: 'sum', times: from.map(() => undefined), bias: undefined };
    case 'count':
    case 'max':
      return { ...base, ...does };
    default:
      return { ...base, op: does.op as 'and' | 'iand' };
  }
}

interface Rounded {
  readonly steps: readonly PlanStep[];
  readonly unit: Float64Array;
  readonly ranges: ReadonlyMap<string, Range>;
  readonly steady: boolean;
}

/** @throws where no unit makes a circuit fit */
function fitting(drafts: Drafts, circuit: Circuit, found: Units, bits: WeightBits, horizon: number): Rounded {
  const unit = found.unit.slice();
  const given = new Map(
    [...drafts.values].flatMap(([name, value]) =>
      value.kind === 'currents' ? [] : [[name, rangeOf({ ...value, kind: value.kind }, value.signed)]],
    ),
  );
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const steps = rounded(drafts, circuit, { ...found, unit }, bits);
    const { ranges, beyond, steady } = prove(steps, given, horizon);
    if (beyond.size === 0) return { steps, unit, ranges, steady };
    for (const channels of beyond.values()) for (const c of channels) unit[c]! *= 0.98;
  }
  const names = circuit.drafts.map(({ name }) => name).join(', ');
  check(false, 'compile', `${names}: no unit was found in which every sum fits its bits; please report it`);
}

/** A circuit in integers of given units. */
function rounded(drafts: Drafts, circuit: Circuit, { unit, narrow }: Units, bits: WeightBits): PlanStep[] {
  const steps = circuit.drafts.map((draft): PlanStep => {
    const { name, from, shape, kind, still, does, scale } = draft;
    const base = { name, from, shape, kind, still };
    if (does.op === 'conv') {
      const { op, window, stride, padding, dilation, groups } = does;
      const each = does.weight.length / shape[0];
      const per = drafts.values.get(from[0]!)!.scale;
      const most = mostWeight(bitsOf(draft, drafts, bits));
      const clip = (value: number) => Math.max(-most, Math.min(most, value)); // a last half may round beyond
      const weight = Int16Array.from({ length: does.weight.length }, (_, i) =>
        clip(Math.round((does.weight[i]! * unit[Math.floor(i / each)]!) / per)),
      );
      const bias = Int32Array.from(does.bias, (value, o) => Math.round(value * unit[o]!));
      return { ...base, op, window, stride, padding, dilation, groups, weight, bias };
    }
    if (does.op === 'sum') {
      const times = from.map((one) => {
        const input = drafts.values.get(one)!;
        if (input.kind === 'currents') return undefined;
        return Int32Array.from(unit, (value, c) =>
          Math.round((value * scale * (does.gain?.[c] ?? 1)) / input.scale),
        );
      });
      const { offset } = does;
      const bias = offset && Int32Array.from(offset, (value, c) => Math.round(value * unit[c]! * scale));
      return { ...base, op: 'sum', times, bias };
    }
    return plainStep(draft);
  });
  return [...steps, ...circuit.neurons.map((draft) => neuronStep(drafts, draft, unit, narrow))];
}

function neuronStep(
  drafts: Drafts,
  draft: Draft,
  unit: Float64Array,
  narrow: ReadonlySet<string>,
): NeuronStep {
  const { name, from, shape, kind, still, does } = draft;
  const { keep, drive, rest, fires } = (does as Extract<Draft['does'], { op: 'neuron' }>).neuron;
  const own = unit.map((value) => (value * drafts.values.get(from[0]!)!.scale) / drive);
  const each = (value: number) => Int32Array.from(own, (one) => Math.round(value * one));
  return {
    name,
    from,
    shape,
    kind,
    still,
    op: 'neuron',
    keep: Math.round(keep * 32768),
    offset: each(rest),
    limit: fires && Int32Array.from(own, (one) => Math.ceil(fires.threshold * one) - 1),
    drop: each(fires?.drop ?? 0),
    soft: fires?.soft ?? false,
    narrow: narrow.has(name),
  };
}
