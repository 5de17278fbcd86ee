import { scaleLinear, scaleLog } from 'd3-scale';
import { describe, expect } from 'vitest';
import { textRole } from '../../src/plot/charts/heatmap';
import { decimate, type Point } from '../../src/plot/charts/line/decimate';
import {
  axisDomain,
  axisTicks,
  extent,
  formatValue,
  logDomain,
  logTicks,
  plottable,
} from '../../src/plot/numbers';
import { escapeXml } from '../../src/plot/svg/escape';
import { fitText, textWidth, wrapText } from '../../src/plot/text';
import { ROLES, rampPaint, SERIES } from '../../src/plot/theme';
import { fc, test } from '../support/properties';
import { hostileNumber, hostileNumbers, hostileText } from './hostile';
import { parseMarkup } from './markup';

/** WCAG 2.2: (L1 + 0.05) / (L2 + 0.05), L the relative luminance of sRGB. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    const [r = 0, g = 0, bl = 0] = [1, 3, 5].map((i) => {
      const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
  };
  const [dim = 0, bright = 0] = [luminance(a), luminance(b)].toSorted((p, q) => p - q);
  return (bright + 0.05) / (dim + 0.05);
}

/** `over` at opacity `share` on `under`, mixed in sRGB as browsers do. */
function mix(over: string, under: string, share: number): string {
  const channel = (i: number) => {
    const [o, u] = [over, under].map((hex) => Number.parseInt(hex.slice(i, i + 2), 16));
    return Math.round(o! * share + u! * (1 - share))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

describe.each(['light', 'dark'] as const)('theme, %s', (mode) => {
  test('text has contrast 4.5:1 on the surface', () => {
    for (const role of ['ink', 'muted'] as const)
      expect(contrast(ROLES[role][mode], ROLES.surface[mode])).toBeGreaterThanOrEqual(4.5);
  });

  test('the first three series have contrast 3:1 on the surface', () => {
    for (const shade of SERIES.slice(0, 3))
      expect(contrast(shade[mode], ROLES.surface[mode])).toBeGreaterThanOrEqual(3);
  });

  test('every colour of an ordered family has contrast 3:1 on the surface', () => {
    for (let share = 0; share <= 1; share += 0.01)
      expect(contrast(rampPaint(share).color, ROLES.surface[mode]), `${share}`).toBeGreaterThanOrEqual(3);
  });

  test('numbers on heatmap cells of any fill have contrast 3.5:1', () => {
    for (let share = 0; share <= 1; share += 0.01) {
      const cell = mix(ROLES.heat[mode], ROLES.surface[mode], share);
      const text = ROLES[textRole(share)][mode];
      expect(contrast(text, cell), `fill ${share}`).toBeGreaterThanOrEqual(3.5);
    }
  });
});

describe('numbers', () => {
  test.prop([hostileNumbers])('an axis domain is finite and not empty whatever the data', (values) => {
    const [low, high] = axisDomain(extent(values));
    expect(Number.isFinite(high - low)).toBe(true);
    expect(high).toBeGreaterThan(low);
  });

  test.prop([hostileNumber, hostileNumber])('ticks of any domain are finite and at least two', (a, b) => {
    const domain = axisDomain(extent([a, b]));
    const ticks = axisTicks(scaleLinear().domain(domain), 5);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    for (const { value } of ticks) expect(Number.isFinite(value)).toBe(true);
  });

  test.prop([hostileNumbers, hostileNumber, hostileNumber])(
    'a logarithmic domain lies above 0 and is not empty, and its ticks lie in it, rising',
    (values, a, b) => {
      const domain = logDomain([a, b], values);
      expect(domain[0]).toBeGreaterThan(0);
      expect(domain[1]).toBeGreaterThan(domain[0]);
      const ticks = logTicks(scaleLog().domain(domain).nice(), 6).map(({ value }) => value);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks).toEqual(ticks.toSorted((p, q) => p - q));
      for (const tick of ticks) expect(Number.isFinite(tick) && tick > 0).toBe(true);
    },
  );

  test('logarithmic ticks are powers of ten over decades and round values within one', () => {
    const labels = (domain: [number, number]) =>
      logTicks(scaleLog().domain(domain), 5).map(({ label }) => label);
    expect(labels([1e-3, 1e2])).toEqual(['0.001', '0.01', '0.1', '1', '10', '100']);
    expect(labels([1e-6, 1e6]).length).toBeLessThanOrEqual(6);
    expect(labels([2, 9])).toContain('5');
  });

  test.prop([hostileNumber])('what cannot be drawn is NaN and all else stays below 1e100', (value) => {
    const drawn = plottable(value);
    expect(Number.isNaN(drawn)).toBe(!Number.isFinite(value));
    if (Number.isFinite(value)) expect(Math.abs(drawn)).toBeLessThanOrEqual(1e100);
  });

  test('values are written with four significant digits, integers whole', () => {
    expect([0.123456, 12, 1234567, 0.00001234, 3.5].map(formatValue)).toEqual([
      '0.1235',
      '12',
      '1.235e+6',
      '1.234e-5',
      '3.5',
    ]);
  });
});

describe('text', () => {
  test.prop([hostileText, fc.integer({ min: 20, max: 300 })])(
    'fitted text is no wider than asked',
    (text, width) => {
      expect(textWidth(fitText(text, 12, width), 12)).toBeLessThanOrEqual(width);
    },
  );

  test('wrapping keeps to its number of lines and marks what it cuts', () => {
    const lines = wrapText('firing rate of each layer over all time steps', 12, 90, 2);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…$/);
  });

  test.prop([hostileText])('escaped text is well-formed between tags and inside attributes', (text) => {
    const escaped = escapeXml(text);
    expect(parseMarkup(`<a b="${escaped}">${escaped}</a>`)).toHaveLength(1);
  });
});

describe('decimate', () => {
  const coordinate = fc.double({ min: 0, max: 30, noNaN: true });
  const point = fc.tuple(coordinate, fc.oneof(coordinate, fc.constant(Number.NaN)));

  test.prop([fc.array(point, { maxLength: 200 })])(
    'keeps first, last, extremes and gaps, in order',
    (points) => {
      const kept: Point[] = decimate(points);
      let from = 0;
      for (const p of kept) {
        const at = points.indexOf(p as [number, number], from);
        expect(at).toBeGreaterThanOrEqual(from);
        from = at + 1;
      }
      expect(kept[0]).toBe(points[0]);
      expect(kept.at(-1)).toBe(points.at(-1));
      const ys = (list: readonly Point[]) => extent(list.map(([, y]) => y));
      expect(ys(kept)).toEqual(ys(points));
      expect(kept.some(([, y]) => Number.isNaN(y))).toBe(points.some(([, y]) => Number.isNaN(y)));
    },
  );

  test('one column of a thousand points becomes at most four', () => {
    const points = Array.from({ length: 1000 }, (_, i): Point => [5 + i / 2000, (i * 37) % 101]);
    expect(decimate(points).length).toBeLessThanOrEqual(4);
  });
});
