// How large the gradient is at the spikes of each neuron layer, and what becomes of it on the way through one
// convolution to the spikes before: seen in one forward and backward of a training step, for whatever network of such
// layers there is.

import { scope } from '../../core/scope';
import { type Gradient, noGrad, type TapeEntry, type TapeWatch } from '../../core/tape';
import type { Tensor } from '../../core/tensor';
import { Conv2d } from '../../nn/conv';
import { Linear } from '../../nn/layers';
import type { Module } from '../../nn/module';
import { mul } from '../../ops/arithmetic';
import { mean, sum } from '../../ops/reduce';
import { lifLayers } from '../../snn/neuron-layer';
import { TdBatchNorm, tdbnOptions } from '../../snn/tdbn';

/** The way of a gradient from the spikes behind a convolution or linear layer to its input. */
export interface GradientPath {
  /** The layer with weights. */
  readonly name: string;
  /** The neuron layer that its output goes into. */
  readonly behind: string;
  /** The neuron layer whose spikes it reads; undefined for one that reads images. */
  readonly before: string | undefined;
  /** Spikes that one value of its input is the mean of: 1 without pooling, 4 behind 2 x 2. */
  readonly pooled: number;
  /** α·vth·√(mean λ²) of its tdBN: the standard deviation of what comes out of it; undefined without one. */
  readonly scale: number | undefined;
  /** ‖gradient of its input, through it alone‖ / ‖gradient of the spikes behind‖; undefined where there is none. */
  readonly gain: number | undefined;
}

/** The spikes of a neuron layer, over all images and time steps. */
export interface SpikeGradient {
  readonly name: string;
  /** Share of neuron-steps that spike. */
  readonly rate: number;
  /** ‖∂L/∂O‖₂. */
  readonly norm: number;
  /** Neuron layers whose spikes are added to its current as they are. */
  readonly shortcuts: readonly string[];
}

export interface SpikeGradients {
  /** In the order in which they ran. */
  readonly neurons: readonly SpikeGradient[];
  readonly paths: readonly GradientPath[];
}

/** Where a value comes from, up to the last layer of weights or neurons. */
type Source =
  | { readonly spikes: string; readonly size: number }
  | { readonly weights: string; scale?: Promise<number> };

interface WeightLayer {
  readonly sources: readonly Source[];
  readonly inputs: number;
  squares: Tensor | undefined;
}

interface WatchedLayer {
  readonly sources: readonly Source[];
  readonly rate: Tensor;
  squares: Tensor | undefined;
}

const squaresOf = (x: Tensor): Tensor => noGrad(() => scope(() => sum(mul(x, x)))).keep();

/** α·vth·√(mean λ²). λ is read as it is now: the step that is watched does not change it. */
async function scaleOf(norm: TdBatchNorm): Promise<number> {
  const { vth, alpha } = tdbnOptions.read('TdBatchNorm', norm.options);
  const weights = Array.from(await norm.weight.data());
  return alpha * vth * Math.sqrt(weights.reduce((total, w) => total + w * w, 0) / weights.length);
}

/** A {@link TapeWatch} of one training step of a network. */
export class SpikeGradientWatch implements TapeWatch {
  readonly #sources = new Map<Tensor, readonly Source[]>();
  /** What made a tensor, and what has read it last. */
  readonly #makers = new Map<Tensor, TapeEntry>();
  readonly #readers = new Map<Tensor, { readonly entry: TapeEntry; readonly input: number }>();
  readonly #weights = new Map<string, WeightLayer>();
  readonly #neurons = new Map<string, WatchedLayer>();
  /** What is measured when the backward of an entry has run. */
  readonly #looks = new Map<
    TapeEntry,
    (incoming: readonly Gradient[], outgoing: readonly Gradient[]) => void
  >();
  readonly #hooks: (() => void)[];

  constructor(network: Module) {
    const neurons = new Map<Module, string>(lifLayers(network).map(([name, layer]) => [layer, name]));
    this.#hooks = [...network.modules()].flatMap(([name, module]) => {
      if (neurons.has(module)) return [module.onForward((x, y) => this.#sawNeurons(name, x, y))];
      if (module instanceof Conv2d || module instanceof Linear)
        return [module.onForward((x, y) => this.#sawWeights(name, x, y))];
      if (module instanceof TdBatchNorm) return [module.onForward((x, y) => this.#sawNorm(module, x, y))];
      return [];
    });
  }

  forward(
    _name: string,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    entry: TapeEntry | undefined,
  ): void {
    const sources = [...new Set(inputs.flatMap((input) => this.#sources.get(input) ?? []))];
    for (const output of outputs) {
      this.#sources.set(output, sources);
      if (entry !== undefined) this.#makers.set(output, entry);
    }
    if (entry !== undefined)
      for (const [i, input] of inputs.entries()) this.#readers.set(input, { entry, input: i });
  }

  backward(entry: TapeEntry, incoming: readonly Gradient[], outgoing: readonly Gradient[]): void {
    this.#looks.get(entry)?.(incoming, outgoing);
  }

  #sawNeurons(name: string, x: Tensor, y: Tensor): void {
    const layer: WatchedLayer = {
      sources: this.#sources.get(x) ?? [],
      rate: noGrad(() => scope(() => mean(y))).keep(),
      squares: undefined,
    };
    this.#neurons.set(name, layer);
    this.#sources.set(y, [{ spikes: name, size: y.size }]);
    this.#whenBack(this.#makers.get(y), (incoming) => {
      if (incoming[0]) layer.squares = squaresOf(incoming[0]);
    });
  }

  #sawWeights(name: string, x: Tensor, y: Tensor): void {
    const layer: WeightLayer = {
      sources: this.#sources.get(x) ?? [],
      inputs: x.size,
      squares: undefined,
    };
    this.#weights.set(name, layer);
    this.#sources.set(y, [{ weights: name }]);
    const reader = this.#readers.get(x); // the layer has just run: its operator is the last that read x
    this.#whenBack(reader?.entry, (_, outgoing) => {
      const gradient = outgoing[reader!.input];
      if (gradient) layer.squares = squaresOf(gradient);
    });
  }

  #sawNorm(norm: TdBatchNorm, x: Tensor, y: Tensor): void {
    const scale = scaleOf(norm);
    scale.catch(() => {}); // told by report()
    const sources = this.#sources.get(x) ?? [];
    this.#sources.set(
      y,
      sources.map((source) => ('weights' in source ? { ...source, scale } : source)),
    );
  }

  #whenBack(
    entry: TapeEntry | undefined,
    look: (incoming: readonly Gradient[], outgoing: readonly Gradient[]) => void,
  ): void {
    if (entry !== undefined) this.#looks.set(entry, look);
  }

  /** What was seen. To be asked once, after the backward. */
  async report(): Promise<SpikeGradients> {
    const read = async (x: Tensor | undefined) => (x === undefined ? undefined : await x.item());
    const neurons: SpikeGradient[] = [];
    const paths: GradientPath[] = [];
    for (const [name, { sources, rate, squares }] of this.#neurons) {
      const norm = Math.sqrt((await read(squares)) ?? 0);
      const shortcuts = sources.flatMap((source) => ('spikes' in source ? [source.spikes] : []));
      neurons.push({ name, rate: await rate.item(), norm, shortcuts });
      for (const source of sources) {
        if ('spikes' in source) continue;
        const layer = this.#weights.get(source.weights)!;
        const before = layer.sources.find((from) => 'spikes' in from);
        const passed = await read(layer.squares);
        paths.push({
          name: source.weights,
          behind: name,
          before: before?.spikes,
          pooled: before === undefined ? 1 : before.size / layer.inputs,
          scale: await source.scale,
          gain: passed === undefined || norm === 0 ? undefined : Math.sqrt(passed) / norm,
        });
      }
    }
    return { neurons, paths };
  }

  /** Takes the hooks off the network. */
  detach(): void {
    for (const remove of this.#hooks.splice(0)) remove();
  }

  /** Frees what was kept, too. */
  dispose(): void {
    this.detach();
    for (const { squares } of this.#weights.values()) squares?.dispose();
    for (const { squares, rate } of this.#neurons.values()) {
      squares?.dispose();
      rate.dispose();
    }
  }
}
