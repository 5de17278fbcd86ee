// Nodes without memory that act on each value or on a list of values: Linear, Affine, Scale, Threshold, Flatten, and
// Input and Output, which pass on what they get.

import { sizeOf } from '../../backends/shape';
import type { Tensor } from '../../core/tensor';
import { check } from '../../errors';
import { mul } from '../../ops/arithmetic';
import { greater } from '../../ops/compare';
import { reshape, transpose } from '../../ops/layout';
import { linear } from '../../ops/matmul';
import { fromFileLayout } from '../layout';
import { array, channelLast, describeNode, FROM, type NamedNode, wholes } from './attributes';
import { NirLayer } from './layer';

export class NirIdentity extends NirLayer {
  forward(x: Tensor): Tensor {
    return x;
  }
}

/** y = W·x, and + b for Affine; W is [out,in] in the file. */
export class NirLinear extends NirLayer {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;

  constructor(private readonly named: NamedNode) {
    super();
    const weight = array(named, 'weight');
    check(weight.shape.length === 2, FROM, () => {
      return `${describeNode(named)}: "weight" must be [out,in], got [${weight.shape}]`;
    });
    this.weight = this.trained('weight', fromFileLayout(weight, 'linear'), 'linear');
    this.bias = named.node.type === 'Affine' ? this.trained('bias', array(named, 'bias')) : undefined;
  }

  override get restShape(): readonly number[] {
    return [this.weight.shape[0]!];
  }

  forward(x: Tensor): Tensor {
    const inputs = this.weight.shape[0]!;
    check(x.shape.length === 3 && x.shape[2] === inputs, FROM, () => {
      const axes = x.shape.slice(2);
      const hint =
        axes.length > 1 && sizeOf(axes) === inputs ? '; a Flatten before it would make them one axis' : '';
      return `${describeNode(this.named)} takes ${inputs} numbers, it is fed [${axes}]${hint}`;
    });
    return linear(x, this.weight, this.bias);
  }
}

/** y = x ⊙ s. */
export class NirScale extends NirLayer {
  readonly scale: Tensor;

  constructor(named: NamedNode) {
    super();
    this.scale = this.trained('scale', channelLast(array(named, 'scale')));
  }

  override get restShape(): readonly number[] {
    return this.scale.shape;
  }

  forward(x: Tensor): Tensor {
    return mul(x, this.scale);
  }
}

/** 1 where x > threshold. Without gradient. */
export class NirThreshold extends NirLayer {
  readonly threshold: Tensor;

  constructor(named: NamedNode) {
    super();
    this.threshold = this.constant('threshold', channelLast(array(named, 'threshold')));
  }

  override get restShape(): readonly number[] {
    return this.threshold.shape;
  }

  forward(x: Tensor): Tensor {
    return greater(x, this.threshold);
  }
}

/** The axes from start_dim to end_dim in one, counted as in the file: channels first, without time and batch. */
export class NirFlatten extends NirLayer {
  readonly #start: number;
  readonly #end: number;

  /** @param last whether what is flattened as a whole counts channels last all the same */
  constructor(
    private readonly named: NamedNode,
    private readonly last: boolean,
  ) {
    super();
    this.#start = wholes(named, 'start_dim', 1, -8)[0]!;
    this.#end = wholes(named, 'end_dim', 1, -8)[0]!;
  }

  forward(x: Tensor): Tensor {
    if (this.last && this.#start === 0 && this.#end === -1)
      return reshape(x, [...x.shape.slice(0, 2), sizeOf(x.shape.slice(2))]);
    const first = moveChannels(x, 'first');
    const axes = first.shape.slice(2);
    const [start, end] = [this.#start, this.#end].map((axis) => (axis < 0 ? axis + axes.length : axis));
    check(start! >= 0 && start! <= end! && end! < axes.length, FROM, () => {
      return `${describeNode(this.named)}: start_dim ${this.#start} and end_dim ${this.#end} do not fit [${axes}]`;
    });
    const flat = [...axes.slice(0, start), sizeOf(axes.slice(start, end! + 1)), ...axes.slice(end! + 1)];
    return moveChannels(reshape(first, [...first.shape.slice(0, 2), ...flat]), 'last');
  }
}

/** [T,N,H,W,C] to [T,N,C,H,W] or back; without channels nothing changes. */
function moveChannels(x: Tensor, where: 'first' | 'last'): Tensor {
  const rank = x.shape.length;
  if (rank < 4) return x;
  const between = Array.from({ length: rank - 3 }, (_, axis) => axis + (where === 'first' ? 2 : 3));
  return transpose(x, where === 'first' ? [0, 1, rank - 1, ...between] : [0, 1, ...between, 2]);
}
