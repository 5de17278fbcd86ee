// How the engine sees a shape: T time planes of N images of H x W pixels with C channels. Whatever has fewer axes is an
// image with fewer of them, so that every tensor is one.

import type { ConvGeometry } from '../geometry';
import { type Shape, sizeOf } from '../shape';
import type { ImageLayout } from './buffer';

export interface Images {
  readonly times: number;
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** [T,...,H,W,C], [N,H,W,C], [T,N,C] (one image of N columns), [N,C], [C]. */
export function imagesOf(shape: Shape): Images {
  const rank = shape.length;
  const channels = shape[rank - 1] ?? 1;
  const width = shape[rank - 2] ?? 1;
  if (rank === 3) return { times: shape[0]!, images: 1, height: 1, width, channels };
  const height = shape[rank - 3] ?? 1;
  if (rank <= 4) return { times: 1, images: shape[rank - 4] ?? 1, height, width, channels };
  return { times: shape[0]!, images: sizeOf(shape.slice(1, -3)), height, width, channels };
}

/** A neuron's input [T,...]: whatever its rank, the first axis is time. */
export function sequenceOf(shape: Shape): Images {
  if (shape.length < 3) {
    const channels = sizeOf(shape.slice(1));
    return { times: shape[0]!, images: 1, height: 1, width: 1, channels };
  }
  if (shape.length !== 4) return imagesOf(shape);
  const [times, images, width, channels] = shape as [number, number, number, number];
  return { times, images, height: 1, width, channels };
}

/** The images that a convolution or pooling reads, from its operand's shape; a rank of 3 is one image here. */
export function imagesUnderWindow(
  shape: Shape,
  g: Pick<ConvGeometry, 'batch' | 'height' | 'width' | 'channels'>,
): Images {
  const { height, width, channels } = g;
  const times = shape.length >= 5 && g.batch > 0 ? shape[0]! : 1;
  return { times, images: times === 0 ? 0 : g.batch / times, height, width, channels };
}

/** Dense f32 planes. */
export function denseLayout({ times, images, height, width, channels }: Images): ImageLayout {
  return { times, images, planeBytes: height * width * channels * 4 };
}

/** Spike bits. */
export function bitLayout({ times, images, height, width, channels }: Images): ImageLayout {
  return { times, images, planeBytes: (height * width * channels) / 8 };
}

/** Pixels of a row that are summed in f32, at most: a longer one would lose digits. */
export const LONGEST_ROW = 128;

export const pixelsOf = ({ height, width }: Images) => height * width;

export const numbersIn = ({ times, images, height, width, channels }: Images) =>
  times * images * height * width * channels;
