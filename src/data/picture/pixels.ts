// The bytes of a decoded picture: three of a pixel, on white where it is see-through; whether it is grey; and another
// size.

import type { Colours } from '.';
import { resized } from './resize';

/** A picture in bytes, [height,width,3]. */
export interface RgbPicture {
  readonly height: number;
  readonly width: number;
  readonly rgb: Uint8Array;
}

/** On white, where it is see-through. */
export function rgbOf({ height, width, pixel, plain: bytes }: Colours): Uint8Array {
  if (bytes?.channels === 3) return bytes.data;
  const rgb = new Uint8Array(3 * height * width);
  for (let i = 0; i < height * width; i++) {
    if (bytes !== undefined) {
      rgb.fill(bytes.data[i]!, 3 * i, 3 * i + 3);
      continue;
    }
    const [r, g, b, opacity] = pixel(i);
    [r, g, b].forEach((value, c) => {
      rgb[3 * i + c] = Math.round(255 * (opacity * value + (1 - opacity)));
    });
  }
  return rgb;
}

export function isGrey(rgb: Uint8Array): boolean {
  for (let i = 0; i < rgb.length; i += 3) if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return false;
  return true;
}

/** Brought to these sides; the bytes themselves where it has them. */
export function withSides(picture: RgbPicture, height: number, width: number): Uint8Array {
  if (picture.height === height && picture.width === width) return picture.rgb;
  const each = 3 * picture.width;
  const rows = {
    height: picture.height,
    width: picture.width,
    channels: 3,
    row: (y: number) => Float64Array.from(picture.rgb.subarray(each * y, each * (y + 1))),
  };
  return Uint8Array.from(resized(rows, height, width), Math.round);
}
