// One image as raw bytes, which is what AutoAugment's operations work on, in place.

/** Bytes are [height, width, channels], 0..255. */
export interface RawImage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly pixels: Uint8Array;
}

/** Replaces every value of one channel, or of all of them, by what the table says. */
export function mapValues({ pixels, channels }: RawImage, table: Uint8Array, channel?: number): void {
  const step = channel === undefined ? 1 : channels;
  for (let i = channel ?? 0; i < pixels.length; i += step) pixels[i] = table[pixels[i]!]!;
}
