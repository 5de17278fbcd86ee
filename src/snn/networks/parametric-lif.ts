// The networks of Fang et al., "Incorporating learnable membrane time constant to enhance learning of spiking neural
// networks" (ICCV 2021), with SpikingJelly's names: stages of convolutions and a max pool, then two linear layers, the
// second with several neurons for each class, which vote. Of images, and of frames of events with two channels.

import { check } from '../../errors';
import { Conv2d } from '../../nn/conv';
import { Dropout, Flatten } from '../../nn/layers';
import type { Module } from '../../nn/module';
import { MaxPool2d } from '../../nn/pools';
import { type PerAxis, perAxis, sidesOf } from '../../ops/sides';
import { finite, type OptionsOf, oneOf, option, optional, whole } from '../../options';
import { BatchNorm2d } from '../batch-norm';
import { TimeMean } from '../encoder';
import { checkNeuron, type NeuronChoice, neuronLayer } from '../neuron-layer';
import { Voting } from '../voting';
import { NamedParts, Repeated } from './named-parts';
import { firing, type SpikingNetworkOptions, spikingNetworkOptions, unnormed } from './options';

/** What a network of the paper is for; it decides what is not given. */
export type ParametricLifNetOf = 'mnist' | 'nmnist' | 'cifar10' | 'cifar10-dvs' | 'dvs-gesture';

interface ParametricLifPlan {
  readonly channels: number;
  readonly side: number;
  readonly classes: number;
  /** Stages, each halving the image, and convolutions of each. */
  readonly stages: number;
  readonly convolutions: number;
  readonly width: number;
  /** Neurons of the hidden linear layer, as a multiple of the width. */
  readonly hidden: number;
}

/** SpikingJelly's MNISTNet, NMNISTNet, CIFAR10Net, CIFAR10DVSNet and DVSGestureNet. */
export const PARAMETRIC_LIF_PLANS: Readonly<Record<ParametricLifNetOf, ParametricLifPlan>> = {
  mnist: { channels: 1, side: 28, classes: 10, stages: 2, convolutions: 1, width: 128, hidden: 16 },
  nmnist: { channels: 2, side: 34, classes: 10, stages: 2, convolutions: 1, width: 128, hidden: 16 },
  cifar10: { channels: 3, side: 32, classes: 10, stages: 2, convolutions: 3, width: 256, hidden: 8 },
  'cifar10-dvs': { channels: 2, side: 128, classes: 10, stages: 4, convolutions: 1, width: 128, hidden: 4 },
  'dvs-gesture': { channels: 2, side: 128, classes: 11, stages: 5, convolutions: 1, width: 128, hidden: 4 },
};

/** What {@link parametricLifNet} builds. */
export interface ParametricLifNetOptions extends Omit<SpikingNetworkOptions, 'channels' | 'classes'> {
  /** Default 'cifar10-dvs'. */
  of?: ParametricLifNetOf;
  /** Default: those of `of`. */
  classes?: number;
  /** Channels of an image or frame. Default: those of `of`, of events 2. */
  channels?: number;
  /** Rows and columns of an image or frame. Default: those of `of`. */
  side?: PerAxis;
  /** Filters of every convolution. Default 128, of 'cifar10' 256. */
  width?: number;
  /** Neurons of the hidden linear layer. Default: 4 times the width, of 'cifar10' 8 and of the digits 16 times. */
  hidden?: number;
  /** Neurons that stand for a class. Default 10. */
  votes?: number;
  /**
   * Share of spikes in front of each linear layer that training drops, the same at all steps. The paper trains with
   * 0.5, over many epochs; in a few, networks learn less by it. Default 0, none.
   */
  dropout?: number;
  /**
   * Every neuron: options of `Lif`, or what `neuron()` makes. Default `{ tau: 0.5, vth: 1, surrogate: arctan() }`.
   */
  neuron?: NeuronChoice;
}

const size = whole({ least: 1 });

export const parametricLifNetOptions = /* @__PURE__ */ (() =>
  spikingNetworkOptions.with({
    of: option(oneOf(Object.keys(PARAMETRIC_LIF_PLANS) as ParametricLifNetOf[]), 'cifar10-dvs'),
    classes: optional(size, 'those of `of`'),
    channels: optional(size, 'those of `of`, of events 2'),
    side: optional(perAxis(1), 'those of `of`'),
    width: optional(size, "128, of 'cifar10' 256"),
    hidden: optional(size, "4 times the width, of 'cifar10' 8 and of the digits 16 times"),
    votes: option(size, 10),
    neuron: unnormed,
    dropout: option(finite({ least: 0, below: 1 }), 0),
  } satisfies OptionsOf<Omit<ParametricLifNetOptions, 'timesteps' | 'random'>>))();

/**
 * A network of Fang et al. (ICCV 2021): sequences [T,N,H,W,C], or images [N,H,W,C] that are repeated, to the rates of
 * each class's voters, [N,classes]. Names are those of SpikingJelly's `parametric_lif_net`, 'conv_fc.0.weight' and on:
 * `loadState` takes its files, and with `neuron: plif()` those of its `ParametricLIFNode`.
 */
export function parametricLifNet(options: ParametricLifNetOptions = {}): Module {
  const given = parametricLifNetOptions.read('parametricLifNet', options);
  const { timesteps, neuron, random, votes, dropout } = given;
  const plan = PARAMETRIC_LIF_PLANS[given.of];
  const { classes = plan.classes, channels = plan.channels, side = plan.side, width = plan.width } = given;
  const { hidden = plan.hidden * width } = given;
  checkNeuron('parametricLifNet: neuron', neuron);
  const [height, rowWidth] = sidesOf(side).map((length) => Math.floor(length / 2 ** plan.stages)) as [
    number,
    number,
  ];
  check(
    height >= 1 && rowWidth >= 1,
    'parametricLifNet',
    () =>
      `images of ${sidesOf(side).join('x')} pixels are too small for the ${plan.stages} pools of ${given.of}`,
  );
  const parts: [string, Module][] = [];
  let number = 0;
  const add = (part: Module) => parts.push([String(number++), part]);
  for (let stage = 0; stage < plan.stages; stage++) {
    for (let i = 0; i < plan.convolutions; i++) {
      add(new Conv2d(number === 0 ? channels : width, width, { random }));
      if (number === 1) parts.push(['repeated', new Repeated(timesteps)]);
      add(new BatchNorm2d(width));
      add(neuronLayer(neuron, width));
    }
    add(new MaxPool2d(2));
  }
  add(new Flatten(3, { order: 'channelsFirst' }));
  for (const [inputs, outputs] of [
    [width * height * rowWidth, hidden],
    [hidden, classes * votes],
  ] as const) {
    add(new Dropout(dropout, { sameMask: true }));
    add(firing(inputs, outputs, random));
    add(neuronLayer(neuron, outputs));
  }
  add(new Voting(votes));
  return new NamedParts([
    ['conv_fc', new NamedParts(parts)],
    ['timeMean', new TimeMean()],
  ]);
}
