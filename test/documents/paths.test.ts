// Files and folders that documents name in their text, such as `snn/lif.ts`, are there: from the root of the project,
// from src, from test, or from where the document lies.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { documents } from './blocks';

/** Made by commands that the documents tell, or pictures of a reader's own. */
const MADE = /^(docs\/site\/dist|\.cache)\b|\.(png|jpg)$/;
/** What a path of the project begins with, here or in src; others are a reader's own files. */
const roots = ['.', 'src', 'test'];

test('paths in the text of documents lead somewhere', () => {
  const dead: string[] = [];
  for (const path of documents()) {
    const document = relative(resolve('.'), path);
    const text = readFileSync(path, 'utf8').replaceAll(/^```.*?^```/gms, '');
    for (const [, named] of text.matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`/g)) {
      const [first] = named!.split('/') as [string];
      const isOurs = roots.some((root) => existsSync(join(root, first)));
      if (!isOurs || MADE.test(named!)) continue;
      const places = [...roots, dirname(document)].map((root) => join(root, named!));
      if (!places.some((place) => existsSync(place) || existsSync(`${place}.ts`)))
        dead.push(`${document}: ${named}`);
    }
  }
  expect(dead).toEqual([]);
});
