import { describe, expect } from 'vitest';
import { barChart, htmlReport, lineChart } from '../../src/plot';
import { fc, test } from '../support/properties';
import { hostileText } from './hostile';
import { named, parseMarkup } from './markup';

const cell = fc.oneof(hostileText, fc.double());

const report = fc.record({
  title: hostileText,
  subtitle: fc.option(hostileText, { nil: undefined }),
  facts: fc.array(fc.record({ label: hostileText, value: hostileText }), { maxLength: 3 }),
  sections: fc.array(
    fc.record(
      {
        heading: hostileText,
        text: hostileText,
        figures: fc.array(
          fc.record({
            svg: hostileText.map((title) => lineChart({ title, series: [] })),
            caption: hostileText,
          }),
          { maxLength: 2 },
        ),
        table: fc.record({
          head: fc.array(hostileText, { minLength: 1, maxLength: 3 }),
          rows: fc.array(fc.array(cell, { maxLength: 3 }), { maxLength: 3 }),
        }),
        pre: hostileText,
      },
      { requiredKeys: ['heading'] },
    ),
    { maxLength: 3 },
  ),
});

// Everything the page and an empty chart are made of.
const OURS = new Set(
  (
    'html head meta title style body main header h1 h2 p dl div dt dd section figure figcaption table thead tbody ' +
    'tr th td pre svg desc rect line text'
  ).split(' '),
);

describe('htmlReport', () => {
  test.prop([report])(
    'hostile words never produce a tag, an attribute or a handler of their own',
    (options) => {
      for (const { name, attributes } of parseMarkup(htmlReport(options))) {
        expect(OURS).toContain(name);
        for (const key of Object.keys(attributes)) expect(key).not.toMatch(/^(on|src$|href$)/);
        expect(attributes.style ?? 'min-width:0px').toMatch(/^min-width:\d+px$/);
      }
    },
  );

  test.prop([report])('the page loads nothing and runs nothing', (options) => {
    const elements = parseMarkup(htmlReport({ ...options, title: 'r' }));
    for (const name of ['script', 'link', 'img', 'iframe', 'object', 'use', 'image'])
      expect(named(elements, name)).toHaveLength(0);
    const css = /<style>(.*?)<\/style>/s.exec(htmlReport({ ...options, title: 'r' }))![1]!;
    expect(css).not.toMatch(/url\(|@import/);
  });

  test('table heads have a scope, and figures a role, a title and a description', () => {
    const svg = barChart({
      title: 'Firing rate',
      categories: ['lif1'],
      groups: [{ name: 'rate', values: [0.2] }],
    });
    const elements = parseMarkup(
      htmlReport({
        title: 'Run',
        facts: [],
        sections: [
          {
            heading: 'Spikes',
            figures: [{ svg, caption: 'By layer.' }],
            table: { head: ['layer', 'rate'], rows: [['lif1', 0.2]] },
          },
        ],
      }),
    );
    expect(named(elements, 'th').map(({ attributes }) => attributes.scope)).toEqual(['col', 'col', 'row']);
    expect(named(elements, 'svg')[0]!.attributes).toMatchObject({ role: 'img', 'aria-label': 'Firing rate' });
    expect(named(elements, 'desc')).toHaveLength(1);
    expect(named(elements, 'html')[0]!.attributes.lang).toBe('en');
  });

  test('the words of a title are shown as they were given', () => {
    const page = htmlReport({ title: 'a < b & "c"', facts: [], sections: [] });
    expect(page).toContain('<h1>a &lt; b &amp; &quot;c&quot;</h1>');
  });
});
