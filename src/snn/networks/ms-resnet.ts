// MS-ResNet20 (Hu et al., "Advancing spiking neural networks toward deep residual learning", IEEE TNNLS 2024): the sums
// are of membrane currents, before the neurons, and no layer adds up spikes.
//
//   block      neuron -> conv3x3 -> norm -> neuron -> conv3x3 -> norm, + shortcut
//   shortcut   identity, or where the shape changes conv1x1 -> norm

import { Conv2d } from '../../nn/conv';
import { Linear } from '../../nn/layers';
import type { Module } from '../../nn/module';
import { GlobalAvgPool } from '../../nn/pools';
import { Residual } from '../../nn/residual';
import { type OptionsOf, option, whole } from '../../options';
import { BatchNorm2d } from '../batch-norm';
import { TimeMean } from '../encoder';
import { checkNeuron, neuronLayer } from '../neuron-layer';
import { NamedParts, numbered, Repeated } from './named-parts';
import { type SpikingNetworkOptions, spikingNetworkOptions } from './options';

/** What {@link msResnet20} builds. */
export interface MsResnet20Options extends SpikingNetworkOptions {
  /** Channels of the first of three stages; the others have 2 and 4 times as many. Default 16. */
  width?: number;
}

export const msResnet20Options = /* @__PURE__ */ (() =>
  spikingNetworkOptions.with({
    width: option(whole({ least: 1 }), 16),
  } satisfies OptionsOf<Pick<MsResnet20Options, 'width'>>))();

/** MS-ResNet20: images [N,H,W,C], or sequences [T,N,H,W,C], to logits [N,classes], the mean over time. */
export function msResnet20(options: MsResnet20Options = {}): Module {
  const { width, classes, timesteps, channels, neuron, random } = msResnet20Options.read(
    'msResnet20',
    options,
  );
  checkNeuron('msResnet20: neuron', neuron);
  const block = (cin: number, cout: number, stride: number) => {
    const body = numbered(
      neuronLayer(neuron, cin),
      new Conv2d(cin, cout, { stride, random }),
      new BatchNorm2d(cout),
      neuronLayer(neuron, cout),
      new Conv2d(cout, cout, { random }),
      new BatchNorm2d(cout),
    );
    if (stride === 1 && cin === cout) return new Residual(body);
    const shortcut = numbered(new Conv2d(cin, cout, { kernel: 1, stride, random }), new BatchNorm2d(cout));
    return new Residual(body, { shortcut });
  };
  let cin = width;
  const stages = [1, 2, 4].map((factor, stage): [string, Module] => {
    const blocks = Array.from({ length: 3 }, (_, i) => {
      const cout = factor * width;
      const made = block(cin, cout, stage > 0 && i === 0 ? 2 : 1);
      cin = cout;
      return made;
    });
    return [`layer${stage + 1}`, numbered(...blocks)];
  });
  return new NamedParts([
    ['conv1', new Conv2d(channels, width, { random })],
    ['repeated', new Repeated(timesteps)],
    ['bn1', new BatchNorm2d(width)],
    ...stages,
    ['lif', neuronLayer(neuron, cin)],
    ['avgpool', new GlobalAvgPool()],
    ['fc', new Linear(cin, classes, { random })],
    ['timeMean', new TimeMean()],
  ]);
}
