// What the networks beside the ResNet20 take in common.

import { aRandom } from '../../core/kinds';
import type { Random } from '../../core/random';
import { arctan } from '../../neurons/surrogates';
import { Conv2d, type Conv2dOptions } from '../../nn/conv';
import { Linear } from '../../nn/layers';
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

/**
 * The neurons of networks that have layers without norms: a surrogate with tails, as the peers train them with, since
 * nothing else brings back a neuron whose membrane is far from the threshold.
 */
export const unnormed = /* @__PURE__ */ (() =>
  option(
    aNeuronChoice,
    (): NeuronChoice => ({ tau: 0.5, vth: 1, surrogate: arctan() }),
    '{ tau: 0.5, vth: 1, surrogate: arctan() }',
  ))();

/**
 * A linear layer with neurons behind it and no norm between: weights of deviation √(2/inputs) (He et al., 2015,
 * fan-in), by which they fire.
 */
export function firing(inputs: number, outputs: number, random: Random | undefined): Linear {
  return new Linear(inputs, outputs, { deviation: Math.sqrt(2 / inputs), random });
}

/** The same of a convolution, with a bias. @param options.kernel its sides */
export function firingConv(
  cin: number,
  cout: number,
  options: Pick<Conv2dOptions, 'padding' | 'random'> & { readonly kernel: number },
): Conv2d {
  const deviation = Math.sqrt(2 / (options.kernel ** 2 * cin));
  return new Conv2d(cin, cout, { ...options, bias: true, deviation });
}
