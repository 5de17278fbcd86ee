// Geometry of convolutions and pooling windows on channels-last images: which output sizes follow from which input
// sizes.

import { check } from '../errors';
import { formatShape, type Shape, sizeOf } from './shape';

/** Lengths up to which sums of two stay within 32 bits: no memory holds a longer axis. */
const MOST = 2 ** 30;

/** A 2-D convolution on [N,H,W,Cin] images with weights [kh,kw,Cin,Cout], zero padding on all sides. */
export interface ConvGeometry {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly filters: number;
  readonly stride: number;
  readonly padding: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/** A non-overlapping or strided average window on [N,H,W,C] images. */
export interface PoolGeometry {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly window: number;
  readonly stride: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

/**
 * Output size floor((H + 2·padding - kh) / stride) + 1, and the same across.
 * @param image shape [...,H,W,Cin]; all leading axes together are the batch
 * @param weight shape [kh,kw,Cin,Cout]
 */
export function convGeometry(
  where: string,
  image: Shape,
  weight: Shape,
  stride = 1,
  padding = 0,
): ConvGeometry {
  check(image.length >= 3, where, () => `input must be [...,H,W,C], got ${formatShape(image)}`);
  check(weight.length === 4, where, () => `weight must be [kh,kw,cin,cout], got ${formatShape(weight)}`);
  check(
    Number.isInteger(stride) && stride >= 1,
    where,
    () => `stride must be a whole number >= 1, got ${stride}`,
  );
  check(
    Number.isInteger(padding) && padding >= 0,
    where,
    () => `padding must be a whole number >= 0, got ${padding}`,
  );
  check(
    stride <= MOST && padding <= MOST,
    where,
    () => `stride ${stride} and padding ${padding} must be at most ${MOST}`,
  );
  const [height, width, channels] = image.slice(-3) as [number, number, number];
  const [kernelHeight, kernelWidth, cin, filters] = weight as [number, number, number, number];
  check(
    cin === channels,
    where,
    () => `weight expects ${cin} input channels, input ${formatShape(image)} has ${channels}`,
  );
  check(
    height + 2 * padding >= kernelHeight && width + 2 * padding >= kernelWidth,
    where,
    () =>
      `kernel ${kernelHeight}x${kernelWidth} is larger than input ${formatShape(image)} with padding ${padding}`,
  );
  for (const [what, length] of [
    ['channels', channels],
    ['filters', filters],
    ['rows in its kernel', kernelHeight],
    ['columns in its kernel', kernelWidth],
  ] as const)
    check(length > 0, where, () => `weight ${formatShape(weight)} has no ${what}: give it at least 1`);
  const batch = sizeOf(image.slice(0, -3));
  const outHeight = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
  const outWidth = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
  return {
    batch,
    height,
    width,
    channels,
    kernelHeight,
    kernelWidth,
    filters,
    stride,
    padding,
    outHeight,
    outWidth,
  };
}

/**
 * Ceil mode: a window that sticks out at the far edge counts, averaging only the pixels that exist, so an odd image
 * keeps its last row and column. Windows that would begin outside the image do not exist.
 */
export function poolGeometry(where: string, image: Shape, window: number, stride = window): PoolGeometry {
  check(image.length >= 3, where, () => `input must be [...,H,W,C], got ${formatShape(image)}`);
  check(
    Number.isInteger(window) && window >= 1,
    where,
    () => `window must be a whole number >= 1, got ${window}`,
  );
  check(
    Number.isInteger(stride) && stride >= 1,
    where,
    () => `stride must be a whole number >= 1, got ${stride}`,
  );
  check(
    stride <= MOST && window <= MOST,
    where,
    () => `window ${window} and stride ${stride} must be at most ${MOST}`,
  );
  const [height, width, channels] = image.slice(-3) as [number, number, number];
  check(height > 0 && width > 0, where, () => `input ${formatShape(image)} has no pixels`);
  const reach = (length: number) => {
    const count = Math.ceil(Math.max(length - window, 0) / stride) + 1;
    return (count - 1) * stride >= length ? count - 1 : count;
  };
  return {
    batch: sizeOf(image.slice(0, -3)),
    height,
    width,
    channels,
    window,
    stride,
    outHeight: reach(height),
    outWidth: reach(width),
  };
}
