// Nodes with windows: Conv1d, Conv2d, SumPool2d, AvgPool2d. Whatever their padding, dilation and groups, they are
// brought to one square-padded convolution: zeros between the taps of a kernel stand for its dilation, zeros around
// it for padding that differs between the axes, zero blocks for groups. A line [L,C] is an image of one row.

import { type Shape, sizeOf } from '../../backends/shape';
import type { Tensor } from '../../core/tensor';
import { check } from '../../errors';
import { add, mul } from '../../ops/arithmetic';
import { reshape, transpose } from '../../ops/layout';
import { array, describeNode, FROM, type NamedNode, optionalArray, wholes } from './attributes';
import type { NirArray } from './graph';
import { NirLayer } from './layer';
import { type Pair, stridedConv } from './strides';

/**
 * Numbers of a kernel with the zeros between and around its taps. A damaged file may ask for any dilation or padding.
 */
const MOST_NUMBERS = 2 ** 25;

function zeroKernel(named: NamedNode, shape: Shape): Float64Array {
  check(
    sizeOf(shape) <= MOST_NUMBERS,
    FROM,
    () =>
      `${describeNode(named)}: its dilation and padding make a kernel of [${shape}], too large to run here`,
  );
  return new Float64Array(sizeOf(shape));
}

/** A kernel [kh,kw,cin,cout] with room for both paddings to be the larger one. */
function squarePadded(
  named: NamedNode,
  kernel: NirArray,
  [py, px]: Pair,
): { kernel: NirArray; padding: number } {
  const padding = Math.max(py, px);
  const [above, left] = [padding - py, padding - px];
  if (above === 0 && left === 0) return { kernel, padding };
  const [kh, kw, cin, cout] = kernel.shape as [number, number, number, number];
  const shape = [kh + 2 * above, kw + 2 * left, cin, cout];
  const data = zeroKernel(named, shape);
  const row = cin * cout;
  for (let y = 0; y < kh; y++) {
    for (let x = 0; x < kw; x++) {
      const from = (y * kw + x) * row;
      data.set(kernel.data.subarray(from, from + row), ((y + above) * shape[1]! + x + left) * row);
    }
  }
  return { kernel: { shape, data, integer: false }, padding };
}

/** OIHW with groups and dilation to a dense [kh,kw,cin,cout]. */
function denseKernel(named: NamedNode, weight: NirArray, groups: number, [dy, dx]: Pair): NirArray {
  const [out, perGroup, kh, kw] = weight.shape as [number, number, number, number];
  const shape = [(kh - 1) * dy + 1, (kw - 1) * dx + 1, perGroup * groups, out];
  const data = zeroKernel(named, shape);
  let from = 0;
  for (let o = 0; o < out; o++) {
    const first = Math.floor(o / (out / groups)) * perGroup;
    for (let i = 0; i < perGroup; i++) {
      for (let y = 0; y < kh; y++) {
        for (let x = 0; x < kw; x++) {
          data[((y * dy * shape[1]! + x * dx) * shape[2]! + first + i) * out + o] = weight.data[from++]!;
        }
      }
    }
  }
  return { shape, data, integer: false };
}

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
  readonly #stride: Pair;
  readonly #padding: number;
  readonly #axes: number;

  constructor(named: NamedNode) {
    super();
    this.#named = named;
    this.#axes = named.node.type === 'Conv1d' ? 1 : 2;
    const found = array(named, 'weight');
    check(found.shape.length === this.#axes + 2, FROM, () => {
      return `${describeNode(named)}: "weight" of shape [${found.shape}] must have ${this.#axes + 2} axes`;
    });
    const weight = { ...found, shape: this.#image(found.shape) };
    const groups = wholes(named, 'groups', 1, 1)[0]!;
    check(weight.shape[0]! % groups === 0, FROM, () => {
      return `${describeNode(named)}: ${groups} groups do not divide ${weight.shape[0]} filters`;
    });
    const dilation = this.#pair(wholes(named, 'dilation', this.#axes, 1), 1);
    const kernel = denseKernel(named, weight, groups, dilation);
    const padding = this.#pair(paddingOf(named, this.#axes, kernel.shape.slice(2 - this.#axes, 2)), 0);
    this.#stride = this.#pair(wholes(named, 'stride', this.#axes, 1));
    const square = squarePadded(named, kernel, padding);
    this.#padding = square.padding;
    this.weight = this.trained('weight', square.kernel, 'conv');
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
    const sum = stridedConv(image, this.weight, this.#stride, this.#padding);
    const y = this.bias === undefined ? sum : add(sum, this.bias);
    return this.#axes === 1 ? reshape(y, [...y.shape.slice(0, 2), ...y.shape.slice(3)]) : y;
  }
}

/** SumPool2d and AvgPool2d: sums of windows, channel by channel; an average counts the padding, as PyTorch's does. */
export class NirPool extends NirLayer {
  readonly #named: NamedNode;
  readonly #stride: Pair;
  readonly #kernel: Tensor;
  readonly #padding: number;
  readonly #window: Pair;

  constructor(named: NamedNode) {
    super();
    this.#named = named;
    this.#window = pairOf(named, 'kernel_size', 1);
    this.#stride = pairOf(named, 'stride', 1);
    const [height, width] = this.#window;
    const shape = [height, width, 1, 1];
    const ones: NirArray = { shape, data: zeroKernel(named, shape).fill(1), integer: false };
    const { kernel, padding } = squarePadded(named, ones, pairOf(named, 'padding', 0));
    this.#padding = padding;
    this.#kernel = this.constant('kernel', kernel);
  }

  forward(x: Tensor): Tensor {
    check(x.shape.length === 5, FROM, () => {
      return `${describeNode(this.#named)} is fed [${x.shape.slice(2)}], expected an image [H,W,C]`;
    });
    const [steps, batch, height, width, channels] = x.shape as [number, number, number, number, number];
    const planes = reshape(transpose(x, [0, 1, 4, 2, 3]), [steps * batch * channels, height, width, 1]);
    const sums = stridedConv(planes, this.#kernel, this.#stride, this.#padding);
    const [, outHeight, outWidth] = sums.shape as [number, number, number, number];
    const y = transpose(reshape(sums, [steps, batch, channels, outHeight, outWidth]), [0, 1, 3, 4, 2]);
    return this.#named.node.type === 'AvgPool2d' ? mul(y, 1 / (this.#window[0] * this.#window[1])) : y;
  }
}

function pairOf(named: NamedNode, key: string, least: number): Pair {
  const [down, across] = wholes(named, key, 2, least);
  return [down!, across!];
}
