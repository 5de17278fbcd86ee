// Laws of the operations of AutoAugment that move pixels.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FILL } from '../../src/data/autoaugment/geometry';
import type { RawImage } from '../../src/data/autoaugment/image';
import { anyImage, at, changed, expectSame, made, magnitudes } from './autoaugment-images';

test('a shift moves whole pixels, and grey comes in from beyond the edge', () => {
  fc.assert(
    fc.property(anyImage, fc.integer({ min: -14, max: 14 }), fc.boolean(), (image, pixels, sideways) => {
      const { height, width } = image;
      const expected = made(image, (y, x, c) => {
        const [fromY, fromX] = sideways ? [y, x + pixels] : [y + pixels, x];
        const inside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
        return inside ? at(image, fromY, fromX, c) : FILL;
      });
      const [name, side] = sideways ? (['translateX', width] as const) : (['translateY', height] as const);
      expectSame(changed(image, name, pixels / side), expected);
    }),
  );
});

test('a rotation by 180 degrees turns the image round, and four by 90 give a square back', () => {
  fc.assert(
    fc.property(anyImage, (image) => {
      const { height, width } = image;
      const turned = made(image, (y, x, c) => at(image, height - 1 - y, width - 1 - x, c));
      expectSame(changed(image, 'rotate', 180), turned);
      if (height !== width) return;
      let round = image;
      for (let quarter = 0; quarter < 4; quarter++) round = changed(round, 'rotate', 90);
      expectSame(round, image);
    }),
  );
});

test('a rotation is counter-clockwise', () => {
  const image = { height: 2, width: 2, channels: 1, pixels: Uint8Array.of(1, 2, 3, 4) };
  expect([...changed(image, 'rotate', 90).pixels]).toEqual([2, 4, 1, 3]);
});

test('what a rotation shows is a pixel of the image or grey', () => {
  fc.assert(
    fc.property(anyImage, magnitudes('rotate'), (image, degrees) => {
      const known = new Set([FILL, ...image.pixels]);
      expect(changed(image, 'rotate', degrees).pixels.every((value) => known.has(value))).toBe(true);
    }),
  );
});

test('a shear of an image of one colour shows that colour or grey', () => {
  fc.assert(
    fc.property(anyImage, magnitudes('shearX'), fc.nat(255), (image, factor, value) => {
      const uniform = made(image, () => value);
      const { pixels } = changed(uniform, 'shearX', factor);
      expect(pixels.every((after) => after === value || after === FILL)).toBe(true);
    }),
  );
});

test.each([
  ['shearX', 'shearY'],
  ['translateX', 'translateY'],
] as const)('%s of the transposed image is %s', (across, down) => {
  const transpose = (image: RawImage) =>
    made({ ...image, height: image.width, width: image.height }, (y, x, c) => at(image, x, y, c));
  fc.assert(
    fc.property(anyImage, magnitudes(across), (image, magnitude) => {
      expectSame(transpose(changed(transpose(image), across, magnitude)), changed(image, down, magnitude));
    }),
  );
});
