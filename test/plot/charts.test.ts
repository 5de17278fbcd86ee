import { describe, expect } from 'vitest';
import { SpikegradError } from '../../src/errors';
import { barChart, heatmap, histogramChart, lineChart, panels } from '../../src/plot';
import { fc, test } from '../support/properties';
import { hostileNumber, hostileText } from './hostile';
import { named, parsePicture } from './markup';

const words = { title: hostileText, subtitle: hostileText, xLabel: hostileText, yLabel: hostileText };
const pair = fc.tuple(hostileNumber, hostileNumber);
const names = fc.array(hostileText, { maxLength: 9 });
const numbers = (length: number) => fc.array(hostileNumber, { minLength: length, maxLength: length });
const distribution = fc
  .nat(12)
  .chain((bins) => fc.record({ name: hostileText, edges: numbers(bins + 1), counts: numbers(bins) }));

const lineChartOf = (options: { title: string; width: number }) => lineChart({ ...options, series: [] });

describe('every chart of hostile words and numbers is a well-formed picture without NaN or Infinity', () => {
  test.prop([
    fc.record(
      {
        ...words,
        series: fc.array(
          fc.oneof(
            fc.record({
              name: hostileText,
              points: fc.array(pair, { maxLength: 40 }),
              reference: fc.boolean(),
              dashed: fc.boolean(),
            }),
            fc
              .record({ name: hostileText, rows: fc.array(fc.tuple(pair, pair), { maxLength: 40 }) })
              .map(({ name, rows }) => ({
                name,
                points: rows.map(([point]) => point),
                ranges: rows.map(([, around]) => around),
              })),
          ),
          { maxLength: 9 },
        ),
        ordered: fc.boolean(),
        xNames: names,
        yDomain: fc.tuple(hostileNumber, hostileNumber),
        yScale: fc.constantFrom('linear' as const, 'log' as const),
        bands: fc.array(
          fc.record({
            axis: fc.constantFrom('x' as const, 'y' as const),
            from: hostileNumber,
            to: hostileNumber,
            label: hostileText,
          }),
          { maxLength: 2 },
        ),
        guides: fc.array(
          fc.record({
            axis: fc.constantFrom('x' as const, 'y' as const),
            at: hostileNumber,
            label: hostileText,
          }),
          { maxLength: 4 },
        ),
        width: fc.integer({ min: 160, max: 1200 }),
        height: fc.integer({ min: 120, max: 900 }),
      },
      { requiredKeys: ['title', 'series'] },
    ),
  ])('lineChart', (options) => {
    parsePicture(lineChart(options));
  });

  test.prop([
    fc.record({
      title: hostileText,
      subtitle: hostileText,
      charts: fc.array(
        fc.record({ title: hostileText, width: fc.integer({ min: 160, max: 600 }) }).map(lineChartOf),
        { minLength: 1, maxLength: 5 },
      ),
      columns: fc.integer({ min: 1, max: 6 }),
    }),
  ])('panels', (options) => {
    parsePicture(panels(options));
  });

  test.prop([
    fc.record(
      {
        ...words,
        distributions: fc.array(distribution, { maxLength: 3 }),
        marker: fc.record({ x: hostileNumber, label: hostileText }),
        highest: hostileNumber,
      },
      { requiredKeys: ['title', 'distributions'] },
    ),
  ])('histogramChart', (options) => {
    parsePicture(histogramChart(options));
  });

  test.prop([
    names.chain((categories) =>
      fc.record(
        {
          ...words,
          categories: fc.constant(categories),
          groups: fc.array(fc.record({ name: hostileText, values: numbers(categories.length) }), {
            maxLength: 4,
          }),
        },
        { requiredKeys: ['title', 'categories', 'groups'] },
      ),
    ),
  ])('barChart', (options) => {
    parsePicture(barChart(options));
  });

  test.prop([
    fc.tuple(names, names).chain(([rows, columns]) =>
      fc.record(
        {
          title: hostileText,
          rows: fc.constant(rows),
          columns: fc.constant(columns),
          values: fc.array(numbers(columns.length), { minLength: rows.length, maxLength: rows.length }),
          rowLabel: hostileText,
          columnLabel: hostileText,
          domain: fc.tuple(hostileNumber, hostileNumber),
          width: fc.integer({ min: 160, max: 1200 }),
        },
        { requiredKeys: ['title', 'rows', 'columns', 'values'] },
      ),
    ),
  ])('heatmap', (options) => {
    parsePicture(heatmap(options));
  });
});

describe('lineChart', () => {
  const path = (points: [number, number][]): string => {
    const picture = parsePicture(lineChart({ title: 't', series: [{ name: 'a', points }] }));
    return named(picture, 'path')[0]?.attributes.d ?? '';
  };

  test('a NaN in the middle breaks the line in two and is counted under the chart', () => {
    const points: [number, number][] = [
      [0, 1],
      [1, 2],
      [2, Number.NaN],
      [3, 2],
      [4, 1],
    ];
    expect(path(points).match(/M/g)).toHaveLength(2);
    expect(lineChart({ title: 't', series: [{ name: 'a', points }] })).toContain('1 of 5 points');
  });

  test('a single point is marked, since a line of one point shows nothing', () => {
    const picture = parsePicture(lineChart({ title: 't', series: [{ name: 'a', points: [[3, 4]] }] }));
    expect(named(picture, 'circle')).toHaveLength(1);
  });

  test('points that are all equal lie in the middle of the height, not on its edge', () => {
    const svg = lineChart({
      title: '',
      series: [
        {
          name: 'a',
          points: [
            [0, 5],
            [1, 5],
          ],
        },
      ],
      height: 400,
    });
    const cy = Number(named(parsePicture(svg), 'circle')[0]!.attributes.cy);
    expect(cy).toBeGreaterThan(120);
    expect(cy).toBeLessThan(280);
  });

  test('no series, and series of nothing but NaN, say "no data"', () => {
    expect(lineChart({ title: 't', series: [] })).toContain('no data');
    expect(lineChart({ title: 't', series: [{ name: 'a', points: [[0, Number.NaN]] }] })).toContain(
      'no data',
    );
  });

  test('larger y is drawn higher and larger x further right', () => {
    const [a, b] = named(
      parsePicture(
        lineChart({
          title: 't',
          series: [
            {
              name: 'a',
              points: [
                [0, 0],
                [1, 1],
              ],
            },
          ],
        }),
      ),
      'circle',
    );
    expect(Number(b!.attributes.cx)).toBeGreaterThan(Number(a!.attributes.cx));
    expect(Number(b!.attributes.cy)).toBeLessThan(Number(a!.attributes.cy));
  });

  test('twenty thousand points become a path of under 100 kB that keeps the highest one', () => {
    const points = Array.from({ length: 20_000 }, (_, i): [number, number] => [i, i === 7777 ? 9 : i % 2]);
    const d = path(points);
    expect(d.length).toBeLessThan(100_000);
    const ys = [...d.matchAll(/,(-?[\d.]+)/g)].map((m) => Number(m[1]));
    const sorted = ys.toSorted((p, q) => p - q);
    expect(sorted[1]! - sorted[0]!).toBeGreaterThan(50);
  });

  test('a width that holds no chart is refused by name', () => {
    expect(() => lineChart({ title: 't', series: [], width: 20 })).toThrow(SpikegradError);
    expect(() => lineChart({ title: 't', series: [], width: Number.NaN })).toThrow(/lineChart: width/);
  });
});

describe('histogramChart', () => {
  test('draws one bar for each bin of each distribution, taller for larger counts', () => {
    const svg = histogramChart({
      title: 't',
      distributions: [{ name: 'u', edges: [0, 1, 2], counts: [10, 5] }],
    });
    const bars = named(parsePicture(svg), 'rect').slice(1);
    expect(bars).toHaveLength(2);
    const [first, second] = bars.map(({ attributes }) => Number(attributes.height));
    expect(first! / second!).toBeCloseTo(2, 1);
  });

  test('a marker outside the bins is still inside the picture', () => {
    const svg = histogramChart({
      title: 't',
      distributions: [{ name: 'u', edges: [0, 1], counts: [1] }],
      marker: { x: 3, label: 'threshold' },
      width: 300,
    });
    expect(svg).toContain('threshold');
    const dashed = named(parsePicture(svg), 'line').find(({ attributes }) => attributes['stroke-dasharray']);
    expect(Number(dashed!.attributes.x1)).toBeGreaterThan(200);
    expect(Number(dashed!.attributes.x1)).toBeLessThanOrEqual(300);
  });
});

describe('barChart', () => {
  test('negative values hang from the zero line and NaN leaves a gap', () => {
    const svg = barChart({
      title: 't',
      categories: ['a', 'b', 'c'],
      groups: [{ name: 'g', values: [1, Number.NaN, -1] }],
    });
    const [up, down, ...more] = named(parsePicture(svg), 'rect').slice(1);
    expect(more).toHaveLength(0);
    expect(Number(down!.attributes.y)).toBeCloseTo(
      Number(up!.attributes.y) + Number(up!.attributes.height),
      1,
    );
  });

  test('nineteen layer names are turned upright and none is dropped', () => {
    const categories = Array.from({ length: 19 }, (_, i) => `stages.${i % 3}.${i % 7}.lif${i}`);
    const svg = barChart({
      title: 't',
      categories,
      groups: [{ name: 'g', values: categories.map(() => 1) }],
    });
    for (const name of categories) expect(svg).toContain(`>${name}</text>`);
    expect(svg).toContain('rotate(-90');
  });
});

describe('heatmap', () => {
  test('the largest value is filled fully, zero hardly, and NaN is a dash', () => {
    const svg = heatmap({
      title: 't',
      rows: ['r', 's'],
      columns: ['a', 'b'],
      values: [
        [4, 0],
        [2, Number.NaN],
      ],
    });
    const cells = named(parsePicture(svg), 'rect').slice(1);
    const [largest, zero, half] = cells.map(({ attributes }) => Number(attributes['fill-opacity']));
    expect(largest).toBe(1);
    expect(zero).toBeLessThan(0.05);
    expect(Math.abs(half! - 0.5)).toBeLessThan(0.05);
    expect(svg).toContain('>–</text>');
  });
});

describe('numbers that do not fit their names are refused with both counts', () => {
  test('histogramChart', () => {
    const distributions = [{ name: 'u', edges: [0, 1], counts: [1, 2] }];
    expect(() => histogramChart({ title: 't', distributions })).toThrow(
      'u has 2 counts and 2 edges; 3 edges',
    );
  });

  test('barChart', () => {
    const groups = [{ name: 'g', values: [1, 2] }];
    expect(() => barChart({ title: 't', categories: ['a'], groups })).toThrow(
      'g has 2 values for 1 categories',
    );
  });

  test('heatmap', () => {
    const grid = { title: 't', rows: ['r'], columns: ['a', 'b'] };
    expect(() => heatmap({ ...grid, values: [[1]] })).toThrow(SpikegradError);
    expect(() => heatmap({ ...grid, values: [] })).toThrow('heatmap: values must be 1 rows of 2, got 0');
  });
});
