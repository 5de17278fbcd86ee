// A compiled network as exporters take it: the steps of its plans in real numbers again, weights as multiples of a
// scale for each output, with the integers beside them. Thresholds lie half a unit below the integer that fires, so that
// neither `>` instead of `>=` nor sums of floats change a spike. Layers in real numbers stay as they were.

import type {
  ConvStep,
  IntegerPlan,
  NeuronStep,
  PlaneShape,
  PlanInput,
  PlanStep,
  SumStep,
} from '../backends/integer';
import { type Shape, sizeOf } from '../backends/shape';
import { check } from '../errors';
import type { InferenceGraph, InferenceStep } from '../interop/inference/graph';
import { inferenceGraph } from '../interop/inference/lowering';
import { type NeuronModel, neuron } from '../neurons';
import { learnable } from '../neurons/learnable';
import type { CompiledParts } from './network';
import type { Planned } from './plan';

const each = (length: number, of: (c: number) => number) => Float64Array.from({ length }, (_, c) => of(c));

/** @param where the function that messages name */
export async function compiledGraph(where: string, own: CompiledParts): Promise<InferenceGraph> {
  const { real, inputShape, timesteps, parts } = own;
  const sequence = timesteps === undefined ? 1 : undefined;
  const whole = real && (await inferenceGraph(where, real.network, inputShape, sequence));
  const outputShape = channelsFirst(own.outputShape);
  const known = new Map(whole?.steps.map((step) => [step.name, step]));
  const images = whole === undefined ? imagesIn(parts[0]!.planned.plan) : undefined;
  const isVector = (name: string) =>
    images === undefined ? known.get(name)?.kind === 'linear' : outputShape.length === 1 && !images.has(name);
  const given = new Map<string, Shape>([...known].map(([name, { shape }]) => [name, shape]));
  given.set('input', channelsFirst(inputShape));
  const graph = new RealSteps(where, given, isVector);
  for (const { planned } of parts) graph.take(planned);
  const output = whole?.output ?? graph.flat(parts[0]!.planned.plan.outputs[0]!.name, outputShape.length);
  const made = new Set(graph.steps.map(({ name }) => name));
  const others = whole?.steps.filter(({ name }) => !made.has(name)) ?? [];
  return {
    inputShape: channelsFirst(inputShape),
    steps: inOrder([...graph.steps, ...others], output),
    output,
    outputShape: whole?.outputShape ?? outputShape,
    timeMean: own.timeMean,
    places: new Map(),
    others: new Map(),
  };
}

const channelsFirst = (shape: Shape): Shape => [...shape.slice(-1), ...shape.slice(0, -1)];

/** Values that windows are taken of, and what those are made of: they must stay images. */
function imagesIn({ steps, inputs }: IntegerPlan): Set<string> {
  const shapes = new Map([...inputs, ...steps].map(({ name, shape }) => [name, shape]));
  const images = new Set<string>();
  for (const step of steps.toReversed()) {
    const windows = step.op === 'count' || step.op === 'max';
    const keeps = step.op !== 'conv' && images.has(step.name);
    const isConv = step.op === 'conv' && !isWhole(step, shapes.get(step.from[0]!)!);
    if (windows || keeps || isConv) for (const name of step.from) images.add(name);
  }
  return images;
}

/** Whether a convolution is a linear layer: one window over all. */
const isWhole = (step: ConvStep, [, height, width]: PlaneShape): boolean =>
  step.groups === 1 &&
  step.shape[1] * step.shape[2] === 1 &&
  Math.max(...step.padding) === 0 &&
  step.window[0] === height &&
  step.window[1] === width;

/** Those that the output is made of, each behind what it takes. */
function inOrder(steps: readonly InferenceStep[], output: string): InferenceStep[] {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const ordered = new Set<InferenceStep>();
  const visit = (name: string) => {
    const step = byName.get(name);
    if (step === undefined || ordered.has(step)) return;
    step.from.forEach(visit);
    ordered.add(step);
  };
  visit(output);
  return [...ordered];
}

class RealSteps {
  readonly steps: InferenceStep[] = [];
  /** By name, how a value is written: an image or a vector. */
  readonly #shapes = new Map<string, Shape>();
  /** By name, what one is in integers, by channel. */
  readonly #units = new Map<string, Float64Array>();

  /**
   * @param given shapes as files have them, of what goes in and of layers in real numbers
   * @param isVector whether a layer over a whole image, of this name, is to be a linear one
   */
  constructor(
    readonly where: string,
    readonly given: ReadonlyMap<string, Shape>,
    readonly isVector: (name: string) => boolean,
  ) {}

  take(planned: Planned): void {
    for (const input of planned.plan.inputs) this.#given(input);
    for (const step of planned.plan.steps) {
      this.#units.set(step.name, this.#unitOf(step, planned));
      this.#take(step, planned);
    }
  }

  /** A value's name as a vector, where one is wanted. */
  flat(name: string, rank = 1): string {
    const shape = this.#shapes.get(name)!;
    if (shape.length === rank) return name;
    check(rank === 1, this.where, () => `layer ${name} is a vector where an image is wanted`);
    const flat = `${name}_flat`;
    if (!this.#shapes.has(flat))
      this.#push({ kind: 'flatten', name: flat, from: [name], shape: [sizeOf(shape)] });
    return flat;
  }

  #push(step: InferenceStep): void {
    this.steps.push(step);
    this.#shapes.set(step.name, step.shape);
  }

  #given({ name, shape, scale }: PlanInput): void {
    if (this.#shapes.has(name)) return; // of a part before
    this.#shapes.set(name, this.given.get(name) ?? shape);
    this.#units.set(name, new Float64Array(shape[0]).fill(scale));
  }

  #unitOf(step: PlanStep, { units, plan }: Planned): Float64Array {
    const first = this.#units.get(step.from[0]!)!;
    if (step.kind === 'bits') return new Float64Array(step.shape[0]).fill(1);
    switch (step.op) {
      case 'conv':
        return units.get(step.name)!;
      case 'count':
        return first.map((unit) => unit * sizeOf(step.window));
      case 'sum': {
        const current = step.times.indexOf(undefined);
        return step.kind === 'numbers' || current >= 0
          ? this.#units.get(step.from[Math.max(0, current)]!)!
          : units.get(step.name)!;
      }
      case 'neuron':
        return outputUnit(plan, step.name) ?? first;
      default:
        return first;
    }
  }

  #take(step: PlanStep, planned: Planned): void {
    switch (step.op) {
      case 'conv':
        return this.#conv(step, planned.weightBits.get(step.name)!);
      case 'sum':
        return this.#sum(step);
      case 'and':
      case 'iand': {
        const { name, op: kind } = step;
        const from = this.#alike(step.from);
        return this.#push({ kind, name, from, shape: this.#shapes.get(from[0]!)! });
      }
      case 'neuron':
        return this.#neuron(step);
      default: {
        const { name, from, shape, window, stride, padding, dilation } = step;
        const source = this.#shapes.get(from[0]!)!;
        check(source.length === 3, this.where, () => `layer ${name} pools a vector, which files cannot say`);
        const sticksOut = (axis: 0 | 1) =>
          Math.max(
            0,
            (shape[axis + 1]! - 1) * stride[axis] +
              (window[axis] - 1) * dilation[axis] +
              1 -
              (source[axis + 1]! + 2 * padding[axis]),
          );
        const beyond = [sticksOut(0), sticksOut(1)] as const;
        const windows = { name, from, shape, window, stride, padding, beyond };
        this.#push(
          step.op === 'max'
            ? { ...windows, kind: 'maxPool', dilation }
            : { ...windows, kind: 'pool', countIncludePad: true },
        );
      }
    }
  }

  /** Vectors, where one of them is. */
  #alike(from: readonly string[]): string[] {
    const rank = Math.min(...from.map((name) => this.#shapes.get(name)!.length));
    return from.map((name) => this.flat(name, rank));
  }

  #conv(step: ConvStep, bits: number): void {
    const { name, from, shape, window, stride, padding, dilation, groups, weight, bias } = step;
    const [filters] = shape;
    const source = this.#shapes.get(from[0]!)!;
    const unit = this.#units.get(name)!;
    const [per] = this.#units.get(from[0]!)!;
    const scale = Float32Array.from(unit, (one) => per! / one);
    const biasScale = Float32Array.from(unit, (one) => 1 / one);
    const size = weight.length / filters;
    const real = {
      name,
      weights: name,
      bias: { data: Float32Array.from(bias, (one, c) => one * biasScale[c]!), shape: [filters] },
      integers: { bits, weight, bias, scale, biasScale },
    };
    const data = Float32Array.from(weight, (one, i) => one * scale[Math.floor(i / size)]!);
    const [height = 1, width = 1] = source.slice(1);
    if (isWhole(step, [source[0]!, height, width]) && (source.length === 1 || this.isVector(name))) {
      const input = this.flat(from[0]!);
      const linear = { data, shape: [filters, size] };
      return this.#push({ ...real, kind: 'linear', from: [input], shape: [filters], weight: linear });
    }
    const kernels = { data, shape: [filters, size / sizeOf(window), ...window] };
    const windows = { stride, padding, dilation, groups };
    this.#push({ ...real, ...windows, kind: 'conv', from, shape, weight: kernels });
  }

  #sum({ name, from, times, bias }: SumStep): void {
    const unit = this.#units.get(name)!;
    const offset = bias && each(bias.length, (c) => bias[c]! / unit[c]!);
    const names = this.#alike(from);
    const shape = this.#shapes.get(names[0]!)!;
    const gains = names.map((_, term) => {
      const own = times[term];
      const [scale] = this.#units.get(from[term]!)!;
      // what is added as it is, but for its rounding, needs no step
      if (own?.every((one, c) => one === Math.round(unit[c]! / scale!)) ?? true) return undefined;
      return each(own!.length, (c) => (own![c]! * scale!) / unit[c]!);
    });
    const moved =
      offset === undefined
        ? -1
        : Math.max(
            0,
            gains.findIndex((gain) => gain !== undefined),
          );
    const terms = names.map((term, i) => {
      const gain = gains[i];
      if (gain === undefined && i !== moved) return term;
      const [zero, one] = [new Float64Array(unit.length), new Float64Array(unit.length).fill(1)];
      const own = names.length === 1 ? name : `${name}_term_${i}`;
      const line = { gain: gain ?? one, offset: i === moved ? offset! : zero };
      this.#push({ kind: 'norm', name: own, weights: own, from: [term], shape, ...line });
      return own;
    });
    // a sum of one is itself
    if (terms.length > 1 || terms[0] !== name) this.#push({ kind: 'sum', name, from: terms, shape });
  }

  #neuron({ name, from, keep, offset, limit, drop, soft }: NeuronStep): void {
    const unit = this.#units.get(from[0]!)!;
    const own = limit === undefined ? this.#units.get(name)! : unit;
    const learned = new Map([['rest', each(unit.length, (c) => offset[c]! / own[c]!)]]);
    if (limit === undefined)
      learned.set(
        'drive',
        each(unit.length, (c) => unit[c]! / own[c]!),
      );
    else {
      learned.set(
        'threshold',
        each(unit.length, (c) => (limit[c]! + 0.5) / unit[c]!),
      );
      learned.set(
        'drop',
        each(unit.length, (c) => drop[c]! / unit[c]!),
      );
    }
    const model = modelOf(keep / 32768, limit === undefined ? 'never' : soft ? 'soft' : 'hard');
    this.#push({ kind: 'equations', name, from, shape: this.#shapes.get(from[0]!)!, model, learned });
  }
}

/** What one is in integers, of a value that leaves. */
function outputUnit({ outputs }: IntegerPlan, name: string): Float64Array | undefined {
  const found = outputs.find((output) => output.name === name);
  return found && Float64Array.from(found.unit, (worth) => 1 / worth);
}

/** H = keep·V + x + rest, with a threshold and a reset for each channel. */
function modelOf(keep: number, resets: 'hard' | 'soft' | 'never'): NeuronModel {
  const own = () => learnable(0, { per: 'channel' });
  if (resets === 'never')
    return neuron('v = keep*v + drive*x + rest', { parameters: { keep, drive: own(), rest: own() } });
  const after = resets === 'soft' ? 'h - drop*spikes' : 'h*(1 - spikes) + drop*spikes';
  return neuron(`h = keep*v + x + rest\nspikes = spike(h - threshold)\nv = ${after}`, {
    parameters: { keep, rest: own(), threshold: own(), drop: own() },
  });
}
