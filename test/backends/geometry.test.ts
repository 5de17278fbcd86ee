// Output sizes against counting the windows one by one, and the messages for what does not fit.

import { describe, expect, it } from 'vitest';
import { convGeometry, poolGeometry } from '../../src/backends/geometry';
import { broadcastShapes, normalAxes, stridesOf } from '../../src/backends/shape';
import { convSettings, poolSettings } from '../../src/testing';
import { fc, test } from '../support/properties';

/** Starts of windows that lie wholly inside the padded axis. */
function windowsInside(length: number, kernel: number, stride: number, padding: number): number {
  let count = 0;
  for (let at = -padding; at + kernel <= length + padding; at += stride) count++;
  return count;
}

describe('convGeometry', () => {
  test.prop([convSettings({ maxSide: 9 })])(
    'counts the windows that lie inside the padded image',
    ({ geometry: g }) => {
      expect(g.outHeight).toBe(windowsInside(g.height, g.kernelHeight, g.stride, g.padding));
      expect(g.outWidth).toBe(windowsInside(g.width, g.kernelWidth, g.stride, g.padding));
    },
  );

  test('takes every axis before the last three as batch', () => {
    expect(convGeometry('t', [4, 2, 5, 5, 3], [3, 3, 3, 1]).batch).toBe(8);
    expect(convGeometry('t', [5, 5, 3], [3, 3, 3, 1]).batch).toBe(1);
    expect(convGeometry('t', [0, 5, 5, 3], [3, 3, 3, 1]).batch).toBe(0);
  });

  it.each([
    [[5, 5], [3, 3, 1, 1], 1, 0, 't: input must be [...,H,W,C], got [5,5]'],
    [[5, 5, 1], [3, 3, 1], 1, 0, 't: weight must be [kh,kw,cin,cout], got [3,3,1]'],
    [[5, 5, 1], [3, 3, 1, 1], 0, 0, 't: stride must be a whole number >= 1, got 0'],
    [[5, 5, 1], [3, 3, 1, 1], 1, -1, 't: padding must be a whole number >= 0, got -1'],
    [[2, 8, 8, 3], [3, 3, 16, 1], 1, 0, 't: weight expects 16 input channels, input [2,8,8,3] has 3'],
    [[2, 2, 1], [5, 5, 1, 1], 1, 1, 't: kernel 5x5 is larger than input [2,2,1] with padding 1'],
  ])('refuses %j * %j, stride %i, padding %i', (image, weight, stride, padding, message) => {
    expect(() => convGeometry('t', image, weight, stride, padding)).toThrow(message);
  });
});

describe('poolGeometry', () => {
  test.prop([poolSettings({ maxSide: 9 })])(
    'has no window without a pixel, and none could be added',
    ({ geometry: g }) => {
      for (const [length, out] of [
        [g.height, g.outHeight],
        [g.width, g.outWidth],
      ] as const) {
        expect(out).toBeGreaterThanOrEqual(1);
        expect((out - 1) * g.stride).toBeLessThan(length);
        // one more window would begin outside, or cover nothing that the last did not reach
        const [nextStart, reached] = [out * g.stride, (out - 1) * g.stride + g.window];
        expect(nextStart >= length || reached >= length).toBe(true);
      }
    },
  );

  test('refuses an image without pixels and windows that are not whole numbers', () => {
    expect(() => poolGeometry('t', [2, 0, 4, 1], 2)).toThrow('t: input [2,0,4,1] has no pixels');
    expect(() => poolGeometry('t', [4, 4, 1], 1.5)).toThrow('t: window must be a whole number >= 1, got 1.5');
    expect(() => poolGeometry('t', [4, 4, 1], 2, 0)).toThrow('t: stride must be a whole number >= 1, got 0');
  });
});

describe('shapes', () => {
  test.prop([fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 })])(
    'strides count the elements behind each axis',
    (shape) => {
      const strides = stridesOf(shape);
      shape.forEach((_, axis) => {
        expect(strides[axis]).toBe(shape.slice(axis + 1).reduce((product, length) => product * length, 1));
      });
    },
  );

  test('broadcasting names the axis that does not fit', () => {
    expect(() => broadcastShapes('add', [2, 3], [4, 3])).toThrow(
      'add: [2,3] and [4,3] do not broadcast: axis -2 has 2 and 4',
    );
  });

  test('axes count from either end, sorted, each once', () => {
    expect(normalAxes('sum', [-1, 0], 3)).toEqual([0, 2]);
    expect(normalAxes('sum', undefined, 2)).toEqual([0, 1]);
    expect(() => normalAxes('sum', [0, -3], 3)).toThrow('sum: axes [0,0] name one axis twice');
    expect(() => normalAxes('sum', 3, 3)).toThrow('sum: axis 3 is out of range for 3 axes');
  });
});
