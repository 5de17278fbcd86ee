// What stands around the middle of each page: the ways to the parts of the site, the list of a part's documents, and
// the chapters before and after. It needs no script.

import { type Page, wayFrom } from './crawl';
import { escaped } from './escaped';

/** A document in a list. */
export interface Entry {
  readonly title: string;
  readonly target: string;
}

/** Documents under a common word. */
export interface Group {
  readonly title: string;
  readonly entries: readonly Entry[];
}

export const PARTS: readonly Entry[] = [
  { title: 'Course', target: 'docs/course/index.html' },
  { title: 'Documents', target: 'docs/index.html' },
  { title: 'API', target: 'api/index.html' },
  { title: 'Playground', target: 'playground/index.html' },
  { title: 'Results', target: 'docs/measured/index.html' },
];

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 12h4l2-10 2 10h6' fill='none' stroke='%230072B2' stroke-width='2' stroke-linejoin='round'/%3E%3C/svg%3E";

function linkTo(page: Page, { title, target }: Entry, more = ''): string {
  const here = target === page.target ? ' aria-current="page"' : '';
  return `<a href="${wayFrom(page.target, target)}"${here}${more}>${escaped(title)}</a>`;
}

const list = (page: Page, entries: readonly Entry[]) =>
  `<ul>${entries.map((entry) => `<li>${linkTo(page, entry)}</li>`).join('')}</ul>`;

/** The ways to the chapter before and the one after, in the order of the list. */
function neighbours(page: Page, groups: readonly Group[]): string {
  const entries = groups.flatMap((group) => group.entries);
  const at = entries.findIndex(({ target }) => target === page.target);
  if (at < 0 || !page.source.startsWith('docs/course/')) return '';
  const [before, after] = [entries[at - 1], entries[at + 1]];
  const link = (entry: Entry | undefined, rel: string) =>
    entry === undefined ? '<span></span>' : linkTo(page, entry, ` rel="${rel}"`);
  return `<nav class="neighbours" aria-label="Chapters">${link(before, 'prev')}${link(after, 'next')}</nav>`;
}

/** A page of the site. @param groups the list beside it */
export function framed(page: Page, groups: readonly Group[]): string {
  const asset = (name: string) => wayFrom(page.target, `assets/${name}`);
  const contents =
    groups.length === 0
      ? ''
      : `<nav class="contents" id="contents" aria-label="Contents">${groups
          .map(({ title, entries }) => `<h2>${escaped(title)}</h2>${list(page, entries)}`)
          .join('')}</nav>`;
  const script = page.html.includes('class="cell"')
    ? `<script defer src="${asset('cells.js')}"></script>`
    : '';
  const home = linkTo(page, { title: 'spikegrad', target: 'index.html' }, ' class="name"');
  const below = groups.length === 0 ? '' : '<a class="below" href="#contents">Contents</a>';
  const ways = [home, ...PARTS.map((part) => linkTo(page, part)), below];
  const name = page.target === 'index.html' ? 'spikegrad' : `${page.title} · spikegrad`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(name)}</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="${asset('site.css')}">
${script}
</head>
<body>
<a class="skip" href="#middle">To the text</a>
<header><nav aria-label="Parts">${ways.join('')}</nav></header>
<div class="sheet">
<main id="middle">
${page.html}
${neighbours(page, groups)}
</main>
${contents}
</div>
</body>
</html>
`;
}
