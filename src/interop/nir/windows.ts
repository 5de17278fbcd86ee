// Nodes with windows: Conv1d, Conv2d, SumPool2d, AvgPool2d. A line [L,C] is an image of one row.

import type { Shape } from '../../backends/shape';
import { ones } from '../../core/create';
import { scope } from '../../core/scope';
import type { Tensor } from '../../core/tensor';
import { check } from '../../errors';
import { mul } from '../../ops/arithmetic';
import { conv2d } from '../../ops/conv';
import { reshape } from '../../ops/layout';
import { pad } from '../../ops/pad';
import { fromFileLayout } from '../layout';
import { array, describeNode, FROM, type NamedNode, optionalArray, wholes } from './attributes';
import { NirLayer } from './layer';

/** Down, across. */
type Pair = readonly [number, number];

/** By axis, or 'same'. */
function paddingOf(named: NamedNode, count: number): number[] | 'same' {
  const value = named.node.attributes.get('padding');
  if (value === 'same') return value;
  return value === 'valid' ? Array.from({ length: count }, () => 0) : wholes(named, 'padding', count, 0);
}

/** Conv2d, and Conv1d as one row. */
export class NirConv extends NirLayer {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
  readonly #named: NamedNode;
  readonly #windows: { stride: Pair; padding: Pair | 'same'; dilation: Pair; groups: number };
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
    const padding = paddingOf(named, this.#axes);
    this.#windows = {
      stride: this.#pair(wholes(named, 'stride', this.#axes, 1)),
      padding: padding === 'same' ? padding : this.#pair(padding, 0),
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
    return scope(() => {
      const { padding, ...windows } = this.#windows;
      const image = reshape(x, this.#image(x.shape));
      const around = padding === 'same' ? padSame(image, this.#reach(), windows.stride) : image;
      const options = { ...windows, padding: padding === 'same' ? 0 : padding, bias: this.bias };
      const y = conv2d(around, this.weight, options);
      return this.#axes === 1 ? reshape(y, [...y.shape.slice(0, 2), ...y.shape.slice(3)]) : y;
    });
  }

  /** How many pixels a window spans down and across. */
  #reach(): Pair {
    const [down, across] = [0, 1].map(
      (axis) => (this.weight.shape[axis]! - 1) * this.#windows.dilation[axis]! + 1,
    );
    return [down!, across!];
  }
}

/**
 * Zeros around images [T,N,H,W,C], so that windows give ⌈length / stride⌉ values: the odd row below, the odd column
 * right.
 */
function padSame(x: Tensor, reach: Pair, stride: Pair): Tensor {
  const sides = [0, 1].map((axis): [number, number] => {
    const [length, step] = [x.shape[axis + 2]!, stride[axis]!];
    const lacking = Math.max(0, (Math.ceil(length / step) - 1) * step + reach[axis]! - length);
    return [Math.floor(lacking / 2), Math.ceil(lacking / 2)];
  });
  return pad(x, [[0, 0], [0, 0], ...sides, [0, 0]]);
}

/** SumPool2d and AvgPool2d: sums of windows, channel by channel; an average counts the padding, as PyTorch's does. */
export class NirPool extends NirLayer {
  readonly #named: NamedNode;
  readonly #stride: Pair;
  readonly #padding: Pair | 'same';
  readonly #window: Pair;

  /** @param same whether any padding stands for 'same' */
  constructor(named: NamedNode, same: boolean) {
    super();
    this.#named = named;
    this.#window = pairOf(named, 'kernel_size', 1);
    this.#stride = pairOf(named, 'stride', 1);
    const padding = pairOf(named, 'padding', 0);
    this.#padding = same && Math.max(...padding) > 0 ? 'same' : padding;
  }

  forward(x: Tensor): Tensor {
    check(x.shape.length === 5, FROM, () => {
      return `${describeNode(this.#named)} is fed [${x.shape.slice(2)}], expected an image [H,W,C]`;
    });
    const [height, width] = this.#window;
    const channels = x.shape[4]!;
    return scope(() => {
      const each = ones([height, width, 1, channels], { backend: x.backend });
      const [stride, padding] = [this.#stride, this.#padding];
      const sums =
        padding === 'same'
          ? conv2d(padSame(x, this.#window, stride), each, { stride, padding: 0, groups: channels })
          : conv2d(x, each, { stride, padding, groups: channels });
      return this.#named.node.type === 'AvgPool2d' ? mul(sums, 1 / (height * width)) : sums;
    });
  }
}

function pairOf(named: NamedNode, key: string, least: number): Pair {
  const [down, across] = wholes(named, key, 2, least);
  return [down!, across!];
}
