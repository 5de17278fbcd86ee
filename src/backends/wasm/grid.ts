// What kernels are told of windows with a grid of their own along each axis, by their names.

import type { WindowGrid } from '../windows';
import type { Images } from './images';

export function gridArguments(g: WindowGrid) {
  const { rows, columns } = g;
  return {
    H: g.height,
    W: g.width,
    kh: rows.size,
    kw: columns.size,
    strideY: rows.stride,
    strideX: columns.stride,
    padY: rows.padding,
    padX: columns.padding,
    dilY: rows.dilation,
    dilX: columns.dilation,
    OH: g.outHeight,
    OW: g.outWidth,
  };
}

/** The images that come out, from those that go in. */
export function outImagesOf(images: Images, g: WindowGrid, channels: number): Images {
  return { ...images, height: g.outHeight, width: g.outWidth, channels };
}
