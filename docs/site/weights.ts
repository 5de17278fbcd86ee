// What a page of the site weighs at its first load: itself and all that its tags ask for, compressed as a server would.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes that no page may pass. */
export const MOST_BYTES = 100_000;

export interface Weight {
  /** In the site. */
  readonly page: string;
  readonly bytes: number;
}

/** Files of the site that a page names in tags that load, and its pictures as if all were in view. */
const loadedBy = (html: string) =>
  [...html.matchAll(/<(?:script|link|img)\b[^>]*?\s(?:src|href)="([^":]+)"[^>]*>/g)].map(([, path]) => path!);

/** All pages below a folder, the heaviest first. */
export function weightsOf(out: string): Weight[] {
  const known = new Map<string, number>();
  const weigh = (path: string) => {
    const bytes = known.get(path) ?? gzipSync(readFileSync(path)).length;
    known.set(path, bytes);
    return bytes;
  };
  return readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'))
    .map((page) => {
      const path = join(out, page);
      const files = new Set(loadedBy(readFileSync(path, 'utf8')).map((file) => join(dirname(path), file)));
      const bytes = [path, ...files].reduce((sum, file) => sum + weigh(file), 0);
      return { page, bytes };
    })
    .sort((a, b) => b.bytes - a.bytes);
}
