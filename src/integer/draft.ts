// A network at inference as integers would compute it, in real numbers still: layers without weights are gone or part
// of others, every value is an image (a vector one of 1x1 pixels), and of each it is known what kind of integer it can
// be, or why none. scale.ts finds the units, plan.ts rounds.

import type { PlaneShape, PlanWindows, ValueKind } from '../backends/integer';
import { sizeOf } from '../backends/shape';
import type { InferenceGraph, InferenceStep } from '../interop/inference/graph';
import { integerNeuron, type NeuronLine } from './neuron';
import { type ConvDoes, fitsInto, isSmall, overSpikes, type PoolOfBits, shares } from './pooled';

/** What a step computes, in real numbers. */
export type DraftOp =
  | ConvDoes
  /** Σ gain·x + offset; undefined: 1 and 0. */
  | { readonly op: 'sum'; readonly gain?: Float64Array; readonly offset?: Float64Array }
  | (PlanWindows & { readonly op: 'count' | 'max' })
  | { readonly op: 'and' | 'iand' }
  | { readonly op: 'neuron'; readonly neuron: NeuronLine };

export interface Draft {
  readonly name: string;
  readonly from: readonly string[];
  readonly shape: PlaneShape;
  readonly still: boolean;
  /** What a value is worth: x = integer/scale; of currents integer/(scale·unit), with the unit of its channel. */
  readonly scale: number;
  /** The largest magnitude of an integer, of bits and numbers. */
  readonly most: number;
  /** Whether it can be below 0. */
  readonly signed: boolean;
  readonly kind: ValueKind;
  readonly does: DraftOp;
}

/** A value that is given. */
export interface DraftInput {
  readonly name: string;
  readonly shape: PlaneShape;
  readonly kind: 'bits' | 'numbers';
  readonly scale: number;
  readonly most: number;
  readonly signed: boolean;
  readonly still: boolean;
}

export type DraftValue = Draft | DraftInput;

/** [C,H,W] of one image; of a vector [N,1,1]. */
export const imageShape = (shape: readonly number[]): PlaneShape =>
  shape.length === 3 ? (shape as unknown as PlaneShape) : [sizeOf(shape), 1, 1];

/** Numbers have 16 bits. */
const MOST_NUMBER = 32767;

/** What a step becomes, and what is not as usual about it. */
type Found = Pick<Draft, 'kind' | 'does'> & Partial<Draft>;

/** The reason why a step stays as it was. */
export class Unfit {
  constructor(readonly why: string) {}
}

export class Drafts {
  readonly values = new Map<string, DraftValue>();
  readonly steps: Draft[] = [];
  /** Names under which a step's value is known: what passes it on leaves no step. */
  readonly #alias = new Map<string, string>();

  constructor(readonly graph: InferenceGraph) {}

  /** The name of the value that a step gives. */
  valueOf(name: string): string {
    return this.#alias.get(name) ?? name;
  }

  /** @param as another name under which it is asked for */
  given(input: DraftInput, as = input.name): void {
    this.values.set(input.name, input);
    if (as !== input.name) this.#alias.set(as, input.name);
  }

  /** Takes a step in, whose inputs are there. */
  add(step: InferenceStep): Unfit | undefined {
    const inputs = step.from.map((name) => this.values.get(this.valueOf(name)));
    if (inputs.some((value) => value === undefined))
      return new Unfit('takes real numbers of a layer before it');
    const values = inputs as DraftValue[];
    if (values.some((value) => value.kind === 'currents' && 'does' in value && value.does.op === 'neuron'))
      return new Unfit('takes membranes that do not fire');
    const found = this.#draft(step, values);
    if (found instanceof Unfit) return found;
    if (typeof found === 'string') {
      this.#alias.set(step.name, found);
      return undefined;
    }
    if (found.kind === 'numbers' && (found.most ?? 1) > MOST_NUMBER)
      return new Unfit(`counts up to ${found.most}, more than 16 bits hold`);
    const shape = imageShape(step.shape);
    if (found.does.op === 'sum' && found.kind === 'currents' && step.kind === 'sum') {
      const terms = values.map((value, i) => this.#term(`${step.name}_${i}`, value));
      this.#push(step.name, shape, terms, found);
      return undefined;
    }
    if (found.does.op !== 'neuron' || values[0]!.kind === 'currents') {
      this.#push(step.name, shape, values, found);
      return undefined;
    }
    // what goes straight into a neuron is brought to its unit
    const current = this.#push(`${step.name}_current`, shape, values, {
      kind: 'currents',
      does: { op: 'sum' },
    });
    this.#push(step.name, shape, [current], found);
    return undefined;
  }

  #push(name: string, shape: PlaneShape, inputs: readonly DraftValue[], found: Found): Draft {
    const draft: Draft = {
      name,
      from: inputs.map((input) => input.name),
      still: inputs.every(({ still }) => still) && found.does.op !== 'neuron',
      shape,
      scale: 1,
      most: 1,
      signed: found.kind !== 'bits' && inputs.some(({ signed }) => signed),
      ...found,
    };
    this.values.set(name, draft);
    this.steps.push(draft);
    return draft;
  }

  #draft(step: InferenceStep, inputs: readonly DraftValue[]): Found | Unfit | string {
    const x = inputs[0]!;
    switch (step.kind) {
      case 'flatten':
        return x.name;
      case 'conv': {
        if (x.kind === 'currents') return new Unfit('takes sums of weights, not spikes or counts');
        const { weight, bias, stride, padding, dilation, groups } = step;
        const window = [weight.shape[2]!, weight.shape[3]!] as const;
        const own = { op: 'conv' as const, weight: weight.data, bias: bias.data, groups };
        return this.#pooled(x, { ...own, window, stride, padding, dilation });
      }
      case 'linear': {
        if (x.kind === 'currents') return new Unfit('takes sums of weights, not spikes or counts');
        const [, height, width] = x.shape;
        const { weight, bias } = step;
        const own = { op: 'conv' as const, weight: weight.data, bias: bias.data, groups: 1, ...ONE };
        return this.#pooled(x, { ...own, window: [height, width] });
      }
      case 'norm':
        if (x.kind === 'currents') return new Unfit('a norm that no weights before it can hold');
        return { kind: 'currents', does: { op: 'sum', gain: step.gain, offset: step.offset } };
      case 'pool': {
        if (!isPlain(step)) return new Unfit('averages over windows of several sizes');
        const { window, stride, padding } = step;
        const does = { op: 'count' as const, window, stride, padding, dilation: ONE.dilation };
        const area = window[0] * window[1];
        if (area === 1 && sizeOf(stride) === 1) return x.name;
        return {
          kind: x.kind === 'bits' ? 'numbers' : x.kind,
          does,
          scale: x.scale * area,
          most: area * mostOf(x),
        };
      }
      case 'maxPool': {
        if (x.kind === 'numbers') return new Unfit('takes the largest of numbers');
        const { window, stride, padding, dilation } = step;
        return { ...same(x), does: { op: 'max', window, stride, padding, dilation } };
      }
      case 'sum': {
        const currents = inputs.filter(({ kind }) => kind === 'currents');
        const alike = currents.length > 0 ? currents : inputs;
        const { scale } = alike[0]!;
        if (alike.some((one) => one.scale !== scale))
          return new Unfit('adds up averages over windows of several sizes');
        if (currents.length > 0) return { kind: 'currents', does: { op: 'sum' }, scale };
        const most = inputs.reduce((all, one) => all + mostOf(one), 0);
        return { kind: 'numbers', does: { op: 'sum' }, scale, most };
      }
      case 'and':
      case 'iand':
        if (inputs.some(({ kind }) => kind !== 'bits')) return new Unfit('multiplies what are no spikes');
        return { kind: 'bits', does: { op: step.kind } };
      case 'neuron':
      case 'equations': {
        const neuron = integerNeuron(step);
        if (typeof neuron === 'string') return new Unfit(neuron);
        return { kind: neuron.fires === undefined ? 'currents' : 'bits', does: { op: 'neuron', neuron } };
      }
      case 'convTranspose':
        return new Unfit('a transposed convolution');
      case 'attention':
        return new Unfit('attention');
      case 'relu':
        return new Unfit('a ReLU, whose numbers are no spikes');
      case 'delay':
        return new Unfit('holds values back in time');
    }
  }

  /** A convolution, where it may over the spikes behind averages. */
  #pooled(x: DraftValue, does: ConvDoes): Found {
    const pool = this.#poolOfBits(x);
    if (pool === undefined || !fitsInto(does, pool)) return { kind: 'currents', does };
    const { name, still } = pool.source;
    return { kind: 'currents', from: [name], still, does: overSpikes(does, pool) };
  }

  #poolOfBits(x: DraftValue): PoolOfBits | undefined {
    if (!('does' in x) || x.does.op !== 'count') return undefined;
    const source = this.values.get(x.from[0]!)!;
    return source.kind === 'bits' ? { source, windows: x.does, shape: x.shape } : undefined;
  }

  /** What is added to currents: of averages of spikes the spikes, each with its share. */
  #term(name: string, x: DraftValue): DraftValue {
    const pool = this.#poolOfBits(x);
    if (pool === undefined || !isSmall(pool)) return x;
    return this.#push(name, x.shape, [this.values.get(pool.source.name)!], {
      kind: 'currents',
      does: shares(pool),
    });
  }
}

const ONE = { stride: [1, 1], padding: [0, 0], dilation: [1, 1] } as const;

const mostOf = ({ kind, most }: DraftValue): number => (kind === 'bits' ? 1 : most);

const same = ({ kind, scale, most }: DraftValue) => ({ kind, scale, most });

/** Whether every window of an average has as many pixels. */
function isPlain({ padding, beyond, countIncludePad }: Extract<InferenceStep, { kind: 'pool' }>): boolean {
  const [padded, sticksOut] = [padding, beyond].map((sides) => Math.max(...sides) > 0);
  return !sticksOut && (!padded || countIncludePad);
}
