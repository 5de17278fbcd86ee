// AutoAugment's operations that look at one value at a time: each is a table of 256 bytes. In place, and to the bit
// what PIL's ImageOps gives.

import { mapValues, type RawImage } from './image';

const table = new Uint8Array(256);
const counts = new Uint32Array(256);

/** v' = 255 - v */
export function invert(image: RawImage): void {
  for (let v = 0; v < 256; v++) table[v] = 255 - v;
  mapValues(image, table);
}

/** v' = v below the threshold, else 255 - v; a threshold of 256 changes nothing, 0 inverts. */
export function solarize(image: RawImage, threshold: number): void {
  for (let v = 0; v < 256; v++) table[v] = v < threshold ? v : 255 - v;
  mapValues(image, table);
}

/** Keeps the upper bits of each value: v' = v with its 8 - bits lower ones cleared. */
export function posterize(image: RawImage, bits: number): void {
  const mask = 256 - 2 ** (8 - bits);
  for (let v = 0; v < 256; v++) table[v] = v & mask;
  mapValues(image, table);
}

/**
 * Spreads each channel over 0..255: v' = ⌊s·v - s·low⌋ with s = 255/(high - low), clipped. A channel of one value
 * stays.
 */
export function autocontrast(image: RawImage): void {
  for (let channel = 0; channel < image.channels; channel++) {
    countValues(image, channel);
    const low = counts.findIndex((count) => count > 0);
    const high = counts.findLastIndex((count) => count > 0);
    if (high <= low) continue;
    const scale = 255 / (high - low);
    const shift = -low * scale;
    for (let v = 0; v < 256; v++) table[v] = Math.min(255, Math.max(0, Math.trunc(v * scale + shift)));
    mapValues(image, table, channel);
  }
}

/**
 * Flattens each channel's histogram: v' = ⌊(⌊step/2⌋ + how many pixels lie below v) / step⌋, at most 255, where step =
 * ⌊(pixels - those of the largest value)/255⌋. Where step is 0 (a small or nearly uniform image) the channel stays. The
 * rounding of step makes small images brighter; PIL does so too.
 */
export function equalize(image: RawImage): void {
  const total = image.height * image.width;
  for (let channel = 0; channel < image.channels; channel++) {
    countValues(image, channel);
    const largest = counts.findLastIndex((count) => count > 0);
    const step = Math.floor((total - (counts[largest] ?? 0)) / 255);
    if (step === 0) continue;
    let below = Math.floor(step / 2);
    for (let v = 0; v < 256; v++) {
      table[v] = Math.min(255, Math.floor(below / step));
      below += counts[v]!;
    }
    mapValues(image, table, channel);
  }
}

function countValues({ pixels, channels }: RawImage, channel: number): void {
  counts.fill(0);
  for (let i = channel; i < pixels.length; i += channels) counts[pixels[i]!]!++;
}
