// AutoAugment's operations against PIL, and the laws that all of them share.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OPERATIONS, type OperationName } from '../../src/data/autoaugment/policy';
import { cases, images } from './autoaugment.golden';
import { anyImage, changed, channelOf, expectSame, imageOf, made, magnitudes } from './autoaugment-images';

const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));

/** The magnitude at which an operation that has one does nothing. */
const neutral: [OperationName, number][] = [
  ['shearX', 0],
  ['shearY', 0],
  ['translateX', 0],
  ['translateY', 0],
  ['rotate', 0],
  ['contrast', 0],
  ['color', 0],
  ['brightness', 0],
  ['sharpness', 0],
  ['posterize', 8],
  ['solarize', 256],
];

describe('the operations of AutoAugment', () => {
  test.each(cases)(
    'of %s image, %s %d gives the bytes that PIL gives',
    (image, name, magnitude, expected) => {
      const { bytes, ...size } = images[image];
      const before = { ...size, pixels: bytesOf(bytes) };
      expectSame(changed(before, name, magnitude), { ...size, pixels: bytesOf(expected) });
    },
  );

  test('every operation stands among those compared with PIL', () => {
    expect(new Set(cases.map(([, name]) => name))).toEqual(new Set(OPERATIONS));
  });

  test.each(OPERATIONS)('%s leaves the size alone and depends on nothing but image and magnitude', (name) => {
    fc.assert(
      fc.property(anyImage, magnitudes(name), (image, magnitude) => {
        const once = changed(image, name, magnitude);
        expect(once.pixels.length).toBe(image.pixels.length);
        changed(once, 'autocontrast');
        expectSame(changed(image, name, magnitude), once);
      }),
    );
  });

  test.each(neutral)('%s at %d changes nothing', (name, magnitude) => {
    fc.assert(fc.property(anyImage, (image) => expectSame(changed(image, name, magnitude), image)));
  });

  test.each(OPERATIONS.filter((name) => name !== 'color' && name !== 'contrast'))(
    '%s treats each channel as the grey image that it is',
    (name) => {
      fc.assert(
        fc.property(imageOf(3), magnitudes(name), fc.nat(2), (image, magnitude, c) => {
          const whole = changed(image, name, magnitude);
          expectSame(channelOf(whole, c), changed(channelOf(image, c), name, magnitude));
        }),
      );
    },
  );

  test.each(['color', 'contrast'] as const)(
    '%s of a grey image is the same with one channel or three',
    (name) => {
      fc.assert(
        fc.property(imageOf(1), magnitudes(name), (grey, magnitude) => {
          const size = { ...grey, channels: 3, pixels: new Uint8Array(3 * grey.pixels.length) };
          const colour = made(size, (y, x) => grey.pixels[y * grey.width + x]!);
          expectSame(channelOf(changed(colour, name, magnitude), 1), changed(grey, name, magnitude));
        }),
      );
    },
  );

  test.each([2, 4])('an image of %d channels is refused', (channels) => {
    const image = { height: 1, width: 1, channels, pixels: new Uint8Array(channels) };
    expect(() => changed(image, 'invert')).toThrow(
      `applyOperation: autoaugment needs images of 3 channels (colours) or 1 (grey), these have ${channels}; leave it out`,
    );
  });
});
