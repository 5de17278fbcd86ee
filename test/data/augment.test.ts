// Images are written augmented: each change against its definition, each draw against its rate.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/core/random';
import {
  type AugmentationName,
  augmentedPixels,
  parseAugmentations,
  writeImage,
} from '../../src/data/augment';
import { applyOperation, drawOperations } from '../../src/data/autoaugment';
import { batches } from '../../src/data/batches';
import { makeDataset } from '../../src/data/dataset';
import { colours, dataset, rawImage, sizes, someAugmentations } from './augmented';

describe('writeImage', () => {
  test('without augmentation every pixel is (pixel/255 - mean)/deviation, written at the offset alone', () => {
    const data = dataset(3, 4, 2);
    const out = new Float32Array(24 + 10).fill(77);
    writeImage(data, 1, out, 5);
    for (let i = 0; i < 24; i++) {
      const c = i % 2;
      expect(out[5 + i]).toBe(Math.fround((data.pixels[24 + i]! / 255 - data.mean[c]!) / data.deviation[c]!));
    }
    expect([...out.subarray(0, 5), ...out.subarray(29)]).toEqual(new Array(10).fill(77));
  });

  test('a crop is the image shifted by at most 4 pixels each way, with raw zeros where it has left', () => {
    fc.assert(
      fc.property(sizes, ({ height, width, channels, seed }) => {
        const data = dataset(height, width, channels);
        const plain = rawImage(data, 1);
        const cropped = rawImage(data, 1, new Random(seed), { augment: ['crop'] });
        const black = new Array(channels).fill(0);
        const shifts = Array.from({ length: 81 }, (_, i) => [Math.floor(i / 9) - 4, (i % 9) - 4] as const);
        const explained = shifts.some(([dy, dx]) =>
          cropped.every((row, y) =>
            row.every((pixel, x) =>
              pixel.every((value, c) => Math.abs(value - (plain[y + dy]?.[x + dx] ?? black)[c]!) < 0.02),
            ),
          ),
        );
        expect(explained).toBe(true);
      }),
    );
  });

  test('a shift is the image moved by at most 2 pixels each way, the inside reflected at its edges', () => {
    fc.assert(
      fc.property(sizes, ({ height, width, channels, seed }) => {
        const data = dataset(height, width, channels);
        const plain = rawImage(data, 1);
        const shifted = rawImage(data, 1, new Random(seed), { augment: ['shift'] });
        const within = (at: number, length: number) => {
          const inside = at < 0 ? -at : at >= length ? 2 * length - 2 - at : at;
          return Math.min(length - 1, Math.max(0, inside));
        };
        const shifts = Array.from({ length: 25 }, (_, i) => [Math.floor(i / 5) - 2, (i % 5) - 2] as const);
        const explained = shifts.some(([dy, dx]) =>
          shifted.every((row, y) =>
            row.every((pixel, x) => {
              const from = plain[within(y + dy, height)]![within(x + dx, width)]!;
              return pixel.every((value, c) => Math.abs(value - from[c]!) < 0.02);
            }),
          ),
        );
        expect(explained).toBe(true);
      }),
    );
  });

  test('an alternating flip shows an image from its other side in every epoch, and begins with either', () => {
    const [height, width, count] = [3, 4, 40];
    const data = dataset(height, width, 1, count);
    const sides = (epoch: number) => {
      const [batch] = batches(data, { batchSize: count, seed: 2, epoch, augment: ['alternate-flip'] });
      return Array.from({ length: count }, (_, i) => {
        const shown = Array.from({ length: height }, (_, y) =>
          Array.from({ length: width }, (_, x) => {
            const value = batch!.images[(i * height + y) * width + x]!;
            return Math.round(100 * 255 * (value * data.deviation[0]! + data.mean[0]!)) / 100;
          }),
        );
        const plain = rawImage(data, i).map((row) => row.flat());
        const isMirrored = String(shown) !== String(plain);
        if (isMirrored) expect(shown).toEqual(plain.map((row) => row.toReversed()));
        return isMirrored;
      });
    };
    const first = sides(0);
    expect(sides(1)).toEqual(first.map((side) => !side));
    expect(sides(2)).toEqual(first);
    const mirrored = first.filter(Boolean).length;
    expect(mirrored).toBeGreaterThan(10);
    expect(mirrored).toBeLessThan(30);
  });

  test.each([
    ['crop', 'shift'],
    ['flip', 'alternate-flip'],
  ] as const)('%s beside %s is refused', (one, other) => {
    expect(() => batches(dataset(3, 4, 1), { augment: [one, other] })).toThrow(
      `batches: ${one} and ${other} are two ways of one thing: leave one of them out`,
    );
  });

  test('all 81 places of the crop occur, and each about as often', () => {
    const data = dataset(9, 9, 1, 1);
    data.pixels.fill(0);
    data.pixels[4 * 9 + 4] = 255;
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 8100; seed++) {
      const image = rawImage(data, 0, new Random(seed), { augment: ['crop'] });
      const y = image.findIndex((row) => row.some(([value]) => value! > 200));
      const place = `${y},${image[y]!.findIndex(([value]) => value! > 200)}`;
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    expect(counts.size).toBe(81);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
    expect(chiSquare).toBeLessThan(144); // 80 degrees of freedom: 1.5e-5 of fair draws lie above
  });

  test('a flip mirrors left and right or does nothing, half of the time each', () => {
    const data = dataset(5, 6, 3);
    const plain = rawImage(data, 1);
    const mirrored = plain.map((row) => row.toReversed());
    let flips = 0;
    for (let seed = 0; seed < 1000; seed++) {
      const image = rawImage(data, 1, new Random(seed), { augment: ['flip'] });
      const flipped = JSON.stringify(image) === JSON.stringify(mirrored);
      if (!flipped) expect(image).toEqual(plain);
      flips += Number(flipped);
    }
    expect(Math.abs(flips - 500)).toBeLessThan(68); // 4.3 standard deviations
  });

  test('a cutout is a square of the mean around a pixel of the image, clipped at the border', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 15 }), ({ height, width, channels, seed }, side) => {
        const data = dataset(height, width, channels);
        const plain = new Float32Array(height * width * channels);
        const out = new Float32Array(plain.length);
        writeImage(data, 0, plain, 0);
        writeImage(data, 0, out, 0, new Random(seed), { augment: ['cutout'], cutoutSize: side });
        const blank = (y: number, x: number) =>
          out
            .subarray((y * width + x) * channels, (y * width + x + 1) * channels)
            .every((value, c) => value === 0 && plain[(y * width + x) * channels + c] !== 0);
        const explained = Array.from({ length: height * width }, (_, centre) => {
          const top = Math.floor(centre / width) - Math.floor(side / 2);
          const left = (centre % width) - Math.floor(side / 2);
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++) {
              const inside = y >= top && y < top + side && x >= left && x < left + side;
              if (inside !== blank(y, x)) return false;
            }
          return true;
        });
        expect(explained).toContain(true);
        out.forEach((value, i) => {
          expect(value === 0 || value === plain[i]).toBe(true);
        });
      }),
    );
  });

  test('the cutout has 16 pixels a side where no size is given, whatever the image has', () => {
    for (const [height, width] of [
      [32, 32],
      [28, 28],
      [5, 40],
    ] as const) {
      const data = dataset(height, width, 1, 1);
      let largest = 0;
      for (let seed = 0; seed < 60; seed++) {
        const out = new Float32Array(height * width);
        writeImage(data, 0, out, 0, new Random(seed), { augment: ['cutout'] });
        largest = Math.max(largest, out.filter((value) => value === 0).length);
      }
      expect(largest).toBe(16 * Math.min(16, height));
    }
  });

  test('switching cutout on leaves what the others do alone', () => {
    fc.assert(
      fc.property(colours, someAugmentations, ({ height, width, channels, seed }, augment) => {
        const data = dataset(height, width, channels);
        const size = height * width * channels;
        const [without, withCutout] = [new Float32Array(size), new Float32Array(size)];
        const others = augment.filter((name) => name !== 'cutout');
        writeImage(data, 0, without, 0, new Random(seed), { augment: others });
        writeImage(data, 0, withCutout, 0, new Random(seed), { augment: ['cutout', ...others.toReversed()] });
        withCutout.forEach((value, i) => {
          expect(value === 0 || value === without[i]).toBe(true);
        });
      }),
    );
  });

  test('switching autoaugment on changes the cropped and mirrored image by the operations drawn last', () => {
    fc.assert(
      fc.property(
        colours,
        fc.subarray(['crop', 'flip'] as const),
        ({ height, width, channels, seed }, others) => {
          const data = dataset(height, width, channels);
          const pixels = augmentedPixels(data, 1, new Random(seed), { augment: others });
          const stream = new Random(seed);
          for (const bound of [9, 9, 2, height, width]) stream.integer(bound);
          const image = { height, width, channels, pixels };
          for (const operation of drawOperations(stream))
            applyOperation(image, operation, new Uint8Array(pixels.length));
          const augment = ['autoaugment', ...others] as const;
          expect([...augmentedPixels(data, 1, new Random(seed), { augment })]).toEqual([...pixels]);
        },
      ),
    );
  });

  test('switching autoaugment on leaves the place of the cutout alone', () => {
    fc.assert(
      fc.property(colours, ({ height, width, channels, seed }) => {
        const data = dataset(height, width, channels);
        // No byte is the mean of a channel, so that 0 stands for the cutout and nothing else.
        const blanked = (augment: AugmentationName[]) => {
          const out = new Float32Array(height * width * channels);
          writeImage(data, 0, out, 0, new Random(seed), { augment, cutoutSize: 5 });
          return [...out].map((value) => value === 0);
        };
        expect(blanked(['autoaugment', 'cutout'])).toEqual(blanked(['cutout']));
      }),
    );
  });

  test.each([
    ['none', '8d5f8bbf138e9733'],
    ['crop', '5b66b32f6fb21a3c'],
    ['flip', '1d910c3d515440e4'],
    ['cutout', '706ac2adc1715583'],
    ['crop,flip', '69dde5dae32419ce'],
    ['crop,flip,cutout', '5a6f830508eaff61'],
    ['autoaugment', '3333186ab2cf3086'],
    ['crop,flip,autoaugment,cutout', '33c40293621b2f7b'],
  ])('an epoch of a seed under %s gives the bytes that recorded runs depend on', (augment, expected) => {
    const random = new Random(3);
    const data = makeDataset({
      name: 'random',
      classes: ['only'],
      height: 11,
      width: 9,
      channels: 3,
      pixels: Uint8Array.from({ length: 16 * 11 * 9 * 3 }, () => random.integer(256)),
      labels: new Uint8Array(16),
      mean: [0.4914, 0.4822, 0.4465],
      deviation: [0.247, 0.2435, 0.2616],
    });
    const hash = createHash('sha256');
    const options = { batchSize: 5, seed: 11, epoch: 4, shuffle: true, cutoutSize: 5 };
    for (const batch of batches(data, { ...options, augment: parseAugmentations(augment) })) {
      hash.update(batch.images);
      hash.update(batch.indices);
    }
    expect(hash.digest('hex').slice(0, 16)).toBe(expected);
  });
});
