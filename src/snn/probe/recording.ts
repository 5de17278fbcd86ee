// What a probe keeps of single neurons, number by number: X, H, Ĥ, O and V of some neurons of one image, for rasters
// and traces. A call of a layer that starts from V = 0 begins a recording anew; one that goes on (`stateful`)
// lengthens it.

import type { FloatArray } from '../../backends/backend';
import { sizeOf } from '../../backends/shape';
import { noGrad } from '../../core/tape';
import type { Tensor } from '../../core/tensor';
import { select } from '../../ops/layout';
import {
  anObject,
  checkKind,
  either,
  kind,
  listOf,
  numberList,
  type OptionsOf,
  option,
  optionTable,
  whole,
} from '../../options';
import { Lif } from '../lif';
import { levelOf, type NeuronLayer } from '../neuron-layer';
import { neuronOf } from '../options';

/** Which neurons a probe records. */
export interface RecordOptions {
  /**
   * How many neurons of each layer, spread evenly over it, or their numbers in the layer, from 0 in the order of
   * [H,W,C]; a layer leaves out numbers that it does not have. Default 32.
   */
  neurons?: number | readonly number[];
  /** Which image of the batch; a batch without it is left out. Default 0. */
  image?: number;
  /** Time steps that are kept, the last ones of a recording. Default 1000. */
  steps?: number;
}

export const recordOptions = optionTable({
  neurons: option(either(whole({ least: 1 }), listOf(whole({ least: 0 }))), 32),
  image: option(whole({ least: 0 }), 0),
  steps: option(whole({ least: 1 }), 1000),
} satisfies OptionsOf<RecordOptions>);

/** Some neurons of a layer over time. Number [t,i] of each list, row-major, is neuron `neurons[i]` at step t. */
export interface NeuronRecording {
  /** The layer's name in the network. */
  readonly name: string;
  /** Which neurons of the layer. */
  readonly neurons: readonly number[];
  /** T, the time steps that were kept. */
  readonly steps: number;
  /** The firing threshold. */
  readonly vth: number;
  /** O, zeros and ones. */
  readonly spikes: FloatArray;
  /** X, the input currents; this and all below are absent where membranes are not probed. */
  readonly current?: FloatArray;
  /** H, charged. */
  readonly charged?: FloatArray;
  /** Ĥ, rectified. */
  readonly rectified?: FloatArray;
  /** V, what is left for the next step. */
  readonly carried?: FloatArray;
}

const aRecording = kind<Pick<NeuronRecording, 'neurons' | 'steps' | 'spikes'>>(
  "one of a probe's recordings()",
  (value) =>
    anObject.holds(value) &&
    Array.isArray(value.neurons) &&
    numberList.holds(value.spikes) &&
    value.spikes.length === value.neurons.length * Number(value.steps),
);

/** The spikes of a recording one by one, in the order of time: `times[s]` is the step, `neurons[s]` the neuron. */
export function spikeTimes(recording: Pick<NeuronRecording, 'neurons' | 'steps' | 'spikes'>): {
  times: number[];
  neurons: number[];
} {
  checkKind('spikeTimes', 'recording', aRecording, recording);
  const { neurons, steps, spikes } = recording;
  const times: number[] = [];
  const fired: number[] = [];
  for (let t = 0; t < steps; t++) {
    for (const [i, neuron] of neurons.entries()) {
      if (spikes[t * neurons.length + i] === 0) continue;
      times.push(t);
      fired.push(neuron);
    }
  }
  return { times, neurons: fired };
}

/** Numbers of a whole call as a probe reads them, [T,N,...], and the currents of the recorded image, [T,...]. */
interface CallNumbers {
  readonly spikes: FloatArray;
  readonly current?: FloatArray;
  readonly charged?: FloatArray;
  readonly rectified?: FloatArray;
  /** Left out by `Lif`, whose V follows from H and the spikes. */
  readonly carried?: FloatArray;
}

type RecordedQuantity = 'current' | 'spikes' | 'charged' | 'rectified' | 'carried';
type Piece = Partial<Record<RecordedQuantity, FloatArray>> & { readonly steps: number };
/** A call of the layer, whose numbers may still be on their way. */
interface RecordedCall {
  piece?: Piece;
}

/** The recording of one layer. */
export class LayerRecorder {
  #neurons: readonly number[] = [];
  #calls: RecordedCall[] = [];

  constructor(
    readonly name: string,
    private readonly layer: NeuronLayer,
    private readonly options: Required<RecordOptions>,
  ) {}

  /** The input currents of the recorded image, to be read with the rest. */
  currentOf(x: Tensor): Tensor | undefined {
    if (!this.#has(x.shape)) return undefined;
    return x.shape.length < 3 ? x.alias() : noGrad(() => select(x, 1, this.options.image));
  }

  /** Whether a batch has the image. Of [T,N] all N are neurons of one image. */
  #has(shape: readonly number[]): boolean {
    return shape.length < 3 || this.options.image < shape[1]!;
  }

  /** Makes room for a call's numbers, in the order of the calls; they may come later. */
  begin(shape: readonly number[]): (numbers: CallNumbers) => void {
    if (!this.#has(shape)) return () => {};
    const steps = shape[0]!;
    const perImage = sizeOf(shape.slice(shape.length < 3 ? 1 : 2));
    if (!this.layer.continues) this.#calls = [];
    this.#neurons = chosen(this.options.neurons, perImage);
    const call: RecordedCall = {};
    this.#calls.push(call);
    return (numbers) => {
      call.piece = this.#take(numbers, steps, perImage, sizeOf(shape.slice(1)));
      this.#forgetOld();
    };
  }

  #take(
    { spikes, current, charged, rectified, carried }: CallNumbers,
    steps: number,
    perImage: number,
    perStep: number,
  ): Piece {
    const first = perStep === perImage ? 0 : this.options.image * perImage;
    const of = (numbers: FloatArray | undefined, pitch: number, offset: number) => {
      if (numbers === undefined) return undefined;
      const kept = empty(numbers, steps * this.#neurons.length);
      let at = 0;
      for (let t = 0; t < steps; t++)
        for (const neuron of this.#neurons) kept[at++] = numbers[t * pitch + offset + neuron]!;
      return kept;
    };
    const own = of(spikes, perStep, first)!;
    const h = of(charged, perStep, first);
    return {
      steps,
      current: of(current, perImage, 0),
      spikes: own,
      charged: h,
      rectified: of(rectified, perStep, first),
      carried: of(carried, perStep, first) ?? (h && this.#carried(h, own)),
    };
  }

  /** V[t] = H[t](1 - O[t]) + vReset·O[t] (hard) or H[t] - vth·O[t] (soft). */
  #carried(charged: FloatArray, spikes: FloatArray): FloatArray | undefined {
    if (!(this.layer instanceof Lif)) return undefined;
    const { reset, vReset, vth } = neuronOf('probe', this.layer.options);
    return charged.map((h, i) => (spikes[i] === 0 ? h : reset === 'hard' ? vReset : h - vth));
  }

  /** Pieces that lie wholly before the last steps, which are kept. */
  #forgetOld(): void {
    let later = this.#calls.reduce((sum, { piece }) => sum + (piece?.steps ?? 0), 0);
    for (;;) {
      const first = this.#calls[0]?.piece;
      if (first === undefined || later - first.steps < this.options.steps) return;
      later -= first.steps;
      this.#calls.shift();
    }
  }

  /** Undefined where nothing ran, or none of the neurons is the layer's. */
  recording(): NeuronRecording | undefined {
    const pieces = this.#calls.flatMap(({ piece }) => piece ?? []);
    const count = this.#neurons.length;
    const all = pieces.reduce((sum, piece) => sum + piece.steps, 0);
    if (all === 0 || count === 0) return undefined;
    const steps = Math.min(all, this.options.steps);
    const join = (quantity: RecordedQuantity) => {
      const parts = pieces.flatMap((piece) => piece[quantity] ?? []);
      if (parts.length < pieces.length) return undefined;
      const whole = empty(parts[0]!, all * count);
      let at = 0;
      for (const part of parts) {
        whole.set(part, at);
        at += part.length;
      }
      return whole.slice((all - steps) * count);
    };
    const vth = levelOf(this.layer instanceof Lif ? this.layer.options : this.layer.model);
    const membranes = {
      current: join('current'),
      charged: join('charged'),
      rectified: join('rectified'),
      carried: join('carried'),
    };
    return {
      name: this.name,
      neurons: this.#neurons,
      steps,
      vth,
      spikes: join('spikes')!,
      ...(membranes.charged !== undefined && membranes),
    };
  }
}

/** The neurons to record of so many. */
function chosen(wanted: number | readonly number[], of: number): readonly number[] {
  if (typeof wanted !== 'number') return wanted.filter((neuron) => neuron < of);
  const count = Math.min(wanted, of);
  return Array.from({ length: count }, (_, i) => Math.floor((i * of) / count));
}

/** Room for numbers as exact as the given ones. */
function empty(like: FloatArray, length: number): FloatArray {
  return like instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}
