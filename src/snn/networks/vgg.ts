// Spiking VGG networks with SpikingJelly's names: `features` of convolutions, norms, neurons and max pools, and a
// `classifier`. An image is repeated T times; the first convolution sees it once.

import { check } from '../../errors';
import { Conv2d } from '../../nn/conv';
import { Dropout, Flatten, Linear } from '../../nn/layers';
import type { Module } from '../../nn/module';
import { MaxPool2d } from '../../nn/pools';
import { type PerAxis, perAxis, sidesOf } from '../../ops/sides';
import { finite, flag, kind, type OptionsOf, option, optional, whole } from '../../options';
import { BatchNorm2d } from '../batch-norm';
import { TimeMean } from '../encoder';
import { checkNeuron, type NeuronChoice, neuronLayer } from '../neuron-layer';
import { NamedParts, numbered, Repeated } from './named-parts';
import { firing, firingConv, type SpikingNetworkOptions, spikingNetworkOptions, unnormed } from './options';

/** Layers with weights. */
export type VggDepth = 9 | 11;

/** What {@link vgg} builds. */
export interface VggOptions extends SpikingNetworkOptions {
  /** 9: seven convolutions and two linear layers, three pools. 11: eight and three, five pools. Default 9. */
  depth?: VggDepth;
  /** Filters of the first convolution; the others have up to 4 (depth 9) or 8 times as many. Default 64. */
  width?: number;
  /** Rows and columns of the image. Default 32. */
  side?: PerAxis;
  /** Neurons of the classifier's hidden layers. Default 16 times the width. */
  hidden?: number;
  /** Whether a norm stands behind each convolution. Default true. */
  norm?: boolean;
  /**
   * Share of the hidden neurons' spikes that training drops, the same at all steps. SpikingJelly trains with 0.5, over
   * many epochs; in a few, networks learn less by it. Default 0, none.
   */
  dropout?: number;
  /**
   * Every neuron: options of `Lif`, or what `neuron()` makes. Default `{ tau: 0.5, vth: 1, surrogate: arctan() }`:
   * those of the hidden layers have no norm in front.
   */
  neuron?: NeuronChoice;
}

const size = whole({ least: 1 });

export const vggOptions = /* @__PURE__ */ (() =>
  spikingNetworkOptions.with({
    depth: option(
      kind<VggDepth>('9 or 11', (value) => value === 9 || value === 11),
      9,
    ),
    width: option(size, 64),
    side: option(perAxis(1), 32),
    hidden: optional(size, '16 times the width'),
    norm: option(flag, true),
    dropout: option(finite({ least: 0, below: 1 }), 0),
    neuron: unnormed,
  } satisfies OptionsOf<Omit<VggOptions, Exclude<keyof SpikingNetworkOptions, 'neuron'>>>))();

/** Filters as multiples of the width; 0 is a pool. */
export const VGG_PLANS: Readonly<Record<VggDepth, readonly number[]>> = {
  9: [1, 1, 0, 2, 2, 0, 4, 4, 4, 0],
  11: [1, 0, 2, 0, 4, 4, 0, 8, 8, 0, 8, 8, 0],
};

/**
 * A spiking VGG: images [N,H,W,C], or sequences [T,N,H,W,C], to logits [N,classes], the mean over time. Names and the
 * order behind the Flatten are SpikingJelly's, whose head first makes 7x7 pixels of any image: here it takes those
 * that the last pool leaves.
 */
export function vgg(options: VggOptions = {}): Module {
  const given = vggOptions.read('vgg', options);
  const { depth, width, side, classes, timesteps, neuron, random, dropout } = given;
  const { hidden = 16 * width } = given;
  checkNeuron('vgg: neuron', neuron);
  const plan = VGG_PLANS[depth];
  const pools = plan.filter((factor) => factor === 0).length;
  const [height, rowWidth] = sidesOf(side).map((length) => Math.floor(length / 2 ** pools)) as [
    number,
    number,
  ];
  check(
    height >= 1 && rowWidth >= 1,
    'vgg',
    () =>
      `images of ${sidesOf(side).join('x')} pixels are too small for the ${pools} pools of depth ${depth}`,
  );
  let cin = given.channels;
  const features: [string, Module][] = [];
  const add = (part: Module) =>
    features.push([String(features.filter(([name]) => name !== REPEATED).length), part]);
  for (const factor of plan) {
    if (factor === 0) {
      add(new MaxPool2d(2));
      continue;
    }
    const cout = factor * width;
    add(
      given.norm
        ? new Conv2d(cin, cout, { bias: true, random })
        : firingConv(cin, cout, { kernel: 3, random }),
    );
    if (features.length === 1) features.push([REPEATED, new Repeated(timesteps)]);
    if (given.norm) add(new BatchNorm2d(cout));
    add(neuronLayer(neuron, cout));
    cin = cout;
  }
  const dense = (from: number) => [
    firing(from, hidden, random),
    neuronLayer(neuron, hidden),
    new Dropout(dropout, { sameMask: true }),
  ];
  const flat = cin * height * rowWidth;
  const layers = depth === 9 ? dense(flat) : [...dense(flat), ...dense(hidden)];
  return new NamedParts([
    ['features', new NamedParts(features)],
    ['flatten', new Flatten(3, { order: 'channelsFirst' })],
    ['classifier', numbered(...layers, new Linear(hidden, classes, { random }))],
    ['timeMean', new TimeMean()],
  ]);
}

/** The place where images become sequences, which has no number among the peer's layers. */
const REPEATED = 'repeated';
