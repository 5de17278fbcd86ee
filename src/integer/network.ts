// A network whose layers compute in integers, wherever they can. A module like any other: it evaluates, predicts and is
// saved. What is between parts of integers runs as it was, layer by layer.

import type { IntegerRunner, PlanInput, PlanOutput } from '../backends/integer';
import { formatShape, type Shape, sizeOf } from '../backends/shape';
import { tensor } from '../core/create';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import type { Tensor } from '../core/tensor';
import { check } from '../errors';
import type { HasInference, OwnInference } from '../interop/inference/own';
import { INPUT, type LayerDescription, type NetworkDescription } from '../nn/description';
import { Module } from '../nn/module';
import { add, mul, sub } from '../ops/arithmetic';
import { reshape } from '../ops/layout';
import { mean } from '../ops/reduce';
import type { Planned } from './plan';
import { type CompiledReport, reportOf } from './report';

/** A part of integers with what runs it. */
export interface RunningPart {
  readonly planned: Planned;
  readonly runner: IntegerRunner;
}

/** What stays as it was: the network, and where each of its layers stands. */
export interface RealLayers {
  readonly network: Module;
  readonly description: NetworkDescription;
  /** By path, the step whose values a layer gives. */
  readonly places: ReadonlyMap<string, string>;
}

/** What a compiled network is made of. */
export interface CompiledParts {
  readonly parts: readonly RunningPart[];
  /** By step, why it is none of integers. */
  readonly reasons: ReadonlyMap<string, string>;
  /** One image [H,W,C], or one vector [N]. */
  readonly inputShape: Shape;
  /** What it gives for one image at one time step: [N], or [H,W,C]. */
  readonly outputShape: Shape;
  /** T of images; undefined where sequences go in. */
  readonly timesteps: number | undefined;
  /** Whether it gives the mean over time. */
  readonly timeMean: boolean;
  /** Undefined where all is integer, which needs nothing else. */
  readonly real: RealLayers | undefined;
}

const WHERE = 'compiled network';

/** What {@link compile} makes. */
export class CompiledNetwork extends Module implements HasInference {
  readonly #own: CompiledParts;

  constructor(own: CompiledParts) {
    super();
    this.#own = own;
    this.evaluate();
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  /** What a file is made of. */
  get parts(): CompiledParts {
    return this.#own;
  }

  /** What exporters write. */
  get inference(): OwnInference {
    const own = this.#own;
    const graph = async (where: string) => (await import('./as-graph')).compiledGraph(where, own);
    return { inputShape: own.inputShape, timesteps: own.timesteps, graph };
  }

  /** Share of values that are spikes, by neuron of integers, for what `call` takes. */
  firingRates(x: Tensor): ReadonlyMap<string, number> {
    const rates = new Map<string, number>();
    this.#run(x, rates).dispose();
    return rates;
  }

  /** Which layers are integers, and with what bits, units, ranges and memory; which are not, and why. */
  report(): CompiledReport {
    return reportOf(this.#own);
  }

  /**
   * Without gradients.
   * @param x images [N,...] of the shape that it was compiled for, or sequences [T,N,...] where it was for those
   * @returns what the network gives, of the same numbers on every machine where all of it is integer
   */
  forward(x: Tensor): Tensor {
    return this.#run(x);
  }

  #run(x: Tensor, rates?: Map<string, number>): Tensor {
    const { inputShape, timesteps } = this.#own;
    const lead = x.shape.length - inputShape.length;
    const wanted = timesteps === undefined ? 2 : 1;
    check(
      lead === wanted && inputShape.every((length, i) => x.shape[lead + i] === length),
      WHERE,
      () =>
        `takes ${timesteps === undefined ? 'sequences [T,N,' : 'images [N,'}${inputShape}], got ${formatShape(x.shape)}${lead === 3 - wanted ? '; compile it for the other with or without { timesteps }' : ''}`,
    );
    check(
      x.backend.synchronous,
      WHERE,
      () => `runs on backends that can be read at once, wasm or cpu, not on ${x.backend.name}`,
    );
    return noGrad(() => scope(() => new Call(this.#own, x, rates).output()));
  }

  /** Frees what runs it. */
  override dispose(): void {
    for (const { runner } of this.#own.parts) runner.dispose();
    super.dispose();
  }
}

/** Values of one call, computed when they are asked for. */
class Call {
  readonly #integers = new Map<
    string,
    { data: Int32Array; output: PlanOutput; shape: Shape; still: boolean }
  >();
  readonly #tensors = new Map<string, Tensor>();
  readonly #images: number;
  readonly #timesteps: number;
  #next = 0;

  constructor(
    readonly own: CompiledParts,
    readonly x: Tensor,
    readonly rates: Map<string, number> | undefined,
  ) {
    this.#timesteps = own.timesteps ?? x.shape[0]!;
    this.#images = x.shape[own.timesteps === undefined ? 1 : 0]!;
    this.#tensors.set(INPUT, x);
  }

  output(): Tensor {
    const { real, parts } = this.own;
    if (real !== undefined) return this.#real(real, real.description.output);
    this.#run(parts[0]!);
    const [output] = parts[0]!.planned.plan.outputs;
    return this.#asTensor(output!.name);
  }

  #run({ planned, runner }: RunningPart): void {
    const { plan, timesteps } = planned;
    const [images, steps] = [this.#images, this.#timesteps];
    check(
      steps <= timesteps,
      WHERE,
      () =>
        `its integers are proved for up to ${timesteps} time steps, got ${steps}: compile it with { timesteps: ${steps} }`,
    );
    const values = plan.inputs.map((input) => this.#given(input));
    const { rates } = this;
    const found = runner.run(values, images, steps, rates && ((name, rate) => void rates.set(name, rate)));
    plan.outputs.forEach((output, i) => {
      const step = [...plan.inputs, ...plan.steps].find(({ name }) => name === output.name)!;
      this.#integers.set(output.name, { data: found[i]!, output, shape: step.shape, still: step.still });
    });
  }

  /** Numbers [T,N,H,W,C] of what a part takes. */
  #given({ name }: PlanInput): Float32Array {
    const { real } = this.own;
    const known = this.#integers.get(name);
    if (known !== undefined) return this.#numbers(name);
    const path = real && [...real.places].find(([, step]) => step === name)?.[0];
    const value = name === INPUT || path === undefined ? this.x : this.#real(real!, path);
    const data = value.dataSync();
    return data instanceof Float32Array ? data : Float32Array.from(data);
  }

  /** A value of integers as real numbers, channels last. */
  #numbers(name: string): Float32Array<ArrayBuffer> {
    const { data, output, shape, still } = this.#integers.get(name)!;
    const [channels, height, width] = shape as [number, number, number];
    const area = height * width;
    const size = sizeOf(shape);
    const out = new Float32Array(data.length);
    const over = output.overTime && !still ? this.#timesteps : 1;
    // one product in double precision and one rounding to single: the same wherever it is done
    const worth = output.unit.map((unit) => unit / over);
    for (let from = 0; from < data.length; from += size)
      for (let c = 0; c < channels; c++)
        for (let pixel = 0; pixel < area; pixel++)
          out[from + pixel * channels + c] = data[from + c * area + pixel]! * worth[c]!;
    return out;
  }

  #asTensor(name: string, shape?: Shape): Tensor {
    const { output, still } = this.#integers.get(name)!;
    const own = shape ?? this.own.outputShape;
    const time = still || output.overTime ? [] : [this.#timesteps];
    return tensor(this.#numbers(name), [...time, this.#images, ...own], { backend: this.x.backend });
  }

  /** What a layer gives, as real numbers. */
  #real(real: RealLayers, path: string): Tensor {
    const known = this.#tensors.get(path);
    if (known !== undefined) return known;
    const layer = real.description.layers.find((one) => one.path === path)!;
    const made = this.#fromIntegers(real, layer) ?? this.#byLayer(real, layer);
    this.#tensors.set(path, made);
    return made;
  }

  /** Runs parts until there is the value of this layer; undefined where none has it. */
  #fromIntegers({ places }: RealLayers, layer: LayerDescription): Tensor | undefined {
    if (PASSING.has(layer.kind)) return undefined;
    const name = places.get(layer.path)!;
    const { parts } = this.own;
    if (!parts.some(({ planned }) => planned.plan.outputs.some((output) => output.name === name)))
      return undefined;
    while (!this.#integers.has(name)) this.#run(parts[this.#next++]!);
    const made = this.#asTensor(name, layer.outputShape);
    // what stands behind a mean over time is computed at each step, which is the same for what is linear
    const isMean = layer.timesteps === undefined && !this.#integers.get(name)!.still;
    return isMean ? mean(made, 0) : made;
  }

  #byLayer(real: RealLayers, layer: LayerDescription): Tensor {
    const inputs = layer.from.map((path) => this.#real(real, path));
    if (layer.kind === 'sum') return inputs.slice(1).reduce((all, one) => add(all, one), inputs[0]!);
    if (layer.kind === 'and') return mul(inputs[0]!, inputs[1]!);
    if (layer.kind === 'iand') return mul(inputs[0]!, sub(1, inputs[1]!));
    const module = new Map(real.network.modules()).get(layer.layer)!;
    const y = module.call(inputs[0]!);
    return y === inputs[0] ? reshape(y, y.shape) : y;
  }
}

/** Layers that pass values on, which no step stands for. */
const PASSING: ReadonlySet<LayerDescription['kind']> = new Set(['repeat', 'timeMean', 'dropout', 'flatten']);
