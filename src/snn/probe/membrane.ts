// What a probe keeps of one LIF layer: spikes by time step, the distribution of its membranes, and how far these lie
// from the spikes that they become.

import type { FloatArray } from '../../backends/backend';
import type { Tensor } from '../../core/tensor';
import { fires } from '../../neurons';
import { finite, type OptionsOf, optionTable, required, whole } from '../../options';
import { Lif } from '../lif';
import { type NeuronLayer, potentialsOf } from '../neuron-layer';
import type { LayerRecorder, NeuronRecording } from './recording';
import type { LayerFiring } from './warnings';

/** Bins of the membrane histogram. */
export interface HistogramOptions {
  /** Where the first bin begins. */
  readonly low: number;
  /** Where the last bin ends. */
  readonly high: number;
  /** How many there are, all equally wide. */
  readonly bins: number;
}

export const histogramOptions = optionTable({
  low: required(finite()),
  high: required(finite()),
  bins: required(whole({ least: 1 })),
} satisfies OptionsOf<HistogramOptions>);

/**
 * Average quantization error (Guo et al., 2022, eq. 7) of a membrane against its spike: the mean distance |Ĥ - O| and
 * the mean squared one (Ĥ - O)². Both are given, since literature uses both.
 */
export interface QuantizationError {
  readonly absolute: number;
  readonly squared: number;
}

/** Firing rates and membrane potentials of one LIF layer. */
export interface LayerReport {
  /** The layer's name in the network. */
  readonly name: string;
  /** Neurons of one image. */
  readonly neurons: number;
  /** Share of neurons that fire, over all images and time steps. */
  readonly rate: number;
  readonly ratePerStep: number[];
  /** Before and after rectification; absent when membranes are not probed. */
  readonly quantization?: { readonly before: QuantizationError; readonly after: QuantizationError };
  /** Counts of H and Ĥ by bin; what lies outside is counted in the outermost bins. */
  readonly membrane?: { readonly edges: number[]; readonly before: number[]; readonly after: number[] };
}

/** Sums of |u - o| and (u - o)² and a histogram of u. */
class MembraneSums {
  absolute = 0;
  squared = 0;
  readonly counts: Float64Array;

  constructor(private readonly histogram: HistogramOptions) {
    this.counts = new Float64Array(histogram.bins);
  }

  add(potentials: ArrayLike<number>, spikes: ArrayLike<number>): void {
    const { low, high, bins } = this.histogram;
    const scale = bins / (high - low);
    for (let i = 0; i < potentials.length; i++) {
      const u = potentials[i]!;
      const distance = Math.abs(u - spikes[i]!);
      this.absolute += distance;
      this.squared += distance * distance;
      this.counts[Math.min(bins - 1, Math.max(0, Math.floor((u - low) * scale)))]!++;
    }
  }

  error(values: number): QuantizationError {
    return { absolute: this.absolute / values, squared: this.squared / values };
  }
}

/** The running sums of one layer. */
export class MembraneProbe {
  #spikesPerStep: number[] = [];
  #values = 0;
  #neurons = 0;
  readonly #before: MembraneSums;
  readonly #after: MembraneSums;

  constructor(
    readonly name: string,
    private readonly layer: NeuronLayer,
    private readonly histogram: HistogramOptions,
    private readonly membranes: boolean,
    private readonly recorder: LayerRecorder,
  ) {
    this.#before = new MembraneSums(histogram);
    this.#after = new MembraneSums(histogram);
  }

  /**
   * Looks at one forward pass: input currents and spikes, both [T,N,...]. The tensors may go as soon as this has
   * returned; what it saw counts when the promise is kept.
   */
  look(input: Tensor, output: Tensor): Promise<void> {
    const [steps, batch = 1] = output.shape as [number, number?];
    const trace = this.membranes ? potentialsOf(this.layer, input) : undefined;
    const current = this.membranes ? this.recorder.currentOf(input) : undefined;
    const record = this.recorder.begin(output.shape);
    const carriedOf = this.layer instanceof Lif ? undefined : trace?.carried;
    const parts = [output, current, trace?.charged, trace?.rectified, carriedOf];
    const count = ([spikes, currents, charged, rectified, carried]: (FloatArray | undefined)[]) => {
      record({ spikes: spikes!, current: currents, charged, rectified, carried });
      this.#count(spikes!, steps, batch);
      if (charged !== undefined) this.#before.add(charged, spikes!);
      if (rectified !== undefined) this.#after.add(rectified, spikes!);
    };
    // numbers of all layers at once would take many times the room of one: they are counted at once where that can be
    const done = output.backend.synchronous
      ? Promise.resolve(count(parts.map((part) => part?.dataSync())))
      : Promise.all(parts.map((part) => part?.data())).then(count);
    for (const part of [current, ...(Object.values(trace ?? {}) as Tensor[])]) part?.dispose();
    return done;
  }

  #count(spikes: ArrayLike<number>, steps: number, batch: number): void {
    const perStep = spikes.length / steps;
    this.#neurons = perStep / batch;
    this.#values += spikes.length;
    for (let t = 0; t < steps; t++) {
      let fired = 0;
      for (let i = t * perStep; i < (t + 1) * perStep; i++) fired += Math.abs(spikes[i]!); // some have signs
      this.#spikesPerStep[t] = (this.#spikesPerStep[t] ?? 0) + fired;
    }
  }

  /** Whether there is a rate to tell: something ran, and the layer is no read-out. */
  get #hasRate(): boolean {
    return this.#values > 0 && (this.layer instanceof Lif || fires(this.layer.model));
  }

  /** Undefined where nothing ran, and of read-outs. */
  firing(): LayerFiring | undefined {
    if (!this.#hasRate) return undefined;
    const fired = this.#spikesPerStep.reduce((sum, spikes) => sum + spikes, 0);
    return { name: this.name, fired, neuronSteps: this.#values };
  }

  recording(): NeuronRecording | undefined {
    return this.recorder.recording();
  }

  report(): LayerReport | undefined {
    if (!this.#hasRate) return undefined;
    const steps = this.#spikesPerStep.length;
    const { low, high, bins } = this.histogram;
    const total = this.#spikesPerStep.reduce((sum, fired) => sum + fired, 0);
    return {
      name: this.name,
      neurons: this.#neurons,
      rate: total / this.#values,
      ratePerStep: this.#spikesPerStep.map((fired) => (fired * steps) / this.#values),
      ...(this.membranes && {
        quantization: { before: this.#before.error(this.#values), after: this.#after.error(this.#values) },
        membrane: {
          edges: Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins),
          before: Array.from(this.#before.counts),
          after: Array.from(this.#after.counts),
        },
      }),
    };
  }
}
