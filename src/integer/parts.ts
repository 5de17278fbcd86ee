// Which layers of a network are computed in integers, and in what order with the others: parts of integers, each a plan
// of its own, and between them layers that stay as they were.

import type { Shape } from '../backends/shape';
import type { InferenceGraph, InferenceStep } from '../interop/inference/graph';
import type { NetworkDescription } from '../nn/description';
import { type Draft, type DraftInput, Drafts, type DraftValue, imageShape, Unfit } from './draft';
import { integerNeuron } from './neuron';
import { type Planned, planOf, type WantedValue } from './plan';
import type { WeightBits } from './scale';

/** How a network is divided. */
export interface NetworkParts {
  /** In the order in which they run; what stays as it was is computed when somebody takes it. */
  readonly plans: readonly Planned[];
  /** By step, why it is none of integers. */
  readonly reasons: ReadonlyMap<string, string>;
}

export interface Dividing {
  readonly graph: InferenceGraph;
  readonly description: NetworkDescription;
  readonly bits: WeightBits;
  /** How images or frames are rounded. */
  readonly inputScale: number;
  readonly inputMost: number;
  /** Whether what goes in has no time. */
  readonly images: boolean;
  readonly horizon: number;
}

/** @param kept steps that stay as they were, and why */
function divide(given: Dividing, kept: ReadonlyMap<string, string>) {
  const { graph, images } = given;
  const drafts: Drafts[] = [];
  const levels = new Map<string, number>([[INPUT, 0]]);
  const reasons = new Map([...graph.others, ...kept]);
  const levelOf = (name: string) => levels.get(name)!;
  const at = (level: number) => {
    drafts[level] ??= new Drafts(graph);
    return drafts[level];
  };
  at(0).given(inputOf(given, images));
  const spiking = spikingPlaces(given);
  const places = inOrder(given);
  for (const { name, from, step } of places) {
    const level = Math.max(0, ...from.map(levelOf));
    const real = (why: string) => {
      reasons.set(name, why);
      levels.set(name, level + 1);
      const shape = spiking.get(name);
      // spikes of whatever neuron are bits again
      if (shape !== undefined) at(level + 1).given({ name, shape: imageShape(shape), ...BITS });
    };
    const own = at(level);
    const missing = from.filter((one) => !own.values.has(own.valueOf(one)));
    const crossing = missing.map((one) => found(drafts, one));
    const isCut = crossing.some((value) => value === undefined || value.kind === 'currents');
    const why = reasons.get(name) ?? (isCut ? (ownReason(step) ?? TAKES_REAL) : undefined);
    if (why !== undefined || step === undefined) {
      real(why ?? 'is no step of inference');
      continue;
    }
    crossing.forEach((value, i) => {
      own.given(crossed(value!), missing[i]!);
    });
    const unfit = own.add(step);
    if (unfit instanceof Unfit) real(unfit.why);
    else levels.set(name, level);
  }
  return { drafts, reasons, levels };
}

const INPUT = 'input';
const TAKES_REAL = 'takes real numbers of a layer before it';
const FEEDS_REAL = 'what takes its sums is computed in real numbers';

/** Why a layer is none of integers, whatever stands around it. */
function ownReason(step: InferenceStep | undefined): string | undefined {
  if (step?.kind !== 'neuron' && step?.kind !== 'equations') return undefined;
  const line = integerNeuron(step);
  return typeof line === 'string' ? line : undefined;
}

/** The layer for whose sake others are not integers either, and why. */
export function firstReason(
  reasons: ReadonlyMap<string, string>,
): readonly [name: string, why: string] | undefined {
  const all = [...reasons];
  return all.find(([, why]) => why !== TAKES_REAL && why !== FEEDS_REAL) ?? all[0];
}
const BITS = { kind: 'bits', scale: 1, most: 1, signed: false, still: false } as const;

/** A value of an earlier part. */
function found(drafts: readonly (Drafts | undefined)[], name: string): DraftValue | undefined {
  for (const one of drafts.toReversed()) {
    const value = one?.values.get(one.valueOf(name));
    if (value !== undefined) return value;
  }
  return undefined;
}

function crossed({ name, shape, kind, scale, most, signed, still }: DraftValue): DraftInput {
  return { name, shape, kind: kind as 'bits' | 'numbers', scale, most, signed, still };
}

function inputOf({ graph, inputScale, inputMost }: Dividing, still: boolean): DraftInput {
  const shape = imageShape(graph.inputShape);
  return { name: INPUT, shape, kind: 'numbers', scale: inputScale, most: inputMost, signed: true, still };
}

/** Steps and what has none, each behind what it takes. */
function inOrder({ graph, description }: Dividing) {
  const steps = new Map(graph.steps.map((step) => [step.name, step]));
  const done = new Set<string>();
  const all: { name: string; from: readonly string[]; step: (typeof graph.steps)[number] | undefined }[] = [];
  const place = (path: string) => graph.places.get(path)!;
  const push = (name: string, from: readonly string[]) => {
    if (done.has(name) || name === INPUT) return;
    done.add(name);
    all.push({ name, from, step: steps.get(name) });
  };
  // the steps of a layer stand one behind another, its own last
  const pending = [...graph.steps];
  for (const { path, from } of description.layers) {
    const own = place(path);
    if (done.has(own)) continue;
    if (!steps.has(own)) {
      push(own, from.map(place));
      continue;
    }
    while (pending.length > 0) {
      const step = pending.shift()!;
      push(step.name, step.from);
      if (step.name === own) break;
    }
  }
  return all;
}

/** Places that give spikes, by the step that is theirs. */
function spikingPlaces({ graph, description }: Dividing): Map<string, Shape> {
  const found = new Map<string, Shape>();
  for (const { path, spikesOut, outputShape } of description.layers) {
    if (!spikesOut || outputShape === undefined) continue;
    const [height, width, channels] = outputShape;
    found.set(graph.places.get(path)!, outputShape.length === 3 ? [channels!, height!, width!] : outputShape);
  }
  return found;
}

/** The parts of a network. */
export function partsOf(given: Dividing): NetworkParts {
  const { graph, bits, horizon } = given;
  const kept = new Map<string, string>();
  for (;;) {
    const { drafts, reasons, levels } = divide(given, kept);
    const takers = (name: string) => inOrder(given).filter(({ from }) => from.includes(name));
    // sums that only real numbers are made of are as well real from the start
    const idle = drafts
      .flatMap((one) => one?.steps ?? [])
      .find(
        ({ name, kind, does }: Draft) =>
          kind === 'currents' &&
          does.op !== 'neuron' &&
          name !== graph.output &&
          graph.steps.some((step) => step.name === name) &&
          takers(name).length > 0 &&
          takers(name).every((taker) => reasons.has(taker.name)),
      );
    if (idle !== undefined) {
      kept.set(idle.name, FEEDS_REAL);
      continue;
    }
    const plans = drafts.flatMap((own, level) => {
      if (own === undefined || own.steps.length === 0) return [];
      const wanted = wantedOf(given, own, level, reasons, levels);
      return wanted.length === 0 ? [] : [planOf(own, wanted, bits, horizon)];
    });
    return { plans, reasons };
  }
}

/** What others take of a part. */
function wantedOf(
  given: Dividing,
  own: Drafts,
  level: number,
  reasons: ReadonlyMap<string, string>,
  levels: ReadonlyMap<string, number>,
): WantedValue[] {
  const { graph } = given;
  const isOwn = (name: string) => own.steps.some((step) => step.name === own.valueOf(name));
  const names = new Set<string>();
  let last: string | undefined;
  if (!reasons.has(graph.output) && isOwn(graph.output)) last = own.valueOf(graph.output);
  for (const { name, from } of inOrder(given)) {
    const outside = reasons.has(name) || levels.get(name) !== level;
    if (outside) for (const one of from) if (isOwn(one)) names.add(own.valueOf(one));
  }
  const wanted = [...names].map((name) => ({ name, overTime: false }));
  // where layers stay as they were, the one that takes the mean does too
  return last === undefined
    ? wanted
    : [...wanted, { name: last, overTime: graph.timeMean && reasons.size === 0 }];
}
