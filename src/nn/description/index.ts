// What a network is made of, as data: the layers that a value meets, in order, and what each takes its values from.
// From it come summaries, probes, inspection and the exports. A new layer adds its kind here; exporters then say what
// they make of it.

import type { Shape } from '../../backends/shape';
import type { PerAxis } from '../../ops/sides';

/** A function of a membrane, such as a rectifier or a surrogate, by its name and its constants. */
export interface FunctionDescription {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/** The equations and constants of a spiking neuron; see `LifOptions`. */
export interface NeuronDescription {
  readonly dynamics: 'leak' | 'paper';
  readonly tau: number;
  readonly vth: number;
  readonly vReset: number;
  readonly reset: 'hard' | 'soft';
  readonly detachReset: boolean;
  readonly rectifier: FunctionDescription | null;
  readonly surrogate: FunctionDescription;
  /** Whether V is carried from one call to the next. */
  readonly stateful: boolean;
  /**
   * Whether the neuron fires as it would without its rectifier: there is none, or it is MPR centred on the threshold.
   */
  readonly keepsSpikes: boolean;
}

/** What a layer computes, with its constants. Its tensors stand in the network's state under its name. */
export type LayerKind =
  | {
      /** `weight` [kernel,kernel,channels/groups,filters], with `bias` [filters] where it says so. */
      readonly kind: 'conv';
      readonly kernel: PerAxis;
      readonly channels: number;
      readonly filters: number;
      readonly stride: PerAxis;
      readonly padding: PerAxis;
      readonly dilation: PerAxis;
      readonly groups: number;
      readonly bias: boolean;
    }
  | {
      /** `weight` [kernel,kernel,filters/groups,channels], with `bias` [filters] where it says so. */
      readonly kind: 'convTranspose';
      readonly kernel: PerAxis;
      readonly channels: number;
      readonly filters: number;
      readonly stride: PerAxis;
      readonly padding: PerAxis;
      readonly outputPadding: PerAxis;
      readonly dilation: PerAxis;
      readonly groups: number;
      readonly bias: boolean;
    }
  /** `weight` [inputs,outputs], with `bias` [outputs] where it says so. */
  | { readonly kind: 'linear'; readonly inputs: number; readonly outputs: number; readonly bias: boolean }
  /** scale·weight·(x - running_mean)/√(running_var + epsilon) + bias, per channel. */
  | { readonly kind: 'norm'; readonly channels: number; readonly scale: number; readonly epsilon: number }
  | { readonly kind: 'neuron'; readonly neuron: NeuronDescription }
  /**
   * Neurons by equations: their text where there is one, what comes out, whether that comes back as input, and whether
   * it is made of spikes, which may have signs or sizes.
   */
  | {
      readonly kind: 'equations';
      readonly equations: string | null;
      readonly outputs: readonly string[];
      readonly recurrent: boolean;
      readonly ofSpikes: boolean;
    }
  /** Each value waits for so many steps, one number for all or one a channel; null where they are learnt. */
  | { readonly kind: 'delay'; readonly steps: readonly number[] | null }
  | {
      /** With `ceil` a window may stick out at the far edge, and averages only the pixels that exist. */
      readonly kind: 'averagePool';
      readonly window: PerAxis;
      readonly stride: PerAxis;
      readonly padding: PerAxis;
      readonly ceil: boolean;
      /** Whether padding is averaged too, as zeros. */
      readonly countIncludePad: boolean;
    }
  | {
      readonly kind: 'maxPool';
      readonly window: PerAxis;
      readonly stride: PerAxis;
      readonly padding: PerAxis;
      readonly dilation: PerAxis;
      readonly ceil: boolean;
    }
  | { readonly kind: 'globalAveragePool' }
  | {
      /** The last axes in one, an image's [H,W,C] in this order or [C,H,W]. */
      readonly kind: 'flatten';
      readonly axes: number;
      readonly order: 'channelsLast' | 'channelsFirst';
    }
  | { readonly kind: 'dropout'; readonly p: number }
  /** The mean of each `votes` numbers side by side. */
  | { readonly kind: 'voting'; readonly votes: number }
  /**
   * Of queries, keys and values side by side in the last axis, for each of the heads by itself and over all pixels:
   * scale·q·(kᵀ·v), without a softmax.
   */
  | { readonly kind: 'attention'; readonly heads: number; readonly scale: number }
  /** An image becomes a sequence of equal images. */
  | { readonly kind: 'repeat'; readonly timesteps: number }
  | { readonly kind: 'relu' }
  | { readonly kind: 'timeMean' }
  | { readonly kind: 'timeSum' }
  | { readonly kind: 'lastStep' }
  /** Of two or more values; no layer, but a place of the network. */
  | { readonly kind: 'sum' }
  /** Of two: the product, which for spikes is an AND. */
  | { readonly kind: 'and' }
  /** Of two: first·(1 - second), spikes of the first that the second does not hold back. */
  | { readonly kind: 'iand' }
  /**
   * A module that does not say what it computes. The layers below it follow, with nothing to take their values from.
   */
  | { readonly kind: 'custom' };

/** One place of a network that a value passes. */
export type LayerDescription = LayerKind & {
  /** Names the place: `stages.0.0.conv1`; '' for a layer that is the whole network. */
  readonly path: string;
  /**
   * The name of its layer, under which its tensors are found: another than `path` where a layer stands at two places.
   */
  readonly layer: string;
  /** The layer's class; empty for a sum. */
  readonly type: string;
  /** Paths of the places whose values it takes; that of the network's input is `input`. */
  readonly from: readonly string[];
  /** Of one image at one time step, channels last: [H,W,C] or [N]. Absent where it is not known. */
  readonly inputShape?: Shape;
  readonly outputShape?: Shape;
  /** Over how many time steps it runs; absent before images become sequences, and where it is not known. */
  readonly timesteps?: number;
  /** Numbers that are trained; of a layer at two places at the first. */
  readonly parameters: number;
  /** Dense multiply-accumulates of one image over its time steps, padding included. */
  readonly operations?: number;
  /** Whether what goes in, and comes out, is zeros and ones. */
  readonly spikesIn: boolean;
  readonly spikesOut: boolean;
  /** Of a norm: the place of the convolution or linear layer whose weights can hold it in evaluation. */
  readonly foldsInto?: string;
};

/** What `describe()` gives. */
export interface NetworkDescription {
  /** The network's class. */
  readonly type: string;
  /** As given to `describe`. */
  readonly inputShape?: Shape;
  /** What the network gives for one image at one time step. */
  readonly outputShape?: Shape;
  /** T: as given to `describe`, or that of the layer that repeats images over time. */
  readonly timesteps?: number;
  /** Each behind those that it takes its values from. */
  readonly layers: readonly LayerDescription[];
  /** The place whose values the network gives. */
  readonly output: string;
  /** Numbers that are trained. */
  readonly parameters: number;
  /** Dense multiply-accumulates of one image over its time steps; absent where those of a layer are not known. */
  readonly operations?: number;
}

/** The name under which places know the network's input. */
export const INPUT = 'input';
