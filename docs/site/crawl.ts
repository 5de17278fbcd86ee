// The documents of the site: those that it begins with and all that they link to in the repository. A markdown file
// becomes a page, README.md the index of its folder, a picture is copied, and another file is a page that shows it.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { codeFile } from './code';
import { documentOf } from './markdown';

export interface Page {
  /** In the repository: docs/neuron.md. */
  readonly source: string;
  /** In the site: docs/neuron.html. */
  readonly target: string;
  readonly title: string;
  readonly html: string;
}

export interface Crawled {
  readonly pages: readonly Page[];
  /** Pictures, which keep their paths. */
  readonly pictures: readonly string[];
}

const isPicture = (path: string) => /\.(svg|png)$/.test(path);
const isOutside = (href: string) => /^([a-z]+:|#)/i.test(href);

/** Where a file of the repository lies in the site. */
export function targetOf(source: string): string {
  if (isPicture(source)) return source;
  return source.endsWith('.md')
    ? source.replace(/README\.md$/, 'index.md').replace(/\.md$/, '.html')
    : `${source}.html`;
}

/** The way from a page of the site to another. */
export const wayFrom = (page: string, to: string): string => posix.relative(posix.dirname(page), to) || '.';

/** The file that a link of a document names; undefined for a folder that has no README, null where nothing is. */
function fileOf(source: string, path: string): string | undefined | null {
  const file = posix.normalize(posix.join(posix.dirname(source), path));
  if (file.startsWith('..') || !existsSync(file)) return null;
  if (!statSync(file).isDirectory()) return file;
  const readme = posix.join(file, 'README.md');
  return existsSync(readme) ? readme : undefined;
}

/** Reads the files, and those that they link to, and so on. @throws where a link leads nowhere */
export function crawl(beginnings: readonly string[]): Crawled {
  const found = new Set(beginnings);
  const pages: Page[] = [];
  const dead: string[] = [];
  for (const source of found) {
    if (isPicture(source)) continue;
    const text = readFileSync(source, 'utf8');
    const target = targetOf(source);
    if (!source.endsWith('.md')) {
      pages.push({ source, target, title: source, html: codeFile(source, text) });
      continue;
    }
    const linked = (href: string) => {
      if (isOutside(href)) return href;
      const [path, anchor] = href.split('#') as [string, string?];
      const file = fileOf(source, path);
      if (file === null) dead.push(`${source} links to ${path}, which is not there`);
      if (file === undefined || file === null) return undefined;
      found.add(file);
      return wayFrom(target, targetOf(file)) + (anchor === undefined ? '' : `#${anchor}`);
    };
    pages.push({ source, target, ...documentOf(text, linked) });
  }
  if (dead.length > 0) throw new Error(dead.join('\n'));
  return { pages, pictures: [...found].filter(isPicture) };
}
