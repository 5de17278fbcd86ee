// A small spiking transformer: Zhou et al., "Spikformer: when spiking neural network meets transformer" (ICLR 2023),
// with SpikingJelly's names.
//
//   patches    four convolutions with norm and neuron, some with a max pool between; + one more, for the place
//   block      x + neuron(norm(W·neuron(attention(neuron(norm(W·x)))))), then the same of two layers W
//   head       mean over the pixels, linear, mean over time
//
// Every W is a convolution of single pixels, and what is added are spikes: sums may be 2, 3, …

import type { Random } from '../../core/random';
import type { Tensor } from '../../core/tensor';
import { check } from '../../errors';
import { Conv2d } from '../../nn/conv';
import type { Flow } from '../../nn/flow';
import { Linear } from '../../nn/layers';
import { Module, type StateLayout } from '../../nn/module';
import { GlobalAvgPool, MaxPool2d } from '../../nn/pools';
import { joined } from '../../nn/residual';
import { finite, kind, type OptionsOf, option, whole } from '../../options';
import { SpikeAttention } from '../attention';
import { BatchNorm2d } from '../batch-norm';
import { TimeMean } from '../encoder';
import { checkNeuron, type NeuronChoice, neuronLayer } from '../neuron-layer';
import { NamedParts, numbered, Repeated } from './named-parts';
import { type SpikingNetworkOptions, spikingNetworkOptions } from './options';

/** What {@link spikformer} builds. */
export interface SpikformerOptions extends SpikingNetworkOptions {
  /** Channels of a token, a multiple of 8. Default 64. */
  width?: number;
  /** Blocks of attention. Default 2. */
  depth?: number;
  /** Heads of the attention, which divide the width. Default 4. */
  heads?: number;
  /** Channels of a block's hidden layer, as a multiple of the width. Default 4. */
  hidden?: number;
  /** Rows and columns of the image that become one token: 4 or 16. Default 4. */
  patch?: 4 | 16;
  /**
   * The factor of what attention counts. Default 0.25: with a reset to 0 the same as SpikingJelly's 0.125 in front of
   * neurons with half the threshold.
   */
  scale?: number;
}

const size = whole({ least: 1 });

export const spikformerOptions = /* @__PURE__ */ (() =>
  spikingNetworkOptions.with({
    width: option(
      kind<number>('a multiple of 8', (value) => size.holds(value) && value % 8 === 0),
      64,
    ),
    depth: option(size, 2),
    heads: option(size, 4),
    hidden: option(finite({ above: 0 }), 4),
    patch: option(
      kind<4 | 16>('4 or 16', (value) => value === 4 || value === 16),
      4,
    ),
    scale: option(finite({ above: 0 }), 0.25),
  } satisfies OptionsOf<Omit<SpikformerOptions, keyof SpikingNetworkOptions>>))();

/** A convolution of single pixels that files hold as PyTorch's `Conv1d`. */
class Pointwise extends Conv2d {
  constructor(cin: number, cout: number, random: Random | undefined) {
    super(cin, cout, { kernel: 1, random });
  }

  protected override get layout(): StateLayout {
    return 'pointwise';
  }
}

/** x + a body of x, where both are spikes. */
class Added extends Module {
  readonly first: Module | undefined;
  readonly bodies: readonly Module[];

  /**
   * @param bodies one after another, each with a way around it
   * @param first what the input goes through before them
   */
  constructor(bodies: Readonly<Record<string, Module>>, first?: readonly [name: string, Module]) {
    super();
    this.first = first && this.child(...first);
    this.bodies = Object.entries(bodies).map(([name, body]) => this.child(name, body));
  }

  forward(x: Tensor): Tensor {
    let sum = this.first?.call(x) ?? x;
    for (const body of this.bodies) {
      const y = body.call(sum);
      const next = joined(sum, y, 'add');
      y.dispose();
      if (sum !== x) sum.dispose(); // the tape keeps its own reference
      sum = next;
    }
    return sum;
  }

  override outline(x: Flow): Flow {
    const from = this.first === undefined ? x : x.through(this.first);
    return this.bodies.reduce((sum, body) => sum.plus(sum.through(body)), from);
  }
}

/** What a network's parts are made with. */
interface OfNeurons {
  readonly neuron: NeuronChoice;
  readonly random: Random | undefined;
}

/** Convolution, norm and neuron, with a pool of currents where it is asked for. */
function patchStage(
  cin: number,
  cout: number,
  pools: boolean,
  making: OfNeurons,
  first?: Repeated,
): NamedParts {
  return new NamedParts([
    [
      'conv_bn',
      new NamedParts([
        [
          'block',
          new NamedParts([
            ['0', new Conv2d(cin, cout, { random: making.random })],
            ...(first === undefined ? [] : [['repeated', first] satisfies [string, Module]]),
            ['1', new BatchNorm2d(cout)],
            ...(pools ? [['2', new MaxPool2d(3, { stride: 2, padding: 1 })] satisfies [string, Module]] : []),
          ]),
        ],
      ]),
    ],
    ['neuron', neuronLayer(making.neuron, cout)],
  ]);
}

/** The names of a linear map with its norm, and of the neurons behind. */
function pointwise(
  names: readonly [string, string],
  cin: number,
  cout: number,
  { neuron, random }: OfNeurons,
) {
  return [
    [names[0], numbered(new Pointwise(cin, cout, random), new BatchNorm2d(cout))],
    [names[1], neuronLayer(neuron, cout)],
  ] satisfies [string, Module][];
}

/**
 * A Spikformer: images [N,H,W,C], or sequences [T,N,H,W,C], to logits [N,classes], the mean over time. Names are those
 * of SpikingJelly's `Spikformer`: `loadState` takes its files, with `neuron: { tau: 0.5, vth: 2 }` for the `LIFNode`
 * that it has where none is given, whose input counts half.
 */
export function spikformer(options: SpikformerOptions = {}): Module {
  const given = spikformerOptions.read('spikformer', options);
  const { width, depth, heads, patch, scale, classes, timesteps, channels, neuron, random } = given;
  checkNeuron('spikformer: neuron', neuron);
  check(width % heads === 0, 'spikformer', () => `${heads} heads do not divide a width of ${width} channels`);
  const making = { neuron, random };
  const hidden = Math.max(1, Math.floor(given.hidden * width));
  const widths = [width / 8, width / 4, width / 2, width];
  const stages = widths.map((cout, i) =>
    patchStage(
      i === 0 ? channels : widths[i - 1]!,
      cout,
      patch === 16 || i >= 2,
      making,
      i === 0 ? new Repeated(timesteps) : undefined,
    ),
  );
  const block = () =>
    new Added({
      attn: new NamedParts([
        ...pointwise(['qkv_conv_bn', 'qkv_lif'], width, 3 * width, making),
        ['attention', new SpikeAttention(heads, { scale })],
        ['attn_lif', neuronLayer(neuron, width)],
        ...pointwise(['proj_conv_bn', 'proj_lif'], width, width, making),
      ]),
      mlp: new NamedParts([
        ...pointwise(['fc1', 'neuron1'], width, hidden, making),
        ...pointwise(['fc2', 'neuron2'], hidden, width, making),
      ]),
    });
  return new NamedParts([
    [
      'patch_embed',
      new Added({ positional_encoding: patchStage(width, width, false, making) }, [
        'stages',
        numbered(...stages),
      ]),
    ],
    ['blocks', numbered(...Array.from({ length: depth }, block))],
    ['avgpool', new GlobalAvgPool()],
    ['head', new Linear(width, classes, { random })],
    ['timeMean', new TimeMean()],
  ]);
}
