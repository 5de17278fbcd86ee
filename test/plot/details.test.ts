// What a reader relies on in a picture and could lose without noticing.

import { describe, expect, test } from 'vitest';
import { barChart, heatmap, histogramChart, htmlReport, lineChart } from '../../src/plot';
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
