// Average and max pooling on channels-last images.

import { type PoolGeometry, poolGeometry } from '../backends/geometry';
import { formatShape, type Shape } from '../backends/shape';
import { checkEveryWindow, type WindowGrid, windowGrid } from '../backends/windows';
import { ones, tensor } from '../core/create';
import { scope } from '../core/scope';
import { checkTensor, fromHandle, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { flag, type OptionsOf, option, optional, optionTable, required, takesNoMore } from '../options';
import { mul } from './arithmetic';
import { convolved } from './conv';
import { operation } from './operator';
import { mean } from './reduce';
import { type PerAxis, perAxis, sidesOf } from './sides';

/** The window of a pooling and how it moves. */
export interface PoolOptions {
  /** The window's sides. */
  window: PerAxis;
  /** Step between windows. Default: the window. */
  stride?: PerAxis;
  /** Pixels around the image that windows may reach into, at most half of the window. Default 0. */
  padding?: PerAxis;
  /**
   * Whether a window that sticks out at the far edge counts; else what it would have covered is left out, as PyTorch
   * does by default. Default true.
   */
  ceil?: boolean;
  /** Whether the padding counts as zeros that are averaged too. Default true. */
  countIncludePad?: boolean;
}

export const poolOptions = optionTable({
  window: required(perAxis(1)),
  stride: optional(perAxis(1), 'the window'),
  padding: option(perAxis(0), 0),
  ceil: option(flag, true),
  countIncludePad: option(flag, true),
} satisfies OptionsOf<PoolOptions>);

/** The options of an average pooling, filled in. */
export interface PoolSettings {
  readonly window: PerAxis;
  readonly stride: PerAxis;
  readonly padding: PerAxis;
  readonly ceil: boolean;
  readonly countIncludePad: boolean;
}

/** By the geometry that its kernels take: square windows without padding have faster ones. */
export function averagingOf(where: string, image: Shape, s: PoolSettings): PoolGeometry | WindowGrid {
  const [window, stride, padding] = [sidesOf(s.window), sidesOf(s.stride), sidesOf(s.padding)];
  const isSquare = window[0] === window[1] && stride[0] === stride[1] && padding[0] === 0 && padding[1] === 0;
  if (isSquare && s.ceil) return poolGeometry(where, image, window[0], stride[0]);
  const grid = windowGrid(where, image, { window, stride, padding, dilation: [1, 1] }, s.ceil);
  checkEveryWindow(where, grid);
  if (!isSquare) return grid;
  const { outHeight, outWidth } = grid;
  return { ...poolGeometry(where, image, window[0], stride[0]), outHeight, outWidth };
}

/**
 * Mean of each window. By default in ceil mode and without padding, where a window over the edge averages only the
 * pixels that exist.
 * @param x [...,H,W,C]
 * @returns [...,OH,OW,C]
 * @throws where a window is larger than the image, or the padding more than half of it
 */
export function avgPool2d(x: Tensor, options: PoolOptions): Tensor {
  checkTensor('avgPool2d', x);
  const read = poolOptions.read('avgPool2d', options);
  const g = averagingOf('avgPool2d', x.shape, { ...read, stride: read.stride ?? read.window });
  if ('rows' in g) return averaged(x, g, read.countIncludePad);
  const { backend, shape } = x;
  return operation({
    name: 'avgPool2d',
    inputs: [x],
    handle: backend.avgPool2d(x, g),
    shape: [...shape.slice(0, -3), g.outHeight, g.outWidth, g.channels],
    backward: (dy) => [fromHandle(backend, backend.avgPool2dGradient(dy, g), shape)],
  });
}

/** Sums of the windows, as a depthwise convolution with ones, by the pixels of each. */
function averaged(x: Tensor, g: WindowGrid, countIncludePad: boolean): Tensor {
  const { rows, columns, channels, outHeight, outWidth } = g;
  const counts = (axis: WindowGrid['rows'], count: number, length: number) =>
    Array.from({ length: count }, (_, o) => {
      const from = o * axis.stride - axis.padding;
      const to = Math.min(from + axis.size, length + axis.padding);
      return countIncludePad ? to - from : Math.min(to, length) - Math.max(from, 0);
    });
  const [down, across] = [counts(rows, outHeight, g.height), counts(columns, outWidth, g.width)];
  return scope(() => {
    const { backend } = x;
    const shares = down.flatMap((height) => across.map((width) => 1 / (height * width)));
    const weight = ones([rows.size, columns.size, 1, channels], { backend });
    const sums = convolved('avgPool2d', x, weight, {
      ...g,
      filters: channels,
      groups: Math.max(1, channels),
    });
    return mul(sums, tensor(shares, [outHeight, outWidth, 1], { backend }));
  });
}

/** The window of a max pooling and how it moves. */
export interface MaxPoolOptions {
  /** The window's sides. */
  window: PerAxis;
  /** Step between windows. Default: the window. */
  stride?: PerAxis;
  /** Pixels around the image that windows may reach into, at most half of the window. Default 0. */
  padding?: PerAxis;
  /** Pixels from one of the window's to the next. Default 1. */
  dilation?: PerAxis;
  /** Whether a window that sticks out at the far edge counts; else it is left out, as in PyTorch. Default false. */
  ceil?: boolean;
}

export const maxPoolOptions = optionTable({
  window: required(perAxis(1)),
  stride: optional(perAxis(1), 'the window'),
  padding: option(perAxis(0), 0),
  dilation: option(perAxis(1), 1),
  ceil: option(flag, false),
} satisfies OptionsOf<MaxPoolOptions>);

/** The options of a max pooling, filled in. */
export interface MaxPoolSettings extends Omit<PoolSettings, 'countIncludePad'> {
  readonly dilation: PerAxis;
}

/** @throws where a window is larger than the image, or lies in the padding alone */
export function maximaOf(where: string, image: Shape, s: MaxPoolSettings): WindowGrid {
  const settings = {
    window: sidesOf(s.window),
    stride: sidesOf(s.stride),
    padding: sidesOf(s.padding),
    dilation: sidesOf(s.dilation),
  };
  const grid = windowGrid(where, image, settings, s.ceil);
  checkEveryWindow(where, grid);
  return grid;
}

/**
 * The largest number of each window: PyTorch's `max_pool2d`. Of spikes it is 1 where any pixel spikes, and they stay
 * spikes. Of equal numbers the first counts, row by row, and takes the gradient; NaN counts as the largest, the last of
 * several. Padding holds no numbers.
 * @param x [...,H,W,C]
 * @returns [...,OH,OW,C]
 * @throws where a window is larger than the image, or the padding more than half of it
 */
export function maxPool2d(x: Tensor, options: MaxPoolOptions): Tensor {
  checkTensor('maxPool2d', x);
  const read = maxPoolOptions.read('maxPool2d', options);
  const g = maximaOf('maxPool2d', x.shape, { ...read, stride: read.stride ?? read.window });
  const { backend, shape } = x;
  return operation({
    name: 'maxPool2d',
    inputs: [x],
    handle: backend.maxPool2d(x, g),
    shape: [...shape.slice(0, -3), g.outHeight, g.outWidth, g.channels],
    saved: [x],
    backward: (dy, [input]) => [fromHandle(backend, backend.maxPool2dGradient(dy, input!, g), shape)],
  });
}

/** Mean over height and width: [...,H,W,C] to [...,C]. */
export function globalAvgPool(x: Tensor): Tensor;
export function globalAvgPool(x: Tensor, ...more: unknown[]): Tensor {
  takesNoMore('globalAvgPool', more);
  checkTensor('globalAvgPool', x);
  check(x.shape.length >= 3, 'globalAvgPool', () => `input must be [...,H,W,C], got ${formatShape(x.shape)}`);
  return mean(x, [-3, -2]);
}
