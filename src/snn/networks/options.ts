// What the networks beside the ResNet20 take in common.

import { aRandom } from '../../core/kinds';
import type { Random } from '../../core/random';
import { type OptionsOf, option, optional, optionTable, whole } from '../../options';
import { aNeuronChoice, type NeuronChoice } from '../neuron-layer';

/** Sizes, neurons and weights of a network. */
export interface SpikingNetworkOptions {
  /** Default 10. */
  classes?: number;
  /** T, for images without a time axis. Default 4. */
  timesteps?: number;
  /** Channels of the image. Default 3. */
  channels?: number;
  /** Every neuron: options of `Lif`, or what `neuron()` makes. Default `{ tau: 0.5, vth: 1 }`. */
  neuron?: NeuronChoice;
  /** The stream that initial weights are drawn from. Default: the global one. */
  random?: Random;
}

const size = whole({ least: 1 });

export const spikingNetworkOptions = /* @__PURE__ */ (() =>
  optionTable({
    classes: option(size, 10),
    timesteps: option(size, 4),
    channels: option(size, 3),
    neuron: option(aNeuronChoice, (): NeuronChoice => ({ tau: 0.5, vth: 1 }), '{ tau: 0.5, vth: 1 }'),
    random: optional(aRandom, 'the global one'),
  } satisfies OptionsOf<SpikingNetworkOptions>))();
