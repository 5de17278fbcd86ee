// The pages made of documents, with their pictures, style and scripts: all of the site but the API reference and the
// playground.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentsOf } from './contents';
import { crawl, type Page } from './crawl';
import { framed } from './frame';
import { writeScripts } from './scripts';

const DOCUMENTS = 'docs/README.md';
const COURSE = 'docs/course/README.md';

/** In the order of their rules. */
const STYLES = ['base', 'frame', 'text', 'contents', 'cells', 'code'] as const;

/** Writes them into a folder, which it empties. @returns the pages @throws where a link leads nowhere */
export async function writeDocuments(out: string): Promise<readonly Page[]> {
  const put = (path: string, write: (path: string) => void) => {
    const to = join(out, path);
    mkdirSync(dirname(to), { recursive: true });
    write(to);
  };
  const [documents, course] = [contentsOf(DOCUMENTS), contentsOf(COURSE)];
  const contents = ({ source }: Page) => {
    if (source === 'README.md') return [];
    return source.startsWith('docs/course/') ? course : documents;
  };
  const { pages, pictures } = crawl(['README.md', DOCUMENTS, COURSE]);
  rmSync(out, { recursive: true, force: true });
  for (const page of pages) put(page.target, (path) => writeFileSync(path, framed(page, contents(page))));
  for (const picture of pictures) put(picture, (path) => copyFileSync(picture, path));
  const style = STYLES.map((name) => readFileSync(`docs/site/styles/${name}.css`, 'utf8')).join('\n');
  put('assets/site.css', (path) => writeFileSync(path, style));
  await writeScripts(join(out, 'assets'));
  return pages;
}
