// What a convolution's kernels are told of its geometry.

import type { ConvGeometry } from '../../geometry';

/** Kernels for spikes and Winograd: 3x3 windows, one pixel of zeros around, groups of eight channels. */
export function isGrouped(g: ConvGeometry): boolean {
  return (
    g.kernelHeight === 3 &&
    g.kernelWidth === 3 &&
    g.padding === 1 &&
    (g.stride === 1 || g.stride === 2) &&
    g.channels % 8 === 0 &&
    g.filters % 8 === 0
  );
}

/** Multiplications and additions of the dense convolution of one image's planes. */
export function flopOf(g: ConvGeometry, planes: number): number {
  return 2 * planes * g.outHeight * g.outWidth * g.kernelHeight * g.kernelWidth * g.channels * g.filters;
}

/** The image, and the windows on it. */
export function windowArguments(g: ConvGeometry): number[] {
  return [g.height, g.width, g.channels, g.kernelHeight, g.kernelWidth, g.stride, g.padding];
}

/** From the read image to the written one. */
export function forwardArguments(g: ConvGeometry): number[] {
  return [...windowArguments(g), g.outHeight, g.outWidth, g.filters];
}

/** The same the other way round. */
export function backwardArguments(g: ConvGeometry): number[] {
  return [
    g.outHeight,
    g.outWidth,
    g.filters,
    g.kernelHeight,
    g.kernelWidth,
    g.stride,
    g.padding,
    g.height,
    g.width,
    g.channels,
  ];
}
