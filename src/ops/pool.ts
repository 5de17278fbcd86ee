// Average pooling on channels-last images.

import { poolGeometry } from '../backends/geometry';
import { checkTensor, fromHandle, type Tensor } from '../core/tensor';
import { check } from '../errors';
import { type OptionsOf, optional, optionTable, required, whole } from '../options';
import { operation } from './operator';
import { mean } from './reduce';

/** The window of a pooling and how it moves. */
export interface PoolOptions {
  /** Side of the square window. */
  window: number;
  /** Step between windows. Default: the window. */
  stride?: number;
}

export const poolOptions = optionTable({
  window: required(whole({ least: 1 })),
  stride: optional(whole({ least: 1 }), 'the window'),
} satisfies OptionsOf<PoolOptions>);

/**
 * Mean of each window; in ceil mode, so that a window over the edge averages only the pixels that exist.
 * @param x [...,H,W,C]
 * @returns [...,OH,OW,C]
 */
export function avgPool2d(x: Tensor, options: PoolOptions): Tensor {
  checkTensor('avgPool2d', x);
  const { window, stride } = poolOptions.read('avgPool2d', options);
  const geometry = poolGeometry('avgPool2d', x.shape, window, stride);
  const { backend, shape } = x;
  return operation({
    name: 'avgPool2d',
    inputs: [x],
    handle: backend.avgPool2d(x, geometry),
    shape: [...shape.slice(0, -3), geometry.outHeight, geometry.outWidth, geometry.channels],
    backward: (g) => [fromHandle(backend, backend.avgPool2dGradient(g, geometry), shape)],
  });
}

/** Mean over height and width: [...,H,W,C] to [...,C]. */
export function globalAvgPool(x: Tensor): Tensor {
  checkTensor('globalAvgPool', x);
  check(x.shape.length >= 3, 'globalAvgPool', () => `input must be [...,H,W,C], got [${x.shape}]`);
  return mean(x, [-3, -2]);
}
