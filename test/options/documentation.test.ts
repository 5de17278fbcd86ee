// The page of options is what the tables say, every interface of options has a table, and what a docstring says of a
// default is what the table has.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { documentedOptions, optionsPage, PAGE } from '../../docs/options';

const documented = [...(await documentedOptions()).values()].flat();

test('docs/options.md is current (npm run docs:options)', async () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(await optionsPage());
});

test('every exported interface of options has a table that holds the same names', () => {
  expect(documented.length).toBeGreaterThan(40);
  expect(documented.filter(({ table }) => table === undefined).map(({ name }) => name)).toEqual([]);
  for (const { name, table, options } of documented)
    expect([...table!.names].sort(), name).toEqual(options.map((option) => option.name).sort());
});

test('every interface of options is taken by a public function', () => {
  const idle = documented.filter(({ takers }) => takers.length === 0).map(({ name }) => name);
  const parts = [
    'DownloadOptions',
    'HistogramOptions',
    'LayerOptions',
    'RecordOptions',
    'SpikingNetworkOptions',
  ];
  expect(idle.sort()).toEqual(parts); // of others
});

/** `Default 0.25.`, `Default: the global one.`, `Default `hard`, the paper's.` without quotes and backticks. */
function saidDefault(words: string): string | undefined {
  const said = /\bDefault:? (.+)$/.exec(words)?.[1];
  return said?.replaceAll(/[`']/g, '').replace(/\.$/, '');
}

test.each(documented.map((entry) => [entry.name, entry] as const))(
  'the defaults of %s are those of its docstrings',
  (_, { options }) => {
    for (const { name, words, spec } of options) {
      const said = saidDefault(words);
      const held = spec!.shown.replaceAll(/[`']/g, '');
      if (held === '') {
        expect(said, `${name} has no default`).toBeUndefined();
        continue;
      }
      expect(said, `${name} does not say its default ${held}`).toBeDefined();
      const [first = ''] = said!.split(/[,; ]/, 1);
      const isSame =
        Number(first) === Number(held) || (said!.startsWith(held) && !/^\w/.test(said!.slice(held.length)));
      expect(isSame, `${name}: the docstring says "${said}", the table has "${held}"`).toBe(true);
    }
  },
);
