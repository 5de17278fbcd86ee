// Which of the names that there are somebody may have meant.

import { FOREIGN_WORDS } from './words';

const bare = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Insertions, deletions, changes and swaps of neighbours that turn one word into the other. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? beforeLast[j - 2]! + 1 : changed;
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, changed, swapped);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}

/** What another framework's word is called here, among `names`; undefined where it is no such word. */
export function translated(word: string, names: readonly string[]): string | undefined {
  const key = bare(word);
  return Object.hasOwn(FOREIGN_WORDS, key)
    ? FOREIGN_WORDS[key]!.find((name) => names.includes(name))
    : undefined;
}

/** The name nearest to `word` among `names`; undefined where none is near. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const wanted = bare(word);
  let best: string | undefined;
  // more than a third of a word changed is another word
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(wanted, bare(name));
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** `; did you mean vth?`, or what the word of another framework is called here, or nothing. */
export function suggestion(word: string, names: readonly string[]): string {
  const same = names.find((name) => bare(name) === bare(word));
  if (same !== undefined) return `; did you mean ${same}?`;
  const here = translated(word, names);
  if (here !== undefined) return `; it is called ${here} here`;
  const near = nearest(word, names);
  return near === undefined ? '' : `; did you mean ${near}?`;
}
