// What the package exports: each has a description, and docs/public-types.txt has it as it is. Read from the
// declarations of a build, in a tenth of the time that typedoc takes.

import { expect, test } from 'vitest';
import { committedTypes, publicEntries, reportOf } from '../../docs/types';

const { entries, checker } = publicEntries();

test('every export of the package has a description', () => {
  const exported = entries.flatMap(({ symbols }) => symbols);
  expect(exported.length).toBeGreaterThan(200);
  const bare = exported.filter((symbol) => symbol.getDocumentationComment(checker).length === 0);
  expect(
    bare.map(({ name, declarations }) => `${name} in ${declarations?.[0]?.getSourceFile().fileName}`),
  ).toEqual([]);
});

test('the report of public types is that of the sources: npm run docs:types writes it', () => {
  expect(committedTypes()).toBe(reportOf(entries));
});
