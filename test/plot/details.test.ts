// What a reader relies on in a picture and could lose without noticing.

import { describe, expect, test } from 'vitest';
import { barChart, heatmap, histogramChart, htmlReport, lineChart, panels } from '../../src/plot';
import { ROLES, SERIES } from '../../src/plot/theme';
import { named, parseMarkup, parsePicture } from './markup';

const line = (points: [number, number][], more = {}) =>
  lineChart({ title: 't', series: [{ name: 'a', points }], ...more });

describe('colours', () => {
  test('a figure names no colour outside the theme, in light or in dark', () => {
    const known = new Set([...SERIES, ...Object.values(ROLES)].flatMap(({ light, dark }) => [light, dark]));
    const svg = lineChart({
      title: 't',
      series: [...'abcdefghi'].map((name, i) => ({ name, points: [[0, i]] })),
    });
    for (const [colour] of svg.matchAll(/#[0-9a-fA-F]{6}\b/g)) expect(known).toContain(colour);
  });

  test('the eighth series has the first colour, but a dashed line', () => {
    const points: [number, number][] = [
      [0, 0],
      [1, 1],
    ];
    const svg = lineChart({ title: 't', series: [...'abcdefgh'].map((name) => ({ name, points })) });
    const dashes = named(parsePicture(svg), 'path').map(({ attributes }) => attributes['stroke-dasharray']);
    expect(dashes.slice(0, 7)).toEqual(new Array(7).fill(undefined));
    expect(dashes[7]).toMatch(/\d/);
  });

  test('dark colours apply only inside figures and only where the reader prefers dark', () => {
    const css = /<style>(.*?)<\/style>/.exec(line([]))![1]!;
    expect(css).toMatch(/^@media \(prefers-color-scheme:dark\)\{/);
    for (const [selector] of css.matchAll(/[^{}]+(?=\{color)/g))
      expect(selector).toMatch(/^\.sg-chart \.sg-/);
  });
});

describe('legend', () => {
  test('one series needs none, two have one', () => {
    const two = lineChart({ title: 't', series: ['one', 'two'].map((name) => ({ name, points: [[0, 1]] })) });
    expect(line([[0, 1]])).not.toContain('>a</text>');
    expect(two).toContain('>one</text>');
    expect(two).toContain('>two</text>');
  });

  test('names that find no place are counted', () => {
    const series = Array.from({ length: 40 }, (_, i) => ({ name: `a long name, number ${i}`, points: [] }));
    const svg = lineChart({ title: 't', series });
    const shown = series.filter(({ name }) => svg.includes(`>${name}</text>`)).length;
    expect(svg).toContain(`+${40 - shown} more`);
  });

  test('a tall legend makes the picture grow, not the plot shrink away', () => {
    const series = Array.from({ length: 40 }, (_, i) => ({ name: `a long name, number ${i}`, points: [] }));
    const svg = lineChart({ title: 't', series, height: 120 });
    expect(Number(parsePicture(svg)[0]!.attributes.height)).toBeGreaterThan(200);
  });
});

describe('an ordered family', () => {
  const family = (count: number) =>
    lineChart({
      title: 't',
      ordered: true,
      series: [
        { name: 'before all', points: [[0, 0]], reference: true },
        ...Array.from({ length: count }, (_, i) => ({
          name: `k = ${i}`,
          points: [
            [0, i],
            [1, i + 1],
          ] as [number, number][],
        })),
      ],
    });

  test('of many lines is named by its first and its last, beside their colours', () => {
    const svg = family(20);
    expect(svg).toContain('>k = 0 to k = 19</text>');
    expect(svg).not.toContain('>k = 7</text>');
    expect(svg).toContain('>before all</text>');
  });

  test('of a few lines has each name, and colours from one end of the scale to the other', () => {
    const svg = family(3);
    for (const name of ['k = 0', 'k = 1', 'k = 2']) expect(svg).toContain(`>${name}</text>`);
    const colours = named(parsePicture(svg), 'g').flatMap(({ attributes }) => attributes.color ?? []);
    expect(colours.at(-3)).toBe(SERIES[0]!.light);
    expect(colours.at(-1)).toBe(SERIES[1]!.light);
  });

  test('a reference is drawn under the lines, without marks of its own', () => {
    const paths = named(parsePicture(family(3)), 'path');
    expect(Number(paths[0]!.attributes['stroke-width'])).toBeGreaterThan(3);
    expect(named(parsePicture(family(3)), 'circle')).toHaveLength(6);
  });
});

describe('panels', () => {
  const charts = [200, 300, 250].map((width, i) => line([], { width, height: 150 + 50 * i }));

  test('lie in rows without touching, and the picture holds them all', () => {
    const [outer, ...rest] = named(parsePicture(panels({ title: 't', charts, columns: 2 })), 'svg');
    const placed = rest.filter(({ attributes }) => attributes.class === 'sg-chart');
    const boxes = placed.map(({ attributes }) => {
      const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((key) => Number(attributes[key]));
      return { left: x!, top: y!, right: x! + width!, bottom: y! + height! };
    });
    expect(boxes).toHaveLength(3);
    for (const [i, a] of boxes.entries()) {
      expect(a.right).toBeLessThanOrEqual(Number(outer!.attributes.width));
      expect(a.bottom).toBeLessThanOrEqual(Number(outer!.attributes.height));
      for (const b of boxes.slice(i + 1)) {
        expect(
          a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top,
          `panel ${i}`,
        ).toBe(true);
      }
    }
  });

  test('a text that is no chart, and no chart at all, are refused', () => {
    expect(() => panels({ title: 't', charts: [] })).toThrow(/at least one chart/);
    expect(() => panels({ title: 't', charts: ['<p>'] })).toThrow(/panels: expects charts as SVG text/);
    expect(() => panels({ title: 't', charts, columns: 0 })).toThrow(/columns must be/);
  });
});

describe('axes', () => {
  const texts = (svg: string) => [...svg.matchAll(/>([^<]*)<\/text>/g)].map((match) => match[1]!);

  test('whole numbers of epochs get no ticks between them', () => {
    const ticks = texts(
      line([
        [1, 0],
        [2, 0.5],
        [3, 1],
      ]),
    );
    expect(ticks).toContain('2');
    expect(ticks).not.toContain('1.5');
  });

  test('a fixed range keeps what lies outside it from the plot, and its numbers small', () => {
    const svg = line(
      [
        [0, 0.5],
        [1, 1e9],
        [2, 0.5],
      ],
      { yDomain: [0, 1] },
    );
    expect(texts(svg)).toContain('1.0');
    const inner = named(parsePicture(svg), 'svg')[1]!.attributes;
    expect(inner.overflow).toBe('hidden');
    for (const [, y] of named(parsePicture(svg), 'path')[0]!.attributes.d!.matchAll(/,(-?[\d.]+)/g))
      expect(Math.abs(Number(y))).toBeLessThan(10_000);
  });

  test('a bound of a range that is not finite comes from the data', () => {
    const points: [number, number][] = [
      [0, 0],
      [1, 40],
    ];
    expect(texts(line(points, { yDomain: [0, Number.NEGATIVE_INFINITY] }))).toContain('40');
  });

  test('a logarithmic axis gives equal ratios equal steps and leaves out what is not above 0', () => {
    const points: [number, number][] = [
      [0, 0.01],
      [1, 1],
      [2, 100],
      [3, 0],
    ];
    const svg = line(points, { yScale: 'log' });
    const [a, b, c] = named(parsePicture(svg), 'circle').map(({ attributes }) => Number(attributes.cy));
    expect(a! - b!).toBeCloseTo(b! - c!, 1);
    expect(svg).toContain('1 of 4 points are not finite and above 0');
    expect(texts(svg)).toContain('0.1');
  });

  test('named places have their names instead of numbers', () => {
    const points: [number, number][] = [
      [0, 1],
      [1, 2],
    ];
    const svg = line(points, { xNames: ['stem', 'fc'] });
    expect(texts(svg)).toContain('stem');
    expect(texts(svg)).not.toContain('0.5');
    expect(svg).toContain('a: fc, 2');
  });

  test('a band shades what lies between its bounds and reaches no further than the plot', () => {
    const points: [number, number][] = [
      [0, 0],
      [10, 1],
    ];
    const width = (from: number, to: number) => {
      const rects = named(
        parsePicture(line(points, { bands: [{ axis: 'x', from, to, label: 'window' }] })),
        'rect',
      );
      return Number(rects.find(({ attributes }) => attributes['fill-opacity'] === '0.14')?.attributes.width);
    };
    const whole = width(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    expect(width(-100, 100)).toBeCloseTo(whole, 1);
    expect(width(2, 7)).toBeCloseTo(whole / 2, 1);
    expect(width(20, 30)).toBeNaN();
  });

  test('each line of a subtitle stands on its own', () => {
    const words = texts(line([[0, 1]], { subtitle: 'before 0.2\nafter 0.1' }));
    expect(words).toContain('before 0.2');
    expect(words).toContain('after 0.1');
  });

  test('small and large numbers are written short', () => {
    expect(
      texts(
        line([
          [0, 0],
          [1, 5e-6],
        ]),
      ),
    ).toContain('5e-6');
    expect(
      texts(
        line([
          [0, 0],
          [1, 40_000],
        ]),
      ),
    ).toContain('40k');
  });
});

describe('histogramChart and barChart', () => {
  test('the threshold is not drawn over "no data"', () => {
    const svg = histogramChart({ title: 't', distributions: [], marker: { x: 0.5, label: 'threshold' } });
    expect(svg).toContain('no data');
    expect(svg).not.toContain('>threshold</text>');
  });

  test('bins that cannot be drawn are counted', () => {
    const edges = [0, 1, 1, 2, Number.POSITIVE_INFINITY];
    const svg = histogramChart({ title: 't', distributions: [{ name: 'u', edges, counts: [1, 1, -1, 1] }] });
    expect(svg).toContain('3 of 4 bins');
  });

  test('values that are not finite are counted', () => {
    const groups = [{ name: 'g', values: [1, Number.NaN] }];
    expect(barChart({ title: 't', categories: ['a', 'b'], groups })).toContain('1 of 2 values');
  });

  test('a few bars carry their numbers, many do not', () => {
    const chart = (n: number) => {
      const values = Array.from({ length: n }, () => 0.125);
      return barChart({
        title: 't',
        categories: values.map((_, i) => `c${i}`),
        groups: [{ name: 'g', values }],
      });
    };
    expect(chart(3)).toContain('>0.125</text>');
    expect(chart(30)).not.toContain('>0.125</text>');
  });
});

describe('heatmap', () => {
  test('a hundred classes keep some names, a colour scale and under half a megabyte', () => {
    const names = Array.from({ length: 100 }, (_, i) => `class ${i}`);
    const values = names.map((_, r) => names.map((_, c) => (r === c ? 90 : 0)));
    const svg = heatmap({ title: 't', rows: names, columns: names, values });
    expect(svg.length).toBeLessThan(500_000);
    expect(svg).toContain('>class 0</text>');
    expect(svg).not.toContain('>class 1</text>');
    expect(svg).toContain('>90</text>');
  });

  test('equal numbers above zero are dark, all zeros pale', () => {
    const fills = (value: number) => {
      const svg = heatmap({ title: 't', rows: ['r'], columns: ['a', 'b'], values: [[value, value]] });
      return named(parsePicture(svg), 'rect')
        .slice(1)
        .map(({ attributes }) => attributes['fill-opacity']);
    };
    expect(fills(0.2)).toEqual(['1', '1']);
    expect(fills(0)).toEqual(['0', '0']);
  });

  test('a given domain sets the scale, and numbers beyond it are cut to it', () => {
    const svg = heatmap({ title: 't', rows: ['r'], columns: ['a', 'b'], values: [[0.5, 7]], domain: [0, 1] });
    const cells = named(parsePicture(svg), 'rect').slice(1);
    expect(cells.map(({ attributes }) => attributes['fill-opacity'])).toEqual(['0.5', '1']);
  });
});

describe('htmlReport', () => {
  const page = (section: object) =>
    htmlReport({ title: 't', facts: [], sections: [{ heading: 'h', ...section }] });

  test('empty lines part paragraphs', () => {
    expect(page({ text: 'one\n\ntwo\n' })).toContain('<p>one</p>\n<p>two</p>');
  });

  test('columns of numbers are aligned to the right, columns with words are not', () => {
    const rows = [
      ['conv1', 1327104, '12.5 %', 'addition'],
      ['conv2', 0.12345, '-', '3'],
    ];
    const html = page({ table: { head: ['layer', 'n', 'rate', 'kind'], rows } });
    const heads = named(parseMarkup(html), 'th').filter(({ attributes }) => attributes.scope === 'col');
    expect(heads.map(({ attributes }) => attributes.class)).toEqual([
      undefined,
      'number',
      'number',
      undefined,
    ]);
    expect(html).toContain('>1327104</td>');
    expect(html).toContain('>0.1235</td>');
  });

  test('wide figures take a row of their own', () => {
    const figures = [440, 900].map((width) => ({ svg: line([], { width }), caption: 'c' }));
    const classes = named(parseMarkup(page({ figures })), 'figure').map(({ attributes }) => attributes.class);
    expect(classes).toEqual([undefined, 'wide']);
  });

  test('a figure that is no SVG is refused, by its caption', () => {
    expect(() => page({ figures: [{ svg: '<img src=x>', caption: 'Loss' }] })).toThrow(
      /htmlReport: the figure "Loss"/,
    );
  });

  test('its content policy forbids scripts and everything from elsewhere', () => {
    const [policy] = named(parseMarkup(page({})), 'meta').filter(
      ({ attributes }) => 'http-equiv' in attributes,
    );
    expect(policy!.attributes.content).toBe(
      'default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:',
    );
  });
});
