// The texts as vitest is to see them: with one mutant in place, or, for the first pass, with a probe at every place.

import { relative } from 'node:path';
import type { Plugin } from 'vitest/config';
import type { Mutant } from './mutant';

/** What is in place now. */
export interface Shown {
  mutant: Mutant | undefined;
  probed: readonly Mutant[];
}

export function mutated(root: string, shown: Shown): Plugin {
  return {
    name: 'mutated',
    enforce: 'pre',
    transform(text, id) {
      const file = relative(root, id.split('?')[0]!);
      const { mutant, probed } = shown;
      if (mutant?.file === file)
        return { code: text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end), map: null };
      const here = probed.flatMap((place, index) => (place.file === file ? [{ place, index }] : []));
      return here.length === 0 ? undefined : { code: withProbes(text, here), map: null };
    },
  };
}

/** Each place as `(probe, expression)` or `{ probe; statement }`; places inside of others come out nested. */
function withProbes(text: string, here: readonly { place: Mutant; index: number }[]): string {
  const inserts: { at: number; length: number; opens: boolean; text: string }[] = [];
  for (const { place, index } of here) {
    const { start, end, statement } = place.reached;
    const call = `globalThis.mutantReached?.(${index})`;
    const length = end - start;
    inserts.push({ at: start, length, opens: true, text: statement ? `{ ${call}; ` : `(${call}, ` });
    inserts.push({ at: end, length, opens: false, text: statement ? ' }' : ')' });
  }
  // at one position what ends stands before what begins; the longer begins first and ends last
  inserts.sort((a, b) => {
    if (a.at !== b.at) return a.at - b.at;
    if (a.opens !== b.opens) return a.opens ? 1 : -1;
    return a.opens ? b.length - a.length : a.length - b.length;
  });
  let [out, from] = ['', 0];
  for (const insert of inserts) {
    out += text.slice(from, insert.at) + insert.text;
    from = insert.at;
  }
  return out + text.slice(from);
}
