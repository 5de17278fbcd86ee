// One name, one thing: whoever searches for an interface finds one. Types that a file keeps to itself may be called
// as others are; interfaces, classes and whatever is exported may not. The AssemblyScript kernels are no part of
// this.

import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { filesUnder } from './files';

const source = resolve('src');

/** What is declared at the beginning of a line, where the formatter puts it. */
const DECLARED = /^(?:export )?(?:abstract )?(?:interface|class) (\w+)|^export type (\w+)/gm;

/** The interfaces, classes and exported types of a file, each once. */
const namesIn = (file: string): Set<string> =>
  new Set([...readFileSync(file, 'utf8').matchAll(DECLARED)].map(([, type, alias]) => (type ?? alias)!));

test('no two interfaces, classes or exported types have one name', () => {
  const places = new Map<string, string[]>();
  for (const file of filesUnder(source).filter((path) => !path.includes('/wasm/kernels/'))) {
    for (const name of namesIn(file)) places.set(name, [...(places.get(name) ?? []), relative(source, file)]);
  }
  expect(places.size).toBeGreaterThan(500);
  expect([...places].filter(([, files]) => files.length > 1)).toEqual([]);
});
