// AutoAugment's operations that mix an image with a duller one: v' = dull + factor·(v - dull), so that 1 changes
// nothing, below 1 dulls, above 1 overdoes it. In place, and to the bit what PIL's ImageEnhance gives: it multiplies
// and adds in 32-bit floats, cuts off the fraction and clips to 0..255.

import { mapValues, type RawImage } from './image';

const table = new Uint8Array(256);

function blend(dull: number, value: number, factor: number): number {
  const mixed = Math.fround(dull + Math.fround(factor * (value - dull)));
  return mixed <= 0 ? 0 : mixed >= 255 ? 255 : Math.trunc(mixed);
}

/** Brightness of a colour, ITU-R 601-2: 0.299 R + 0.587 G + 0.114 B in 16 bits of fraction, rounded. */
const luma = (r: number, g: number, b: number): number => (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;

/** The duller image is black. */
export function brightness(image: RawImage, factor: number): void {
  const f = Math.fround(factor);
  for (let v = 0; v < 256; v++) table[v] = blend(0, v, f);
  mapValues(image, table);
}

/** The duller image is one grey: the mean of the image's brightness, rounded. */
export function contrast(image: RawImage, factor: number): void {
  const { pixels, channels, height, width } = image;
  let sum = 0;
  for (let i = 0; i < pixels.length; i += channels)
    sum += channels === 3 ? luma(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!) : pixels[i]!;
  const grey = Math.floor(sum / (height * width) + 0.5);
  const f = Math.fround(factor);
  for (let v = 0; v < 256; v++) table[v] = blend(grey, v, f);
  mapValues(image, table);
}

/** The duller image is the same without colour, so nothing happens to one that has a single channel. */
export function color({ pixels, channels }: RawImage, factor: number): void {
  if (channels !== 3) return;
  const f = Math.fround(factor);
  for (let i = 0; i < pixels.length; i += 3) {
    const [r, g, b] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!];
    const grey = luma(r, g, b);
    pixels[i] = blend(grey, r, f);
    pixels[i + 1] = blend(grey, g, f);
    pixels[i + 2] = blend(grey, b, f);
  }
}

/**
 * The duller image is smoothed: each pixel is (5 times itself + its eight neighbours)/13, rounded. Pixels on the border
 * have no such mean and stay.
 * @param spare room for a copy of the image
 */
export function sharpness(
  { pixels, channels, height, width }: RawImage,
  factor: number,
  spare: Uint8Array,
): void {
  spare.set(pixels);
  const f = Math.fround(factor);
  const row = width * channels;
  for (let y = 1; y < height - 1; y++) {
    const end = y * row + row - channels;
    for (let i = y * row + channels; i < end; i++) {
      const [above, below] = [i - row, i + row];
      const sum =
        spare[above - channels]! +
        spare[above]! +
        spare[above + channels]! +
        spare[i - channels]! +
        5 * spare[i]! +
        spare[i + channels]! +
        spare[below - channels]! +
        spare[below]! +
        spare[below + channels]!;
      pixels[i] = blend(Math.floor(sum / 13 + 0.5), spare[i]!, f);
    }
  }
}
