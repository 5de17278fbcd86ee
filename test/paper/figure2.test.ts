import { beforeAll, describe, expect } from 'vitest';
import { tensor } from '../../src/core/create';
import { init } from '../../src/init';
import { sum } from '../../src/ops/reduce';
import { effectiveSurrogate, figure2 } from '../../src/paper/figure2';
import { sampleCurve } from '../../src/paper/figure2/sample-curve';
import { arctan, lif, mpr, rectangular } from '../../src/snn';
import { numbers, surrogates } from '../../src/testing/arbitraries';
import { named, parsePicture } from '../plot/markup';
import { fc, test } from '../support/properties';

beforeAll(async () => {
  await init({ backend: 'cpu', precision: 'f64' });
});

const steepness = fc.double({ min: 0.2, max: 20, noNaN: true });
const threshold = fc.double({ min: 0.1, max: 2, noNaN: true });

describe('the curves of figure 2', () => {
  test.prop([steepness, threshold, surrogates(), numbers({ min: -1, max: 2 })])(
    "the effective surrogate is the tape's gradient of one neuron",
    (k, vth, surrogate, h) => {
      const phi = mpr({ k, centre: vth });
      const x = tensor([h], [1, 1], { requiresGrad: true });
      sum(lif(x, { rectifier: phi, vth, surrogate })).backward();
      const expected = effectiveSurrogate(phi, surrogate, h);
      expect(x.grad!.dataSync()[0]).toBeCloseTo(expected, 10);
    },
  );

  test.prop([steepness, threshold, surrogates(), numbers({ min: -1, max: 2 }), numbers({ min: -1, max: 2 })])(
    'the area under any part of it is the climb of the surrogate between the rectified ends',
    (k, vth, surrogate, a, b) => {
      const phi = mpr({ k, centre: vth });
      const pieces = 4000;
      const at = (i: number) => effectiveSurrogate(phi, surrogate, a + ((b - a) * (i + 0.5)) / pieces);
      const area =
        (Array.from({ length: pieces }, (_, i) => at(i)).reduce((x, y) => x + y, 0) * (b - a)) / pieces;
      const climb = surrogate.value(phi.value(b) - vth) - surrogate.value(phi.value(a) - vth);
      // a jump of the height of the curve may fall anywhere within a piece
      const height = effectiveSurrogate(phi, surrogate, vth);
      expect(Math.abs(area - climb)).toBeLessThan((2 * height * Math.abs(b - a)) / pieces + 1e-3);
    },
  );

  test.prop([steepness, threshold, surrogates()], { numRuns: 30 })(
    'the area of a row is the climb from one end of φ to the other',
    (k, vth, surrogate) => {
      const phi = mpr({ k, centre: vth });
      const [row] = figure2({ k: [k], vth, surrogate }).rows;
      const [low, high] = [-1e6, 1e6].map((h) => surrogate.value(phi.value(h) - vth));
      expect(row!.area).toBeCloseTo(high! - low!, 9);
    },
  );

  test.prop([steepness], { numRuns: 30 })(
    "the paper's rectangle keeps its area whatever k is, and ends where φ is fixed",
    (k) => {
      const [row] = figure2({ k: [k] }).rows;
      expect(row!.area).toBe(1);
      const e = (h: number) => effectiveSurrogate(mpr({ k }), rectangular(), h);
      expect([e(-0.01), e(1.01)]).toEqual([0, 0]);
      expect(e(0.01)).toBeGreaterThan(0);
    },
  );

  test("φ'(1/2) for the paper's k is 1.0820, 1.6572, 2.5339 and 3.5064", () => {
    const slopes = figure2().rows.map(({ k, slope }) => [k, slope.toFixed(4)]);
    expect(slopes).toEqual([
      [1, '1.0820'],
      [3, '1.6572'],
      [5, '2.5339'],
      [7, '3.5064'],
    ]);
  });
});

describe('the points of a curve', () => {
  test.prop([fc.double({ min: 0.05, max: 0.9, noNaN: true })])(
    'stand on either side of a jump from 0, and nowhere between',
    (edge) => {
      const points = sampleCurve((x) => (x < edge ? 0 : 2), [0, 1]);
      const last = points.findLastIndex(([, y]) => y === 0);
      expect(points[last + 1]![0] - points[last]![0]).toBeLessThan(1e-9);
      expect(points.every(([, y]) => y === 0 || y === 2)).toBe(true);
    },
  );

  test.prop([steepness, threshold], { numRuns: 30 })(
    'of a response keep to the side of the threshold and rise',
    (k, vth) => {
      const phi = mpr({ k, centre: vth });
      const points = sampleCurve(phi.value, [vth - 1, vth + 1]);
      for (const [h, rectified] of points)
        if (Math.abs(h - vth) > 1e-9) expect(rectified >= vth).toBe(h >= vth);
      for (const [i, [h]] of points.entries()) if (i > 0) expect(h).toBeGreaterThanOrEqual(points[i - 1]![0]);
    },
  );
});

describe('the picture of figure 2', () => {
  const bands = (svg: string) =>
    named(parsePicture(svg), 'rect').filter(({ attributes }) => attributes['fill-opacity'] === '0.14').length;

  test('has the step, a curve for each k in both panels, and both windows', () => {
    const { svg } = figure2();
    for (const word of ['spike function Θ', 'without φ', 'k = 1', 'k = 7', 'window', 'membrane potential H'])
      expect(svg).toContain(`>${word}`);
    expect(named(parsePicture(svg), 'path')).toHaveLength(10);
    expect(bands(svg)).toBe(2);
  });

  test('shows a window of another width where it is the same for every k: on Ĥ only', () => {
    expect(bands(figure2({ surrogate: rectangular({ window: 0.5 }) }).svg)).toBe(1);
    expect(bands(figure2({ surrogate: arctan() }).svg)).toBe(0);
  });

  test('names many k as one family; none, and a wrong one, are refused', () => {
    const k = Array.from({ length: 20 }, (_, i) => i + 1);
    expect(figure2({ k }).svg).toContain('k = 1 to k = 20');
    expect(() => figure2({ k: [] })).toThrow(/figure2: needs at least one k/);
    expect(() => figure2({ k: [-1] })).toThrow(/figure2: k must be a list, each entry a number above 0/);
    expect(() => figure2({ vth: Number.NaN })).toThrow(/figure2: vth must be a finite number, got NaN/);
  });
});
