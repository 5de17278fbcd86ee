// Laws of the operations of AutoAugment that change values where they stand.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  anyImage,
  at,
  changed,
  channelOf,
  expectSame,
  imageOf,
  made,
  magnitudes,
} from './autoaugment-images';

test('invert twice gives the image back, and solarize from 0 on is invert', () => {
  fc.assert(
    fc.property(anyImage, (image) => {
      expectSame(changed(changed(image, 'invert'), 'invert'), image);
      expectSame(changed(image, 'solarize', 0), changed(image, 'invert'));
    }),
  );
});

test('solarize inverts what reaches its threshold and nothing else', () => {
  fc.assert(
    fc.property(anyImage, magnitudes('solarize'), (image, threshold) => {
      const pixels = image.pixels.map((value) => (value < threshold ? value : 255 - value));
      expectSame(changed(image, 'solarize', threshold), { ...image, pixels });
    }),
  );
});

test('posterize keeps the upper bits alone, and twice is once', () => {
  fc.assert(
    fc.property(anyImage, fc.integer({ min: 0, max: 8 }), (image, bits) => {
      const result = changed(image, 'posterize', bits);
      const pixels = image.pixels.map((value) => value - (value % 2 ** (8 - bits)));
      expectSame(result, { ...image, pixels });
      expectSame(changed(result, 'posterize', bits), result);
    }),
  );
});

test('autocontrast reaches from 0 to 255 where there are two values', () => {
  fc.assert(
    fc.property(imageOf(1, 90), (image) => {
      const { pixels } = changed(image, 'autocontrast');
      const varied = new Set(image.pixels).size > 1;
      expect(Math.min(...pixels)).toBe(varied ? 0 : image.pixels[0]);
      // (255/range)·range may fall short of 255 by a rounding, and its fraction is cut off.
      if (varied) expect(Math.max(...pixels)).toBeGreaterThanOrEqual(254);
    }),
  );
});

const large = { height: 20, width: 20, channels: 1 };
const largeImage = fc.uint8Array({ minLength: 400, maxLength: 400 }).map((pixels) => ({ ...large, pixels }));

test.each(['equalize', 'autocontrast'] as const)('%s keeps the order of values', (name) => {
  fc.assert(
    fc.property(largeImage, fc.integer({ min: 1, max: 8 }), (image, coarse) => {
      const pixels = image.pixels.map((value) => Math.floor(value / coarse));
      const after = changed({ ...large, pixels }, name).pixels;
      const byValue = [...pixels.keys()].sort((i, j) => pixels[i]! - pixels[j]!);
      const falls = byValue.some((i, n) => n > 0 && after[i]! < after[byValue[n - 1]!]!);
      expect(falls).toBe(false);
    }),
    { numRuns: 30 },
  );
});

test.each(['equalize', 'autocontrast'] as const)('%s leaves an image of one colour alone', (name) => {
  fc.assert(
    fc.property(fc.nat(255), (value) => {
      const uniform = { ...large, pixels: new Uint8Array(400).fill(value) };
      expectSame(changed(uniform, name), uniform);
    }),
  );
});

test('equalize leaves an image alone that has each value once, and one of fewer than 256 pixels', () => {
  const each = { height: 16, width: 16, channels: 1, pixels: Uint8Array.from({ length: 256 }, (_, i) => i) };
  expectSame(changed(each, 'equalize'), each);
  fc.assert(fc.property(anyImage, (image) => expectSame(changed(image, 'equalize'), image)));
});

test('a factor of 0 leaves black of brightness, one grey of contrast and greys of color', () => {
  fc.assert(
    fc.property(imageOf(3), (image) => {
      expect(changed(image, 'brightness', -1).pixels.every((value) => value === 0)).toBe(true);
      expect(new Set(changed(image, 'contrast', -1).pixels).size).toBe(1);
      const greys = changed(image, 'color', -1);
      expectSame(channelOf(greys, 0), channelOf(greys, 1));
      expectSame(channelOf(greys, 0), channelOf(greys, 2));
    }),
  );
});

test('color leaves a grey image alone', () => {
  fc.assert(
    fc.property(imageOf(1), magnitudes('color'), (image, magnitude) => {
      expectSame(changed(image, 'color', magnitude), image);
    }),
  );
});

test('sharpness leaves the border alone, and so every image without an inside', () => {
  fc.assert(
    fc.property(anyImage, magnitudes('sharpness'), (image, magnitude) => {
      const { height, width } = image;
      const border = (y: number, x: number) => y === 0 || y === height - 1 || x === 0 || x === width - 1;
      const result = changed(image, 'sharpness', magnitude);
      expectSame(
        made(image, (y, x, c) => at(border(y, x) ? image : result, y, x, c)),
        result,
      );
    }),
  );
});
