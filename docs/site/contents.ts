// The lists beside the pages: those of the two indexes, docs/README.md and docs/course/README.md, whose headings and
// links they are. Whoever adds a document adds it there.

import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { targetOf } from './crawl';
import type { Group } from './frame';

/** The headings of an index with the documents that its lists begin their lines with. */
export function contentsOf(index: string): Group[] {
  const groups: { title: string; entries: { title: string; target: string }[] }[] = [];
  for (const line of readFileSync(index, 'utf8').split('\n')) {
    const heading = /^##? (.+)$/.exec(line)?.[1];
    if (heading !== undefined) groups.push({ title: heading, entries: [] });
    const link = /^(?:- |\d+\. )\[([^\]]+)\]\(([^)#:]+)\)/.exec(line);
    if (link === null) continue;
    const file = posix.normalize(posix.join(posix.dirname(index), link[2]!));
    groups.at(-1)!.entries.push({ title: link[1]!.replaceAll('`', ''), target: targetOf(file) });
  }
  return groups.filter(({ entries }) => entries.length > 0);
}
