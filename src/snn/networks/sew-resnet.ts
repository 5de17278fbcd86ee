// SEW ResNet (Fang et al., "Deep residual learning in spiking neural networks", NeurIPS 2021), with SpikingJelly's
// names:
//
//   block      conv3x3 -> norm -> neuron -> conv3x3 -> norm -> neuron, joined: s + y, s·y or s·(1 - y)
//   shortcut   identity, or where the shape changes conv1x1 -> norm -> neuron
//
// Sums of spikes may be 2, 3, … and are no spikes: behind a block that adds, convolutions take numbers, not events.

import type { Tensor } from '../../core/tensor';
import { Conv2d } from '../../nn/conv';
import type { Flow } from '../../nn/flow';
import { Linear } from '../../nn/layers';
import { Module } from '../../nn/module';
import { GlobalAvgPool, MaxPool2d } from '../../nn/pools';
import { type Join, joined, residualOptions } from '../../nn/residual';
import { kind, type OptionsOf, oneOf, option, whole } from '../../options';
import { BatchNorm2d } from '../batch-norm';
import { TimeMean } from '../encoder';
import { checkNeuron, type NeuronChoice, neuronLayer } from '../neuron-layer';
import { NamedParts, numbered, Repeated } from './named-parts';
import { type SpikingNetworkOptions, spikingNetworkOptions } from './options';

/** Layers with weights. */
export type SewDepth = 18 | 34;

/** What {@link sewResnet} builds. */
export interface SewResnetOptions extends SpikingNetworkOptions {
  /** Default 18. */
  depth?: SewDepth;
  /** Channels of the first stage; the last has 8 times as many. Default 64. */
  width?: number;
  /** How a block's spikes and those of its shortcut are joined. Default 'add'. */
  join?: Join;
  /**
   * What an image goes through first: 'small' one convolution of 3x3, 'large' for large images as SpikingJelly's one of
   * 7x7 at stride 2 and a max pool. Default 'small'.
   */
  stem?: 'small' | 'large';
}

export const sewResnetOptions = /* @__PURE__ */ (() =>
  spikingNetworkOptions.with({
    depth: option(
      kind<SewDepth>('18 or 34', (value) => value === 18 || value === 34),
      18,
    ),
    width: option(whole({ least: 1 }), 64),
    join: residualOptions.specs.join,
    stem: option(oneOf(['small', 'large']), 'small'),
  } satisfies OptionsOf<Omit<SewResnetOptions, keyof SpikingNetworkOptions>>))();

const BLOCKS: Readonly<Record<SewDepth, readonly number[]>> = { 18: [2, 2, 2, 2], 34: [3, 4, 6, 3] };

/** What a block's layers are made with. */
interface Making {
  readonly neuron: NeuronChoice;
  readonly join: Join;
  readonly random: SpikingNetworkOptions['random'];
}

class SewBlock extends Module {
  readonly body: readonly Module[];
  readonly shortcut: readonly Module[];
  readonly join: Join;

  constructor(cin: number, cout: number, stride: number, { neuron, join, random }: Making) {
    super();
    this.join = join;
    this.body = [
      this.child('conv1', new Conv2d(cin, cout, { stride, random })),
      this.child('bn1', new BatchNorm2d(cout)),
      this.child('sn1', neuronLayer(neuron, cout)),
      this.child('conv2', new Conv2d(cout, cout, { random })),
      this.child('bn2', new BatchNorm2d(cout)),
      this.child('sn2', neuronLayer(neuron, cout)),
    ];
    this.shortcut =
      stride === 1 && cin === cout
        ? []
        : [
            this.child(
              'downsample',
              numbered(new Conv2d(cin, cout, { kernel: 1, stride, random }), new BatchNorm2d(cout)),
            ),
            this.child('downsample_sn', neuronLayer(neuron, cout)),
          ];
  }

  forward(x: Tensor): Tensor {
    const [y, s] = [this.body, this.shortcut].map((layers) => through(layers, x));
    const result = joined(s!, y!, this.join);
    for (const part of [y!, s!]) if (part !== x) part.dispose();
    return result;
  }

  override outline(x: Flow): Flow {
    const [y, s] = [this.body, this.shortcut].map((layers) =>
      layers.reduce((value, layer) => value.through(layer), x),
    );
    return this.join === 'add' ? s!.plus(y!) : s!.times(y!, this.join);
  }
}

/** Through layers one after another; what only passes between two of them is freed at once. */
function through(layers: readonly Module[], x: Tensor): Tensor {
  let y = x;
  for (const layer of layers) {
    const next = layer.call(y);
    if (y !== x) y.dispose();
    y = next;
  }
  return y;
}

/**
 * A SEW ResNet: images [N,H,W,C], or sequences [T,N,H,W,C], to logits [N,classes], the mean over time. `loadState`
 * takes files of SpikingJelly's `sew_resnet18` and `34` with `stem: 'large'`.
 */
export function sewResnet(options: SewResnetOptions = {}): Module {
  const given = sewResnetOptions.read('sewResnet', options);
  const { depth, width, classes, timesteps, channels, neuron, join, stem, random } = given;
  checkNeuron('sewResnet: neuron', neuron);
  const isLarge = stem === 'large';
  const first = isLarge ? { kernel: 7, stride: 2 } : {};
  let cin = width;
  const stages = BLOCKS[depth].map((count, stage): [string, Module] => {
    const cout = width * 2 ** stage;
    const blocks = Array.from({ length: count }, (_, i) => {
      const block = new SewBlock(cin, cout, stage > 0 && i === 0 ? 2 : 1, { neuron, join, random });
      cin = cout;
      return block;
    });
    return [`layer${stage + 1}`, numbered(...blocks)];
  });
  return new NamedParts([
    ['conv1', new Conv2d(channels, width, { ...first, random })],
    ['repeated', new Repeated(timesteps)],
    ['bn1', new BatchNorm2d(width)],
    ['sn1', neuronLayer(neuron, width)],
    ...(isLarge ? [['maxpool', new MaxPool2d(3, { stride: 2, padding: 1 })] satisfies [string, Module]] : []),
    ...stages,
    ['avgpool', new GlobalAvgPool()],
    ['fc', new Linear(cin, classes, { random })],
    ['timeMean', new TimeMean()],
  ]);
}
