// What the tests of AutoAugment share: images drawn at random, an operation that leaves its input alone, comparison.

import fc from 'fast-check';
import { expect } from 'vitest';
import { applyOperation } from '../../src/data/autoaugment';
import type { RawImage } from '../../src/data/autoaugment/image';
import { type OperationName, SIGNED } from '../../src/data/autoaugment/policy';

/** Up to 12 by 12 pixels, so that no image has the 256 that `equalize` needs. */
export const imageOf = (channels: number, max = 255): fc.Arbitrary<RawImage> =>
  fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).chain(([height, width]) => {
    const length = height * width * channels;
    return fc
      .uint8Array({ minLength: length, maxLength: length, max })
      .map((pixels) => ({ height, width, channels, pixels }));
  });
export const anyImage = fc.oneof(imageOf(1), imageOf(3));

/** Any magnitude that the operation understands, not only the policy's. */
export function magnitudes(name: OperationName): fc.Arbitrary<number> {
  if (name === 'posterize') return fc.integer({ min: 0, max: 8 });
  const largest = name === 'rotate' ? 360 : name === 'solarize' ? 256 : 1.5;
  return fc.double({ min: SIGNED.has(name) ? -largest : 0, max: largest, noNaN: true });
}

/** The changed image. The room for a copy has rubbish in it and is larger than need be. */
export function changed(image: RawImage, name: OperationName, magnitude = 0): RawImage {
  const pixels = image.pixels.slice();
  applyOperation({ ...image, pixels }, { name, magnitude }, new Uint8Array(pixels.length + 5).fill(99));
  return { ...image, pixels };
}

/** An image of the given size from what `value` says of each place. */
export function made(size: RawImage, value: (y: number, x: number, c: number) => number): RawImage {
  const { width, channels } = size;
  const pixels = size.pixels.map((_, i) =>
    value(Math.floor(i / channels / width), Math.floor(i / channels) % width, i % channels),
  );
  return { ...size, pixels };
}

/** The value at a place of an image. */
export const at = ({ pixels, width, channels }: RawImage, y: number, x: number, c: number): number =>
  pixels[(y * width + x) * channels + c]!;

export function channelOf({ pixels, channels, ...image }: RawImage, channel: number): RawImage {
  return { ...image, channels: 1, pixels: pixels.filter((_, i) => i % channels === channel) };
}

/** Strings compare quicker than arrays and show where two images differ. */
const text = ({ height, width, channels, pixels }: RawImage) =>
  `${height}x${width}x${channels} ${Buffer.from(pixels).toString('hex')}`;

export function expectSame(one: RawImage, other: RawImage): void {
  expect(text(one)).toBe(text(other));
}
