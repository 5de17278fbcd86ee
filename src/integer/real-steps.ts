// The steps of a plan in real numbers, for exporters: weights as multiples of a scale for each output, with the
// integers beside them. Thresholds lie half a unit below the integer that fires, so that neither `>` for `>=` nor sums
// of floats change a spike.

import type { ConvStep, IntegerPlan, NeuronStep, PlanInput, PlanStep, SumStep } from '../backends/integer';
import { type Shape, sizeOf } from '../backends/shape';
import { check } from '../errors';
import type { InferenceStep } from '../interop/inference/graph';
import { type NeuronModel, neuron } from '../neurons';
import { learnable } from '../neurons/learnable';
import { isWhole } from './images';
import type { Planned } from './plan';

const each = (length: number, of: (c: number) => number) => Float64Array.from({ length }, (_, c) => of(c));

export class RealSteps {
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
        this.#conv(step, planned.weightBits.get(step.name)!);
        break;
      case 'sum':
        this.#sum(step);
        break;
      case 'and':
      case 'iand': {
        const { name, op: kind } = step;
        const from = this.#alike(step.from);
        this.#push({ kind, name, from, shape: this.#shapes.get(from[0]!)! });
        break;
      }
      case 'neuron':
        this.#neuron(step);
        break;
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
      this.#push({ ...real, kind: 'linear', from: [input], shape: [filters], weight: linear });
      return;
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
