// Dashes, ranges and guides of a line chart: what each says must be seen in the picture.

import { describe, expect, test } from 'vitest';
import { lineChart, panels } from '../../src/plot';
import { type Element, named, parsePicture } from './markup';

const points: [number, number][] = [
  [0, 1],
  [1, 2],
  [2, 1],
];

const chart = (more: object) =>
  parsePicture(lineChart({ title: 't', series: [{ name: 'a', points, ...more }] }));
const dashes = (elements: Element[]) => elements.map(({ attributes }) => attributes['stroke-dasharray']);

describe('a dashed series', () => {
  test('is dashed in the plot and in the legend, unlike the others', () => {
    const elements = parsePicture(
      lineChart({
        title: 't',
        series: [
          { name: 'a', points },
          { name: 'b', points, dashed: true },
        ],
      }),
    );
    const lines = dashes(named(elements, 'path'));
    expect(lines[0]).toBeUndefined();
    expect(lines[1]).toMatch(/\d/);
    expect(dashes(named(elements, 'line'))).toContain(lines[1]);
  });

  test('does not look like the second series of its colour', () => {
    const series = [...'abcdefgh'].map((name, i) => ({ name, points, dashed: i === 0 }));
    const lines = dashes(named(parsePicture(lineChart({ title: 't', series })), 'path'));
    expect(lines[0]).not.toBe(lines[7]);
  });
});

describe('ranges', () => {
  /** The corners of the filled parts, each part a list of [x, y]. */
  const corners = (elements: Element[]) =>
    (named(elements, 'path').find(({ attributes }) => attributes['fill-opacity'])?.attributes.d ?? '')
      .split('Z')
      .filter(Boolean)
      .map((part) =>
        [...part.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const),
      );

  test('lies around its line, and the axis holds all of it', () => {
    const elements = chart({ ranges: points.map(([, y]) => [y - 3, y + 3]) });
    const [region] = corners(elements);
    const ys = region!.map(([, y]) => y);
    const marks = named(elements, 'circle').map(({ attributes }) => Number(attributes.cy));
    expect(Math.min(...ys)).toBeLessThan(Math.min(...marks));
    expect(Math.max(...ys)).toBeGreaterThan(Math.max(...marks));
    const [clip] = named(elements, 'svg').slice(1);
    expect(Math.min(...ys)).toBeGreaterThanOrEqual(Number(clip!.attributes.y));
  });

  test('the order of its bounds does not matter', () => {
    const upright = chart({ ranges: points.map(([, y]) => [y - 1, y + 1]) });
    const turned = chart({ ranges: points.map(([, y]) => [y + 1, y - 1]) });
    expect(corners(turned)).toEqual(corners(upright));
  });

  test('a bound that is not finite parts it in two', () => {
    const five = Array.from({ length: 5 }, (_, i): [number, number] => [i, 1]);
    const ranges = five.map((_, i) => [0, i === 2 ? Number.NaN : 2]);
    expect(corners(chart({ points: five, ranges }))).toHaveLength(2);
  });

  test('from 0 upwards on a logarithmic axis goes on to the bottom of the plot', () => {
    const elements = parsePicture(
      lineChart({
        title: 't',
        yScale: 'log',
        series: [
          {
            name: 'a',
            points: [
              [0, 10],
              [1, 100],
            ],
            ranges: [
              [0, 20],
              [50, 200],
            ],
          },
        ],
      }),
    );
    const lowest = Math.max(...corners(elements)[0]!.map(([, y]) => y));
    const [clip] = named(elements, 'svg').slice(1);
    expect(lowest).toBeCloseTo(Number(clip!.attributes.y) + Number(clip!.attributes.height) - 4, 1);
  });

  test('of another length than its line is refused with both counts', () => {
    expect(() => chart({ ranges: [[0, 1]] })).toThrow('lineChart: a has 3 points and 1 ranges');
  });
});

describe('a guide', () => {
  const guided = (guides: { axis: 'x' | 'y'; at: number; label: string }[], more = {}) =>
    lineChart({ title: 't', series: [{ name: 'a', points }], guides, ...more });
  const lines = (svg: string) =>
    named(parsePicture(svg), 'line').filter(({ attributes }) => attributes['stroke-dasharray'] === '5 3');

  test('beyond the data is still inside the picture, with its name', () => {
    const svg = guided([
      { axis: 'y', at: 9, label: 'published' },
      { axis: 'x', at: 7, label: 'resumed' },
    ]);
    expect(lines(svg)).toHaveLength(2);
    expect(svg).toContain('>published</text>');
    expect(svg).toContain('>resumed</text>');
  });

  test('lies level with the points of its height', () => {
    const svg = guided([{ axis: 'y', at: 2, label: 'two' }]);
    const highest = named(parsePicture(svg), 'circle')[1]!.attributes.cy;
    expect(lines(svg)[0]!.attributes.y1).toBe(highest);
  });

  test('outside a fixed range, or on a place that cannot be drawn, is left out', () => {
    expect(lines(guided([{ axis: 'y', at: 9, label: 'g' }], { yDomain: [0, 3] }))).toHaveLength(0);
    expect(lines(guided([{ axis: 'y', at: 0, label: 'g' }], { yScale: 'log' }))).toHaveLength(0);
    expect(lines(guided([{ axis: 'x', at: Number.NaN, label: 'g' }]))).toHaveLength(0);
  });

  test('names of neighbours stand side by side', () => {
    const svg = guided([
      { axis: 'x', at: 1, label: 'first neighbour' },
      { axis: 'x', at: 1.01, label: 'second neighbour' },
    ]);
    const names = named(parsePicture(svg), 'text').filter(({ attributes }) => attributes.class === 'sg-ink');
    const [first, second] = names.slice(-2).map(({ attributes }) => Number(attributes.x));
    expect(second! - first!).toBeGreaterThan(80);
  });

  test('is not drawn over "no data"', () => {
    const svg = guided([{ axis: 'y', at: 1, label: 'g' }], { series: [] });
    expect(svg).toContain('no data');
    expect(lines(svg)).toHaveLength(0);
  });
});

describe('panels', () => {
  test('hold charts that share no id, and say in each of them what it shows', () => {
    const one = lineChart({ title: 'one', series: [{ name: 'a', points }] });
    const two = lineChart({ title: 'two', series: [{ name: 'a', points }] });
    const elements = parsePicture(panels({ charts: [one, two] }));
    expect(elements.filter(({ attributes }) => 'id' in attributes)).toEqual([]);
    expect(elements[0]!.attributes.role).toBe('group');
    const inner = named(elements, 'svg').filter(({ attributes }) => attributes.role === 'img');
    expect(inner.map(({ attributes }) => attributes['aria-label'])).toEqual(['one', 'two']);
  });
});
