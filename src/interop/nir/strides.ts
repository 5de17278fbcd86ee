// Convolution with one stride down and another across. conv2d has a single one, so it runs at their greatest common
// divisor and every so manieth row and column of its result is kept. With equal strides that is conv2d itself.

import type { Tensor } from '../../core/tensor';
import { conv2d } from '../../ops/conv';
import { concat, reshape, select, slice } from '../../ops/layout';

/** Down, across. */
export type Pair = readonly [number, number];

/**
 * @param x [...,H,W,Cin]
 * @param weight [kh,kw,Cin,Cout]
 * @param padding of both axes
 */
export function stridedConv(x: Tensor, weight: Tensor, [down, across]: Pair, padding: number): Tensor {
  const stride = commonDivisor(down, across);
  const dense = conv2d(x, weight, { stride, padding });
  const rows = dense.shape.length - 3;
  return everyNth(everyNth(dense, rows, down / stride), rows + 1, across / stride);
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/**
 * The entries 0, step, 2·step, … of an axis: the first of each whole block, and what begins the last, shorter or not.
 */
function everyNth(x: Tensor, axis: number, step: number): Tensor {
  if (step === 1) return x;
  const { shape } = x;
  const blocks = Math.floor((shape[axis]! - 1) / step);
  const begin = shape.map((_, i) => (i === axis ? blocks * step : 0));
  const last = slice(x, begin, shape.with(axis, blocks * step + 1));
  if (blocks === 0) return last;
  const whole = slice(x, [], shape.with(axis, blocks * step));
  const split = reshape(whole, shape.toSpliced(axis, 1, blocks, step));
  return concat([select(split, axis + 1, 0), last], axis);
}
