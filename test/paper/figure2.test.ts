import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { effectiveSurrogate, figure2 } from '../../src/paper/figure2';
import { arctan, mpr, rectangular, sigmoidal, triangular } from '../../src/snn';
import { named, parsePicture } from '../plot/markup';

const steepness = fc.double({ min: 0.2, max: 20, noNaN: true });

/** ∫ f over [low, high] by Simpson's rule. */
function integral(f: (x: number) => number, low: number, high: number): number {
  const steps = 4000;
  const width = (high - low) / steps;
  let sum = f(low) + f(high);
  for (let i = 1; i < steps; i++) sum += f(low + i * width) * (i % 2 === 0 ? 2 : 4);
  return (sum * width) / 3;
}

describe('figure2', () => {
  test("φ'(1/2) for the paper's k is 1.0820, 1.6572, 2.5339 and 3.5064", () => {
    const slopes = figure2().rows.map(({ k, slope }) => [k, slope.toFixed(4)]);
    expect(slopes).toEqual([
      [1, '1.0820'],
      [3, '1.6572'],
      [5, '2.5339'],
      [7, '3.5064'],
    ]);
  });

  test.prop([steepness])('the slope is what finite differences of φ give', (k) => {
    const { value } = mpr({ k });
    const [row] = figure2({ k: [k] }).rows;
    const d = 1e-5;
    const slopeAt = (h: number) => (value(h + d) - value(h - d)) / (2 * d);
    expect(row!.slope).toBeCloseTo(slopeAt(0.5), 5);
    expect(row!.edge).toBeCloseTo(slopeAt(0), 5);
    expect(row!.edge).toBeCloseTo(slopeAt(1), 5);
  });

  test.prop([steepness])("the paper's rectangle of window 1 keeps its area whatever k is", (k) => {
    const [row] = figure2({ k: [k] }).rows;
    expect(row!.area).toBeCloseTo(1, 12);
    const e = (h: number) => effectiveSurrogate(mpr({ k }), rectangular(), h);
    expect(integral(e, 1e-12, 1 - 1e-12)).toBeCloseTo(1, 6);
    expect(e(-0.01) + e(0) + e(1) + e(1.01)).toBe(0); // the window is open, and φ fixes its edges
  });

  test.prop([steepness, fc.constantFrom(arctan(), sigmoidal(), triangular({ width: 0.7 }))])(
    'the area of other surrogates is the integral of the curve',
    (k, surrogate) => {
      const [row] = figure2({ k: [k], surrogate }).rows;
      const e = (h: number) => effectiveSurrogate(mpr({ k }), surrogate, h);
      const far = 0.5 + 20 / k; // φ' has died out there
      expect(row!.area).toBeCloseTo(integral(e, 1 - far, far), 3);
    },
  );

  test('the picture has the step, its curves and both windows, and no script', () => {
    const { svg } = figure2();
    for (const word of ['spike function Θ', 'without φ', 'k = 1', 'k = 7', 'window', 'membrane potential H'])
      expect(svg).toContain(`>${word}`);
    expect(named(parsePicture(svg), 'path')).toHaveLength(10);
    expect(svg).not.toMatch(/<script|href=/);
  });

  test('the window of another width is drawn where it is the same for every k: on Ĥ only', () => {
    const bands = (window: number) =>
      named(parsePicture(figure2({ surrogate: rectangular({ window }) }).svg), 'rect').filter(
        ({ attributes }) => attributes['fill-opacity'] === '0.14',
      ).length;
    expect(bands(1)).toBe(2);
    expect(bands(0.5)).toBe(1);
    expect(figure2({ surrogate: arctan() }).svg).not.toContain('window of the surrogate');
  });

  test('a rectangle falls upright: two points of the curve share the edge', () => {
    const { svg } = figure2({ k: [3], surrogate: rectangular({ window: 0.5 }) });
    const curve = named(parsePicture(svg), 'path').at(-1)!.attributes.d!;
    const xs = [...curve.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    const upright = xs.filter(
      ([x, y], i) => i > 0 && Math.abs(x! - xs[i - 1]![0]!) < 0.02 && Math.abs(y! - xs[i - 1]![1]!) > 20,
    );
    expect(upright).toHaveLength(2);
  });

  test('many k become one family; none, and an empty range, are refused', () => {
    const k = Array.from({ length: 20 }, (_, i) => i + 1);
    expect(figure2({ k }).svg).toContain('k = 1 to k = 20');
    expect(() => figure2({ k: [] })).toThrow(/figure2: needs at least one k/);
    expect(() => figure2({ k: [-1] })).toThrow(/k must be a number above 0, got -1/);
    expect(() => figure2({ range: [1, 1] })).toThrow(/range must be two rising numbers/);
  });
});
