// Sums, means, variances and extrema over axes.

import { normalAxes, type Shape, sameShape, sizeOf } from '../backends/shape';
import { scope } from '../core/scope';
import { checkTensor, fromHandle, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { flag, type OptionsOf, option, optionTable } from '../options';
import { div, mul, sub } from './arithmetic';
import { equal } from './compare';
import { neg } from './functions';
import { broadcastTo, reshape } from './layout';
import { operation } from './operator';

/** Whether a reduction keeps the axes that it reduces. */
export interface ReduceOptions {
  /** Keep reduced axes with length 1. Default false. */
  keepAxes?: boolean;
}

export const reduceOptions = optionTable({
  keepAxes: option(flag, false),
} satisfies OptionsOf<ReduceOptions>);

/** One axis, several, or (undefined) all; negative ones count from the back. */
export type Axes = number | readonly number[];

/** The shape with `axes` set to 1, and the shape without them. */
function reducedShapes(shape: Shape, axes: readonly number[]): { kept: number[]; dropped: number[] } {
  return {
    kept: shape.map((length, axis) => (axes.includes(axis) ? 1 : length)),
    dropped: shape.filter((_, axis) => !axes.includes(axis)),
  };
}

/** Σ x over `axes`. */
export function sum(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  return sumFor('sum', x, axes, options);
}

function sumFor(where: string, x: Tensor, axes: Axes | undefined, options: ReduceOptions): Tensor {
  checkTensor(where, x);
  const { keepAxes } = reduceOptions.read(where, options);
  const list = normalAxes(where, axes, x.shape.length);
  const { kept, dropped } = reducedShapes(x.shape, list);
  const { shape } = x;
  return operation({
    name: 'sum',
    inputs: [x],
    handle: x.backend.reduce('sum', x, list),
    shape: keepAxes ? kept : dropped,
    backward: (g) => [broadcastTo(reshape(g, kept), shape)],
  });
}

/** Mean over `axes`. @throws over no elements */
export function mean(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  return scope(() => div(sumFor('mean', x, axes, options), countOver('mean', x, axes)));
}

/** Biased variance over `axes`: the mean of (x - mean)². @throws over no elements */
export function variance(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  countOver('variance', x, axes);
  reduceOptions.check('variance', options);
  return scope(() => {
    const deviation = sub(x, mean(x, axes, { keepAxes: true }));
    return mean(mul(deviation, deviation), axes, options);
  });
}

/** Largest element over `axes`; equal ones share the gradient. @throws over no elements */
export function max(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  countOver('max', x, axes);
  const { keepAxes } = reduceOptions.read('max', options);
  const list = normalAxes('max', axes, x.shape.length);
  const { kept, dropped } = reducedShapes(x.shape, list);
  return operation({
    name: 'max',
    inputs: [x],
    handle: x.backend.reduce('max', x, list),
    shape: keepAxes ? kept : dropped,
    saved: [x, 'output'],
    backward: (g, [v, largest]) => {
      const ties = equal(v!, reshape(largest!, kept));
      return [mul(ties, reshape(div(reshape(g, kept), sum(ties, list, { keepAxes: true })), kept))];
    },
  });
}

/** Smallest element over `axes`; equal ones share the gradient. @throws over no elements */
export function min(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  countOver('min', x, axes);
  reduceOptions.check('min', options);
  return scope(() => neg(max(neg(x), axes, options)));
}

/** How many elements each result is made of. @throws where there are none */
export function countOver(where: string, x: Tensor, axes: Axes | undefined): number {
  checkTensor(where, x);
  const list = normalAxes(where, axes, x.shape.length);
  const count = sizeOf(list.map((axis) => x.shape[axis]!));
  check(count > 0, where, () => `axes [${list}] of [${x.shape}] hold no elements`);
  return count;
}

/** A gradient over a broadcast shape, summed back to the operand's own shape. Used in backward passes only. */
export function sumTo(g: Tensor, shape: Shape): Tensor {
  if (sameShape(g.shape, shape)) return g;
  const missing = g.shape.length - shape.length;
  const axes = g.shape.flatMap((length, axis) =>
    axis < missing || (shape[axis - missing] === 1 && length !== 1) ? [axis] : [],
  );
  return fromHandle(g.backend, g.backend.reduce('sum', g, axes), shape);
}
