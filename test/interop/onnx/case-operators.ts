// The operators of ONNX as they are called here: a node's attributes become options of the same meaning. What there is
// no option for is handed over under its name, so that the function itself refuses it.

import { tensor } from '../../../src/core/create';
import type { Tensor } from '../../../src/core/tensor';
import { fromFileLayout } from '../../../src/interop/layout';
import { Dropout, Flatten } from '../../../src/nn';
import * as ops from '../../../src/ops';
import { tdbn } from '../../../src/snn';

export interface Given {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface Node {
  readonly operator: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly string[];
  /** By position; an input that is left out is undefined. */
  readonly given: readonly (Given | undefined)[];
}

type Options = Record<string, unknown>;

const plain = (given: Given) => tensor(given.data, given.shape);
const orders = (rank: number) => Array.from({ length: rank }, (_, axis) => axis);

/** [N,C,...] to [N,...,C]. */
function image(given: Given): Tensor {
  const axes = orders(given.shape.length);
  return ops.transpose(plain(given), [0, ...axes.slice(2), 1]);
}

/** [N,...,C] to [N,C,...]. */
function back(y: Tensor): Tensor {
  const last = y.shape.length - 1;
  return ops.transpose(y, [0, last, ...orders(last).slice(1)]);
}

/** A kernel [O,I,kh,kw], or [I,O,kh,kw], as it lies here; one of more or fewer axes as it is. */
function kernel(given: Given): Tensor {
  const { data, shape } = fromFileLayout(given, 'conv');
  return tensor(data, shape);
}

/** Zeros before and behind, one number an axis where both are the same; else as they are, which no option takes. */
function paddingOf(pads: readonly number[]): readonly number[] {
  const half = pads.length / 2;
  return pads.slice(0, half).every((count, axis) => count === pads[axis + half]) ? pads.slice(0, half) : pads;
}

/** Attributes that mean an option of another name, or nothing. */
const TRANSLATED: Readonly<Record<string, (value: never) => Options>> = {
  kernel_shape: (window: readonly number[]) => ({ window }),
  strides: (stride: readonly number[]) => ({ stride }),
  dilations: (dilation: readonly number[]) => ({ dilation }),
  pads: (pads: readonly number[]) => ({ padding: paddingOf(pads) }),
  group: (groups: number) => ({ groups }),
  ceil_mode: (ceil: number) => ({ ceil: ceil === 1 }),
  count_include_pad: (count: number) => ({ countIncludePad: count === 1 }),
  output_padding: (outputPadding: readonly number[]) => ({ outputPadding }),
  auto_pad: (way: string) => (way === 'VALID' || way === 'NOTSET' ? {} : { autoPad: way }),
  output_shape: (outputShape: readonly number[]) => ({ outputShape }),
  storage_order: (order: number) => (order === 0 ? {} : { storageOrder: order }),
};

function optionsOf(attributes: Node['attributes'], without: readonly string[] = []): Options {
  const entries = Object.entries(attributes).filter(([name]) => !without.includes(name));
  return Object.assign({}, ...entries.map(([name, value]) => TRANSLATED[name]!(value as never))) as Options;
}

/** A kernel says its own size. */
const ofKernel = ({ attributes }: Node) => optionsOf(attributes, ['kernel_shape']) as never;
const biasOf = ({ given: [, , bias] }: Node): Options => (bias === undefined ? {} : { bias: plain(bias) });

/** A node's outputs. @throws SpikegradError where there is no such option or shape */
export const OPERATORS: Readonly<Record<string, (node: Node) => readonly Tensor[]>> = {
  Conv(node) {
    const [x, w] = node.given;
    return [back(ops.conv2d(image(x!), kernel(w!), { ...biasOf(node), ...(ofKernel(node) as Options) }))];
  },
  ConvTranspose(node) {
    const [x, w] = node.given;
    const options = { ...biasOf(node), ...(ofKernel(node) as Options) };
    return [back(ops.convTranspose2d(image(x!), kernel(w!), options))];
  },
  MaxPool({ attributes, given: [x], outputs }) {
    const indices = outputs.length > 1 ? { indices: true } : {};
    return [back(ops.maxPool2d(image(x!), { stride: 1, ...optionsOf(attributes), ...indices } as never))];
  },
  AveragePool({ attributes, given: [x] }) {
    const usual = { stride: 1, ceil: false, countIncludePad: false };
    return [back(ops.avgPool2d(image(x!), { ...usual, ...optionsOf(attributes) } as never))];
  },
  GlobalAveragePool: ({ given: [x] }) => [ops.globalAvgPool(image(x!))],
  BatchNormalization({ attributes, given }) {
    const [x, weight, bias, runningMean, runningVariance] = given.map((one) => one!);
    const { epsilon = 1e-5, momentum = 0.9, training_mode = 0 } = attributes as Record<string, number>;
    const state = {
      weight: plain(weight!),
      bias: plain(bias!),
      runningMean: plain(runningMean!),
      runningVariance: plain(runningVariance!),
    };
    const options = { vth: 1, epsilon, momentum: 1 - momentum };
    const y = back(tdbn(image(x!), state, training_mode === 1, options));
    if (training_mode === 0) return [y];
    // the unbiased variance goes into the running one here, as in PyTorch; in ONNX the biased one
    const old = ops.mul(plain(runningVariance!), momentum);
    const count = x!.data.length / weight!.data.length;
    const fresh = ops.mul(ops.sub(state.runningVariance, old), (count - 1) / count);
    return [y, state.runningMean, ops.add(old, fresh)];
  },
  Gemm({ attributes, given: [a, b, c] }) {
    const { alpha = 1, beta = 1, transA = 0, transB = 0 } = attributes as Record<string, number>;
    const flags = { transposeA: transA === 1, transposeB: transB === 1 };
    const product = ops.mul(ops.matmul(plain(a!), plain(b!), flags), alpha);
    return [c === undefined ? product : ops.add(product, ops.mul(plain(c), beta))];
  },
  Flatten({ attributes, given: [x] }) {
    const { axis = 1 } = attributes as Record<string, number>;
    const rank = x!.shape.length;
    const rows = axis < 0 ? axis + rank : axis;
    const columns = rank === rows ? ops.reshape(plain(x!), [...x!.shape, 1]) : plain(x!);
    const flat = new Flatten(Math.max(1, rank - rows)).call(columns);
    return [ops.reshape(flat, [-1, flat.shape.at(-1)!])];
  },
  Dropout({ attributes, given: [x, ratio, training], outputs }) {
    const p = ratio?.data[0] ?? 0.5;
    const isDrawn = training?.data[0] === 1 && p > 0; // else a seed says nothing
    const options = { ...(isDrawn && attributes), ...(outputs.length > 1 && { mask: true }) };
    const layer = new Dropout(p, options as never);
    return [(isDrawn ? layer : layer.evaluate()).call(plain(x!))];
  },
  MatMul: ({ given: [a, b] }) => [ops.matmul(plain(a!), plain(b!))],
};
