// Pictures in another size.

import { describe, expect, test } from 'vitest';
import { resized } from '../../src/data/picture/resize';

const picture = (height: number, width: number, channels: number, pixels: readonly number[]) => ({
  height,
  width,
  channels,
  row: (y: number) => Float64Array.from(pixels.slice(y * width * channels, (y + 1) * width * channels)),
});

describe('a picture', () => {
  test('in its own size is as it is', () => {
    expect([...resized(picture(1, 2, 2, [0.1, 0.2, 0.3, 0.4]), 1, 2)]).toEqual([0.1, 0.2, 0.3, 0.4]);
  });

  test('made smaller is the mean of what a pixel covers, also where that is no whole number', () => {
    expect([...resized(picture(2, 4, 1, [0, 1, 2, 3, 4, 5, 6, 7]), 1, 2)]).toEqual([2.5, 4.5]);
    // three pixels into two: the middle one is shared
    const [left, right] = resized(picture(1, 3, 1, [0, 3, 9]), 1, 2);
    expect(left).toBeCloseTo((0 + 1.5) / 1.5, 12);
    expect(right).toBeCloseTo((1.5 + 9) / 1.5, 12);
  });

  test('made larger lies on lines between its pixels', () => {
    expect([...resized(picture(1, 2, 1, [0, 1]), 1, 4)]).toEqual([0, 0.25, 0.75, 1]);
    expect([...resized(picture(1, 1, 2, [0.5, 0.25]), 2, 2)]).toEqual([
      0.5, 0.25, 0.5, 0.25, 0.5, 0.25, 0.5, 0.25,
    ]);
  });

  test('of one colour stays that colour in every size', () => {
    for (const [height, width] of [
      [1, 1],
      [3, 7],
      [5, 2],
      [13, 11],
    ] as const)
      for (const value of resized(picture(5, 7, 1, new Array(35).fill(0.3)), height, width))
        expect(value).toBeCloseTo(0.3, 12);
  });
});
