// All pages of the site in one visit: each takes the place of the one before, with the site's style in it, without its
// pictures and scripts. Not a test itself.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page as Tab } from 'playwright-core';

/** A page's text as it stands alone. */
export function standing(out: string, target: string): string {
  const style = readFileSync(join(out, 'assets/site.css'), 'utf8');
  return readFileSync(join(out, target), 'utf8')
    .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
    .replaceAll(/<img src="[^"]*"/g, '<img src="data:,"');
}

/** Rows of a table and entries of a list that are kept: all of one are made alike. */
const ALIKE = 12;

/** Puts a page's text in the place of what the tab shows. */
export const show = (tab: Tab, html: string): Promise<void> =>
  tab.evaluate(
    ([text, most]) => {
      const { documentElement } = new DOMParser().parseFromString(text, 'text/html');
      for (const more of documentElement.querySelectorAll(`:is(tr, li):nth-child(n + ${most})`))
        more.remove();
      document.documentElement.replaceWith(documentElement);
    },
    [html, ALIKE] as const,
  );

/** The same page without the colours of its code: half of its elements, none of which is more than a colour. */
export const withoutColours = (html: string): string =>
  html.replaceAll(/<span class="token[^>]*>|<\/span>/g, '');

/** Selectors of the site's style that a page gives something to: its classes, and its tags. */
export function looksOf(html: string, style: string): string[] {
  const classes = [...html.matchAll(/class="([^"]*)"/g)].flatMap(([, names]) => names!.split(' '));
  const tags = [...html.matchAll(/<([a-z]\w*)/g)].map(([, tag]) => tag!);
  return [...new Set(tags), ...new Set(classes.filter((name) => style.includes(`.${name}`)))];
}
