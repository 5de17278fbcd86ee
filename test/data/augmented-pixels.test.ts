// Augmented images as bytes, and the words that ask for augmentations.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/core/random';
import { AUGMENTATIONS, augmentedPixels, parseAugmentations } from '../../src/data/augment';
import { SpikegradError } from '../../src/errors';
import { colours, dataset, rawImage, someAugmentations } from './augmented';

describe('augmentedPixels', () => {
  test('shows the bytes that writeImage normalises, and the mean colour for the cutout', () => {
    fc.assert(
      fc.property(colours, someAugmentations, ({ height, width, channels, seed }, augment) => {
        const data = dataset(height, width, channels);
        const options = { augment, cutoutSize: 4 };
        const floats = rawImage(data, 1, new Random(seed), options).flat(2);
        const bytes = augmentedPixels(data, 1, new Random(seed), options);
        const wrong = [...bytes].filter((value, i) => Math.abs(value - floats[i]!) > 0.51);
        expect(wrong).toEqual([]);
        if (!augment.includes('cutout')) expect(bytes).toEqual(Uint8Array.from(floats, Math.round));
      }),
    );
  });

  test.each([
    ['crop', 'flip', 'autoaugment', 'cutout'],
    ['shift', 'autoaugment', 'cutout'],
  ] as const)('with the stream of an image it shows what a training run sees: %s, %s, …', (...augment) => {
    const data = dataset(8, 8, 3, 6);
    const [batch] = batches(data, { batchSize: 6, seed: 4, epoch: 9, shuffle: true, augment, cutoutSize: 3 });
    const place = batch!.indices.indexOf(5);
    const seen = [...batch!.images.subarray(place * 192, (place + 1) * 192)];
    const shown = augmentedPixels(data, 5, imageStream(4, 9, 5), { augment, cutoutSize: 3 });
    const raw = seen.map((value, i) => 255 * (value * data.deviation[i % 3]! + data.mean[i % 3]!));
    expect(raw.filter((value, i) => Math.abs(value - shown[i]!) > 0.51)).toEqual([]);
  });

  test('is an array of its own', () => {
    const data = dataset(4, 4, 3);
    const first = augmentedPixels(data, 0, new Random(1), { augment: ['autoaugment'] });
    const kept = first.slice();
    augmentedPixels(data, 1, new Random(2), { augment: ['crop'] });
    expect(first).toEqual(kept);
  });

  test('refuses autoaugment for images that are neither coloured nor grey', () => {
    expect(() => augmentedPixels(dataset(4, 4, 2), 0, new Random(1), { augment: ['autoaugment'] })).toThrow(
      'augmentedPixels: autoaugment needs images of 3 channels (colours) or 1 (grey), these have 2; leave it out',
    );
  });
});

describe('parseAugmentations', () => {
  test('reads every list of the known words, and none', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...AUGMENTATIONS], { minLength: 1 }), (names) => {
        expect(parseAugmentations(names.join(','))).toEqual(names);
        expect(parseAugmentations(` ${names.join(' , ')}`)).toEqual(names);
      }),
    );
    expect(parseAugmentations('none')).toEqual([]);
  });

  test.each(['', 'crop,', 'Crop', 'none,crop', 'rotate', 'crop;flip', 'toString'])('refuses "%s"', (text) => {
    expect(() => parseAugmentations(text)).toThrow(SpikegradError);
    expect(() => parseAugmentations(text)).toThrow(
      'is not one of crop, shift, flip, alternate-flip, autoaugment, cutout (or none)',
    );
  });

  test('refuses a word given twice', () => {
    expect(() => parseAugmentations('crop,flip,crop')).toThrow('"crop" is given twice');
  });
});
