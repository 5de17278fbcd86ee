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

/** Spikes are added up pixel by pixel: 1x1 windows without padding, groups of eight channels and of four filters. */
export function isPointwise(g: ConvGeometry): boolean {
  return (
    g.kernelHeight === 1 &&
    g.kernelWidth === 1 &&
    g.padding === 0 &&
    g.channels % 8 === 0 &&
    g.filters % 4 === 0
  );
}

/** Multiplications and additions of the dense convolution of one image's planes. */
export function flopOf(g: ConvGeometry, planes: number): number {
  return 2 * planes * g.outHeight * g.outWidth * g.kernelHeight * g.kernelWidth * g.channels * g.filters;
}

/** What kernels are told of it, by their names: the image read, the windows on it, and the image written. */
export function geometryArguments(g: ConvGeometry) {
  return {
    H: g.height,
    W: g.width,
    cin: g.channels,
    kh: g.kernelHeight,
    kw: g.kernelWidth,
    stride: g.stride,
    padding: g.padding,
    OH: g.outHeight,
    OW: g.outWidth,
    cout: g.filters,
  };
}
