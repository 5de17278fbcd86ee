// The small convolutional network of snnTorch's tutorial 6, with its names: conv5x5 -> max pool -> LIF, twice, and a
// linear layer with neurons of its own. An image is repeated T times; the first convolution sees it once.

import { Flatten } from '../../nn/layers';
import type { Module } from '../../nn/module';
import { MaxPool2d } from '../../nn/pools';
import { type PerAxis, perAxis, sidesOf } from '../../ops/sides';
import { type OptionsOf, option, whole } from '../../options';
import { TimeMean } from '../encoder';
import { checkNeuron, type NeuronChoice, neuronLayer } from '../neuron-layer';
import { NamedParts, Repeated } from './named-parts';
import { firing, firingConv, type SpikingNetworkOptions, spikingNetworkOptions, unnormed } from './options';

/** What {@link csnn} builds. */
export interface CsnnOptions extends SpikingNetworkOptions {
  /** Channels of the image. Default 1. */
  channels?: number;
  /** Rows and columns of the image, 16 or more. Default 28. */
  side?: PerAxis;
  /** Filters of the first convolution; the second has 16/3 times as many, rounded. Default 12. */
  width?: number;
  /**
   * Every neuron: options of `Lif`, or what `neuron()` makes. Default `{ tau: 0.5, vth: 1, surrogate: arctan() }`.
   */
  neuron?: NeuronChoice;
}

const size = whole({ least: 1 });

export const csnnOptions = /* @__PURE__ */ (() =>
  spikingNetworkOptions.with({
    channels: option(size, 1),
    side: option(perAxis(16), 28),
    width: option(size, 12),
    neuron: unnormed,
  } satisfies OptionsOf<Pick<CsnnOptions, 'channels' | 'side' | 'width' | 'neuron'>>))();

/**
 * snnTorch's CSNN: images [N,H,W,C], or sequences [T,N,H,W,C], to the rates of the last layer's spikes, [N,classes].
 * The state has its names, '0.weight' to '7.bias', and its order behind the Flatten: `loadState` takes its files.
 */
export function csnn(options: CsnnOptions = {}): Module {
  const given = csnnOptions.read('csnn', options);
  const { classes, timesteps, channels, side, width, neuron, random } = given;
  checkNeuron('csnn: neuron', neuron);
  const second = Math.round((width * 16) / 3);
  const halved = (length: number) => Math.floor((length - 4) / 2);
  const [height, rowWidth] = sidesOf(side).map((length) => halved(halved(length))) as [number, number];
  const conv = (cin: number, cout: number) => firingConv(cin, cout, { kernel: 5, padding: 0, random });
  return new NamedParts([
    ['0', conv(channels, width)],
    ['1', new MaxPool2d(2)],
    ['repeated', new Repeated(timesteps)],
    ['2', neuronLayer(neuron, width)],
    ['3', conv(width, second)],
    ['4', new MaxPool2d(2)],
    ['5', neuronLayer(neuron, second)],
    ['6', new Flatten(3, { order: 'channelsFirst' })],
    ['7', firing(height * rowWidth * second, classes, random)],
    ['8', neuronLayer(neuron, classes)],
    ['timeMean', new TimeMean()],
  ]);
}
