// The spiking ResNet20 in two variants that share one block:
//
//   block      conv3x3 -> tdBN -> LIF -> conv3x3 -> tdBN -> (+ shortcut) -> LIF
//   shortcut   identity, or where the shape changes avgPool(stride) -> conv1x1 -> tdBN
//   head       global average pool -> linear at every time step; logits averaged over T
//
// `wide` is the paper's (Rathi & Roy; Sengupta et al.): a stem of three convolutions at 64 channels and an average
// pool, then stages of 64, 128, 256, 512 with two blocks each. `small` has He et al.'s widths: one convolution at 16,
// then stages of 16, 32, 64 with three blocks each. An image is repeated T times; the first convolution sees it once.

import { checkSize } from '../../backends/shape';
import { aRandom } from '../../core/kinds';
import type { Random } from '../../core/random';
import { checkTensor, type Tensor } from '../../core/tensor';
import { check } from '../../errors';
import { Conv2d } from '../../nn/conv';
import type { Flow } from '../../nn/flow';
import { Linear } from '../../nn/layers';
import { Module } from '../../nn/module';
import { AvgPool2d, GlobalAvgPool } from '../../nn/pools';
import { add } from '../../ops/arithmetic';
import { type OptionsOf, oneOf, option, optional, optionTable, whole } from '../../options';
import { Direct, TimeMean } from '../encoder';
import {
  aNeuronChoice,
  checkNeuron,
  type NeuronChoice,
  type NeuronLayer,
  neuronLayer,
  thresholdOf,
} from '../neuron-layer';
import { mpr } from '../rectifier';
import { TdBatchNorm } from '../tdbn';
import { type ResNetVariant, variants } from './plan';

export type { ResNetVariant } from './plan';

/** What {@link resnet20} builds. */
export interface ResNet20Options {
  /** Default `small`. */
  variant?: ResNetVariant;
  /** Channels of the first stage. Default 16 for `small`, 64 for `wide`. */
  width?: number;
  /** Default 10. */
  classes?: number;
  /** T, for images without a time axis. Default 4. */
  timesteps?: number;
  /** Channels of the image. Default 3. */
  channels?: number;
  /** Every neuron: options of `Lif`, or what `neuron()` makes. Default: `{ rectifier: mpr() }`, the paper's. */
  neuron?: NeuronChoice;
  /** The stream that initial weights are drawn from. Default: the global one. */
  random?: Random;
}

export const resNet20Options = optionTable({
  variant: option(oneOf(['small', 'wide']), 'small'),
  width: optional(whole({ least: 1 }), '16 for `small`, 64 for `wide`'),
  classes: option(whole({ least: 1 }), 10),
  timesteps: option(whole({ least: 1 }), 4),
  channels: option(whole({ least: 1 }), 3),
  neuron: option(aNeuronChoice, (): NeuronChoice => ({ rectifier: mpr() }), '{ rectifier: mpr() }'),
  random: optional(aRandom, 'the global one'),
} satisfies OptionsOf<ResNet20Options>);

/** Runs `next` on x and frees x, which only the tape may still need. */
function through(next: Module, x: Tensor): Tensor {
  const y = next.call(x);
  x.dispose();
  return y;
}

/** avgPool(stride) -> conv1x1 -> tdBN, to add to a branch of another shape. */
class Shortcut extends Module {
  readonly pool: AvgPool2d;
  readonly conv: Conv2d;
  readonly bn: TdBatchNorm;

  constructor(cin: number, cout: number, stride: number, vth: number, random: Random | undefined) {
    super();
    this.pool = this.child('pool', new AvgPool2d(stride));
    this.conv = this.child('conv', new Conv2d(cin, cout, { kernel: 1, random }));
    this.bn = this.child('bn', new TdBatchNorm(cout, { vth, alpha: Math.SQRT1_2 }));
  }

  forward(x: Tensor): Tensor {
    return through(this.bn, through(this.conv, this.pool.call(x)));
  }

  override outline(x: Flow): Flow {
    return x.through(this.pool).through(this.conv).through(this.bn);
  }
}

class Block extends Module {
  readonly conv1: Conv2d;
  readonly bn1: TdBatchNorm;
  readonly lif1: NeuronLayer;
  readonly conv2: Conv2d;
  readonly bn2: TdBatchNorm;
  readonly lif2: NeuronLayer;
  readonly shortcut: Shortcut | undefined;

  constructor(cin: number, cout: number, stride: number, neuron: NeuronChoice, random: Random | undefined) {
    super();
    const vth = thresholdOf(neuron);
    const changes = stride !== 1 || cin !== cout;
    this.conv1 = this.child('conv1', new Conv2d(cin, cout, { stride, random }));
    this.bn1 = this.child('bn1', new TdBatchNorm(cout, { vth }));
    this.lif1 = this.child('lif1', neuronLayer(neuron, cout));
    this.conv2 = this.child('conv2', new Conv2d(cout, cout, { random }));
    this.bn2 = this.child('bn2', new TdBatchNorm(cout, { vth, alpha: changes ? Math.SQRT1_2 : 1 }));
    this.shortcut = changes
      ? this.child('shortcut', new Shortcut(cin, cout, stride, vth, random))
      : undefined;
    this.lif2 = this.child('lif2', neuronLayer(neuron, cout));
  }

  forward(x: Tensor): Tensor {
    const inner = through(this.lif1, through(this.bn1, this.conv1.call(x)));
    const branch = through(this.bn2, through(this.conv2, inner));
    const shortcut = this.shortcut?.call(x);
    const current = add(branch, shortcut ?? x);
    branch.dispose();
    shortcut?.dispose();
    return through(this.lif2, current);
  }

  override outline(x: Flow): Flow {
    const inner = x.through(this.conv1).through(this.bn1).through(this.lif1);
    const branch = inner.through(this.conv2).through(this.bn2);
    const shortcut = this.shortcut === undefined ? x : x.through(this.shortcut);
    return branch.plus(shortcut).through(this.lif2);
  }
}

/** conv3x3 -> tdBN -> LIF. On images [N,H,W,C] the convolution runs once and its result is repeated T times. */
class StemLayer extends Module {
  readonly conv: Conv2d;
  readonly bn: TdBatchNorm;
  readonly lif: NeuronLayer;
  readonly direct: Direct;

  constructor(
    cin: number,
    cout: number,
    timesteps: number,
    neuron: NeuronChoice,
    random: Random | undefined,
  ) {
    super();
    this.conv = this.child('conv', new Conv2d(cin, cout, { random }));
    this.direct = this.child('direct', new Direct(timesteps));
    this.bn = this.child('bn', new TdBatchNorm(cout, { vth: thresholdOf(neuron) }));
    this.lif = this.child('lif', neuronLayer(neuron, cout));
  }

  forward(x: Tensor): Tensor {
    const y = this.conv.call(x);
    const sequence = x.shape.length === 4 ? through(this.direct, y) : y;
    return through(this.lif, through(this.bn, sequence));
  }

  override outline(x: Flow): Flow {
    const y = x.through(this.conv);
    return (x.sequence ? y : y.through(this.direct)).through(this.bn).through(this.lif);
  }
}

/** Modules numbered 0, 1, … under one name. */
class Numbered<M extends Module> extends Module {
  constructor(readonly members: readonly M[]) {
    super();
    members.forEach((member, index) => {
      this.child(String(index), member);
    });
  }

  forward(x: Tensor): Tensor {
    let y = x;
    for (const member of this.members) y = y === x ? member.call(y) : through(member, y);
    return y;
  }

  override outline(x: Flow): Flow {
    return this.members.reduce<Flow>((y, member) => y.through(member), x);
  }
}

/** The network that {@link resnet20} builds: [N,H,W,C] to logits [N,classes], averaged over time. */
export class SpikingResNet20 extends Module {
  readonly options: Required<Omit<ResNet20Options, 'random'>>;
  readonly stem: Numbered<StemLayer>;
  readonly pool: AvgPool2d | undefined;
  readonly stages: Numbered<Numbered<Block>>;
  readonly head: GlobalAvgPool;
  readonly fc: Linear;
  readonly timeMean: TimeMean;

  constructor(options: ResNet20Options = {}) {
    super();
    const given = resNet20Options.read('resnet20', options);
    const { variant, classes, timesteps, channels, neuron, random } = given;
    checkNeuron('resnet20: neuron', neuron);
    const plan = variants[variant];
    const { width = plan.width } = given;
    const widest = width * Math.max(...plan.stages);
    checkSize(`resnet20 of width ${width}`, [3, 3, widest, widest]);
    this.options = { variant, width, classes, timesteps, channels, neuron };
    const stem = Array.from(
      { length: plan.stem },
      (_, i) => new StemLayer(i === 0 ? channels : width, width, timesteps, neuron, random),
    );
    let cin = width;
    const stages = plan.stages.map((factor, s) => {
      const cout = factor * width;
      const blocks = Array.from({ length: plan.blocks }, (_, b) => {
        const block = new Block(cin, cout, s > 0 && b === 0 ? 2 : 1, neuron, random);
        cin = cout;
        return block;
      });
      return new Numbered(blocks);
    });
    this.stem = this.child('stem', new Numbered(stem));
    this.pool = plan.pool > 1 ? this.child('pool', new AvgPool2d(plan.pool)) : undefined;
    this.stages = this.child('stages', new Numbered(stages));
    this.head = this.child('head', new GlobalAvgPool());
    this.fc = this.child('fc', new Linear(cin, classes, { random }));
    this.timeMean = this.child('timeMean', new TimeMean());
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  /**
   * @param x images [N,H,W,C], repeated T times, or sequences [T,N,H,W,C]
   * @returns logits [N,classes], the mean over time
   */
  forward(x: Tensor): Tensor {
    checkTensor('resnet20', x);
    const { channels } = this.options;
    check(
      (x.shape.length === 4 || x.shape.length === 5) && x.shape.at(-1) === channels,
      'resnet20',
      () => `expects images [N,H,W,${channels}] or sequences [T,N,H,W,${channels}], got [${x.shape}]`,
    );
    let y = this.stem.call(x);
    if (this.pool !== undefined) y = through(this.pool, y);
    y = through(this.stages, y);
    return through(this.timeMean, through(this.fc, through(this.head, y)));
  }

  override outline(x: Flow): Flow {
    const y = x.through(this.stem);
    const pooled = this.pool === undefined ? y : y.through(this.pool);
    return pooled.through(this.stages).through(this.head).through(this.fc).through(this.timeMean);
  }
}

/** The spiking ResNet20. Initial weights: convolutions √(2/(k²·cout)), the last layer 1/in, all normal. */
export function resnet20(options: ResNet20Options = {}): SpikingResNet20 {
  return new SpikingResNet20(options);
}
