// "A network" of CONTRIBUTING.md: one convolution with neurons, and a linear layer.

import { type Edit, inFrontOf } from './edit';

export const network: readonly Edit[] = [
  {
    file: 'src/snn/networks/tiny.ts',
    create: `// The smallest network for images: conv3x3 -> tdBN -> neurons -> mean over pixels -> linear. An image is repeated T
// times; the convolution sees it once.

import { Conv2d } from '../../nn/conv';
import { Linear } from '../../nn/layers';
import type { Module } from '../../nn/module';
import { GlobalAvgPool } from '../../nn/pools';
import { type OptionsOf, option, whole } from '../../options';
import { TimeMean } from '../encoder';
import { checkNeuron, neuronLayer, thresholdOf } from '../neuron-layer';
import { TdBatchNorm } from '../tdbn';
import { NamedParts, Repeated } from './named-parts';
import { type SpikingNetworkOptions, spikingNetworkOptions } from './options';

/** What {@link tinyNetwork} builds. */
export interface TinyNetworkOptions extends SpikingNetworkOptions {
  /** Filters of the convolution. Default 8. */
  width?: number;
}

export const tinyNetworkOptions = /* @__PURE__ */ (() =>
  spikingNetworkOptions.with({
    width: option(whole({ least: 1 }), 8),
  } satisfies OptionsOf<Pick<TinyNetworkOptions, 'width'>>))();

/** Images [N,H,W,C], or sequences [T,N,H,W,C], to [N,classes]. */
export function tinyNetwork(options: TinyNetworkOptions = {}): Module {
  const { classes, timesteps, channels, width, neuron, random } = tinyNetworkOptions.read('tinyNetwork', options);
  checkNeuron('tinyNetwork: neuron', neuron);
  return new NamedParts([
    ['conv', new Conv2d(channels, width, { random })],
    ['repeated', new Repeated(timesteps)],
    ['norm', new TdBatchNorm(width, { vth: thresholdOf(neuron) })],
    ['neurons', neuronLayer(neuron, width)],
    ['pool', new GlobalAvgPool()],
    ['fc', new Linear(width, classes, { random })],
    ['timeMean', new TimeMean()],
  ]);
}
`,
  },
  {
    file: 'src/snn/networks/index.ts',
    replace: [
      inFrontOf(
        "export { type VggDepth, type VggOptions, vgg } from './vgg';\n",
        "export { type TinyNetworkOptions, tinyNetwork } from './tiny';\n",
      ),
    ],
  },
];
