// What a trained network computes at inference, as a flat list of steps for exporters: convolutions and linear layers
// with tdBN folded in, neurons, pools, sums. PyTorch's layouts, channels first. Neither NIR nor ONNX, but what both
// are written from.

import type { Shape } from '../../backends/shape';
import type { Sides } from '../../backends/windows';
import type { NeuronModel } from '../../neurons';
import type { NeuronDescription } from '../../nn/description';
import type { ArrayWithShape } from '../layout';

interface StepBase {
  readonly name: string;
  /** Names of the steps it takes its input from; the network's input is `input`. */
  readonly from: readonly string[];
  /** What it gives at one time step for one image, [C,H,W] or [N]. */
  readonly shape: Shape;
}

/** Of a step with weights, which of them they are: two steps of one name share them. */
interface StepWeights {
  readonly weights: string;
}

/** Integers that the weights are multiples of, by output: weight = integer·scale, bias = integer·biasScale. */
export interface IntegerWeights {
  /** Of a weight, with its sign. */
  readonly bits: number;
  readonly weight: Int16Array;
  readonly bias: Int32Array;
  readonly scale: Float32Array;
  readonly biasScale: Float32Array;
}

/** The windows of a pool. */
interface StepWindows {
  readonly window: Sides;
  readonly stride: Sides;
  readonly padding: Sides;
  /** By how many pixels the last windows stick out behind the far padding. */
  readonly beyond: Sides;
}

/** What of a neuron decides its spikes: the rest only shapes gradients. */
export type InferenceNeuron = Pick<NeuronDescription, 'dynamics' | 'tau' | 'vth' | 'vReset' | 'reset'>;

export type InferenceStep = StepBase &
  (
    | (StepWeights & {
        readonly kind: 'conv';
        /** OIHW, I the channels of a group. */
        readonly weight: ArrayWithShape;
        readonly bias: ArrayWithShape;
        readonly integers?: IntegerWeights;
        readonly stride: Sides;
        readonly padding: Sides;
        readonly dilation: Sides;
        readonly groups: number;
      })
    | (StepWeights & {
        readonly kind: 'convTranspose';
        /** IOHW, O the filters of a group. */
        readonly weight: ArrayWithShape;
        readonly bias: ArrayWithShape;
        readonly stride: Sides;
        readonly padding: Sides;
        readonly outputPadding: Sides;
        readonly dilation: Sides;
        readonly groups: number;
      })
    | (StepWeights & {
        readonly kind: 'linear';
        /** [out,in]. */
        readonly weight: ArrayWithShape;
        readonly bias: ArrayWithShape;
        readonly integers?: IntegerWeights;
      })
    /** gain·x + offset for each channel, the first axis. */
    | (StepWeights & { readonly kind: 'norm'; readonly gain: Float64Array; readonly offset: Float64Array })
    | { readonly kind: 'neuron'; readonly neuron: InferenceNeuron }
    /** A neuron by its equations, with the values of its learnable parameters, one or one a channel. */
    | {
        readonly kind: 'equations';
        readonly model: NeuronModel;
        readonly learned: ReadonlyMap<string, Float64Array>;
        /** A linear map through which its output comes back as input one step later: [out,in], and its name. */
        readonly feedback?: {
          readonly name: string;
          readonly weight: ArrayWithShape;
          readonly bias: ArrayWithShape;
        };
      }
    /** Whole time steps for which values wait, one number for all or one for each channel. */
    | { readonly kind: 'delay'; readonly delay: readonly number[] }
    | (StepWindows & {
        readonly kind: 'pool';
        /** Whether the padding is averaged too. */
        readonly countIncludePad: boolean;
      })
    | (StepWindows & { readonly kind: 'maxPool'; readonly dilation: Sides })
    /** Of queries, keys and values [3·C,H,W], each head by itself: scale·q·(kᵀ·v) over the pixels. */
    | { readonly kind: 'attention'; readonly heads: number; readonly scale: number }
    | { readonly kind: 'relu' }
    /** Of [C,H,W] in that order. */
    | { readonly kind: 'flatten' }
    | { readonly kind: 'sum' }
    /** first·second, or first·(1 - second). */
    | { readonly kind: 'and' }
    | { readonly kind: 'iand' }
  );

export interface InferenceGraph {
  /** One image, [C,H,W], or one vector, [N]. */
  readonly inputShape: Shape;
  /** Each behind those that it takes its input from. */
  readonly steps: readonly InferenceStep[];
  /** The step whose values leave. */
  readonly output: string;
  /** What it gives at one time step for one image, [C,H,W] or [N]. */
  readonly outputShape: Shape;
  /** Whether the network gives the mean of its output over time. */
  readonly timeMean: boolean;
  /** By the path of each layer, the step whose values it gives; of some the step of a layer before it. */
  readonly places: ReadonlyMap<string, string>;
  /** Layers that have no step, where such are let through: what they would be called, and why. */
  readonly others: ReadonlyMap<string, string>;
}

/** The name under which the network's input is known. */
export const INPUT = 'input';

/** A value on its way through the network. */
export interface Output {
  readonly from: string;
  /** [C,H,W] or [N]. */
  readonly shape: Shape;
  /** The image [C,H,W] that a vector was made of: here it lies as [H,W,C], in files as [C,H,W]. */
  readonly image?: Shape;
}

/** What every step begins with. */
export type Base = Pick<InferenceStep, 'name' | 'from'>;
