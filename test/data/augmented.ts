// Images to be augmented, and what came out as raw bytes again.

import fc from 'fast-check';
import type { Random } from '../../src/core/random';
import { AUGMENTATIONS, type AugmentOptions, writeImage } from '../../src/data/augment';
import { type Dataset, makeDataset } from '../../src/data/dataset';
import { randomBytes } from './sources';

/** Images without a black pixel, so that padding can be told from the image. */
export function dataset(height: number, width: number, channels: number, length = 2): Dataset {
  return makeDataset({
    name: 'random',
    classes: ['only'],
    height,
    width,
    channels,
    pixels: randomBytes(length * height * width * channels, 7).map((value) => Math.max(1, value)),
    labels: new Uint8Array(length),
    mean: Array.from({ length: channels }, (_, c) => 0.3 + 0.07 * c),
    deviation: Array.from({ length: channels }, (_, c) => 0.2 + 0.05 * c),
  });
}

/** The augmented image, read back to raw bytes: [y][x][c]. */
export function rawImage(
  data: Dataset,
  record: number,
  random?: Random,
  options?: AugmentOptions,
): number[][][] {
  const { height, width, channels, mean, deviation } = data;
  const out = new Float32Array(height * width * channels);
  writeImage(data, record, out, 0, random, options);
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) =>
      Array.from({ length: channels }, (_, c) => {
        const value = 255 * (out[(y * width + x) * channels + c]! * deviation[c]! + mean[c]!);
        return Math.round(value * 100) / 100;
      }),
    ),
  );
}

export const sizes = fc.record({
  height: fc.integer({ min: 1, max: 12 }),
  width: fc.integer({ min: 1, max: 12 }),
  channels: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer(),
});

/** Of two that are ways of one thing at most one. */
export const someAugmentations = fc
  .subarray([...AUGMENTATIONS])
  .map((names) =>
    names.filter(
      (name) =>
        !(name === 'shift' && names.includes('crop')) &&
        !(name === 'alternate-flip' && names.includes('flip')),
    ),
  );

/** Those that autoaugment takes. */
export const colours = sizes.map((size) => ({ ...size, channels: size.channels === 2 ? 3 : size.channels }));
