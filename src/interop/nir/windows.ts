// Nodes with windows: Conv1d, Conv2d, SumPool2d, AvgPool2d. A line [L,C] is an image of one row.

import type { Shape } from '../../backends/shape';
import { ones } from '../../core/create';
import { scope } from '../../core/scope';
import type { Tensor } from '../../core/tensor';
import { check } from '../../errors';
import { mul } from '../../ops/arithmetic';
import { conv2d } from '../../ops/conv';
import { reshape } from '../../ops/layout';
import { fromFileLayout } from '../layout';
import { array, describeNode, FROM, type NamedNode, optionalArray, wholes } from './attributes';
import { NirLayer } from './layer';

/** Down, across. */
type Pair = readonly [number, number];

function paddingOf(named: NamedNode, count: number, kernel: readonly number[]): number[] {
  const value = named.node.attributes.get('padding');
  if (value === 'valid') return kernel.map(() => 0);
  if (value === 'same') {
    check(
      kernel.every((length) => length % 2 === 1),
      FROM,
      () => {
        return `${describeNode(named)}: padding "same" with an even kernel [${kernel}] is lopsided, which is not supported`;
      },
    );
    return kernel.map((length) => (length - 1) / 2);
  }
  return wholes(named, 'padding', count, 0);
}

/** Conv2d, and Conv1d as one row. */
export class NirConv extends NirLayer {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
  readonly #named: NamedNode;
  readonly #windows: { stride: Pair; padding: Pair; dilation: Pair; groups: number };
  readonly #axes: number;

  constructor(named: NamedNode) {
    super();
    this.#named = named;
    this.#axes = named.node.type === 'Conv1d' ? 1 : 2;
    const found = array(named, 'weight');
    check(found.shape.length === this.#axes + 2, FROM, () => {
      return `${describeNode(named)}: "weight" of shape [${found.shape}] must have ${this.#axes + 2} axes`;
    });
    const shape = this.#image(found.shape);
    const groups = wholes(named, 'groups', 1, 1)[0]!;
    check(shape[0]! % groups === 0, FROM, () => {
      return `${describeNode(named)}: ${groups} groups do not divide ${shape[0]} filters`;
    });
    const apart = wholes(named, 'dilation', this.#axes, 1);
    const reach = found.shape.slice(2).map((length, i) => (length - 1) * apart[i]! + 1);
    this.#windows = {
      stride: this.#pair(wholes(named, 'stride', this.#axes, 1)),
      padding: this.#pair(paddingOf(named, this.#axes, reach), 0),
      dilation: this.#pair(apart, 1),
      groups,
    };
    this.weight = this.trained('weight', fromFileLayout({ data: found.data, shape }, 'conv'), 'conv');
    const bias = optionalArray(named, 'bias');
    this.bias = bias === undefined ? undefined : this.trained('bias', bias);
  }

  /** For both axes; the row of Conv1d takes `single`, or what the line takes. */
  #pair(values: readonly number[], single = values[0]!): Pair {
    return this.#axes === 1 ? [single, values[0]!] : [values[0]!, values[1]!];
  }

  /** A line's shape with a row axis of length 1. */
  #image(shape: Shape): Shape {
    return this.#axes === 1 ? [...shape.slice(0, 2), 1, ...shape.slice(2)] : shape;
  }

  forward(x: Tensor): Tensor {
    check(x.shape.length === this.#axes + 3, FROM, () => {
      return `${describeNode(this.#named)} is fed [${x.shape.slice(2)}] (channels last), expected ${this.#axes + 1} axes`;
    });
    const image = reshape(x, this.#image(x.shape));
    const y = conv2d(image, this.weight, { ...this.#windows, bias: this.bias });
    return this.#axes === 1 ? reshape(y, [...y.shape.slice(0, 2), ...y.shape.slice(3)]) : y;
  }
}

/** SumPool2d and AvgPool2d: sums of windows, channel by channel; an average counts the padding, as PyTorch's does. */
export class NirPool extends NirLayer {
  readonly #named: NamedNode;
  readonly #stride: Pair;
  readonly #padding: Pair;
  readonly #window: Pair;

  constructor(named: NamedNode) {
    super();
    this.#named = named;
    this.#window = pairOf(named, 'kernel_size', 1);
    this.#stride = pairOf(named, 'stride', 1);
    this.#padding = pairOf(named, 'padding', 0);
  }

  forward(x: Tensor): Tensor {
    check(x.shape.length === 5, FROM, () => {
      return `${describeNode(this.#named)} is fed [${x.shape.slice(2)}], expected an image [H,W,C]`;
    });
    const [height, width] = this.#window;
    const channels = x.shape[4]!;
    return scope(() => {
      const each = ones([height, width, 1, channels], { backend: x.backend });
      const sums = conv2d(x, each, { stride: this.#stride, padding: this.#padding, groups: channels });
      return this.#named.node.type === 'AvgPool2d' ? mul(sums, 1 / (height * width)) : sums;
    });
  }
}

function pairOf(named: NamedNode, key: string, least: number): Pair {
  const [down, across] = wholes(named, key, 2, least);
  return [down!, across!];
}
