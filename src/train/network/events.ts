// The networks for recordings of events, [T,N,H,W,C] in, logits [N,classes] out. They are small: what is learnt from
// events is decided by the frames as much as by the network.
//
//   events-conv   conv3x3 w -> tdBN -> LIF -> avgPool2 -> conv3x3 2w -> tdBN -> LIF -> avgPool2 -> linear -> mean of T
//   events-dense  linear w -> tdBN -> LIF -> linear w -> tdBN -> LIF -> linear -> mean over T

import { Conv2d } from '../../nn/conv';
import { Flatten, Linear } from '../../nn/layers';
import type { Module } from '../../nn/module';
import { AvgPool2d } from '../../nn/pools';
import { sequential } from '../../nn/sequential';
import { TdBatchNorm, TimeMean } from '../../snn';
import { type NeuronChoice, neuronLayer, thresholdOf } from '../../snn/neuron-layer';
import type { NetworkSettings } from '../settings';

const half = (side: number) => Math.ceil(side / 2);

/** What the last layer of `events-conv` reads: two poolings by 2 are behind it. */
function featuresOf({ width, height, imageWidth }: NetworkSettings): number {
  return 2 * width * half(half(height)) * half(half(imageWidth));
}

export function eventsNetwork(settings: NetworkSettings, neuron: NeuronChoice): Module {
  const vth = thresholdOf(neuron);
  const { arch, width, classes, channels, height, imageWidth } = settings;
  if (arch === 'events-dense')
    return sequential(
      new Flatten(3), // [T,N,features]
      new Linear(height * imageWidth * channels, width),
      new TdBatchNorm(width, { vth }),
      neuronLayer(neuron, width),
      new Linear(width, width),
      new TdBatchNorm(width, { vth }),
      neuronLayer(neuron, width),
      new Linear(width, classes),
      new TimeMean(),
    );
  return sequential(
    new Conv2d(channels, width),
    new TdBatchNorm(width, { vth }),
    neuronLayer(neuron, width),
    new AvgPool2d(2),
    new Conv2d(width, 2 * width),
    new TdBatchNorm(2 * width, { vth }),
    neuronLayer(neuron, 2 * width),
    new AvgPool2d(2),
    new Flatten(3),
    new Linear(featuresOf(settings), classes),
    new TimeMean(),
  );
}

/** All parameters and running statistics of such a network: told without building it. */
export function numbersOfEventsNetwork(settings: NetworkSettings): number {
  const { arch, width, classes, channels, height, imageWidth } = settings;
  if (arch === 'events-dense')
    return (height * imageWidth * channels + 1 + width + 1 + 2 * 4) * width + (width + 1) * classes;
  const convolutions = 9 * channels * width + 4 * width + 18 * width * width + 8 * width;
  return convolutions + (featuresOf(settings) + 1) * classes;
}
