// Markdown as HTML, by marked: headings have the anchors that GitHub gives them, links go where `linked` says, wide
// tables scroll by themselves, and code is that of code.ts.

import { Marked, type Tokens } from 'marked';
import { codeBlock } from './code';
import { escaped } from './escaped';

/** Where a link of a document leads in the site; undefined where it leads nowhere, and its text stays. */
export type Linked = (href: string) => string | undefined;

export interface Document {
  /** Its first heading, without marks. */
  readonly title: string;
  readonly html: string;
}

const plain = (text: string) => text.replaceAll(/<[^>]*>|`/g, '');

/** GitHub's anchor of a heading: lower case, without punctuation, dashes for blanks. */
export const anchorOf = (heading: string): string =>
  plain(heading)
    .toLowerCase()
    .replaceAll(/&\w+;|[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

/** A document as a page's middle. */
export function documentOf(text: string, linked: Linked): Document {
  let title = '';
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text: words }: Tokens.Heading) {
        if (depth === 1 && title === '') title = plain(words);
        const anchor = anchorOf(words);
        return `<h${depth} id="${anchor}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      code: ({ text: code, lang = '' }: Tokens.Code) => codeBlock(code, lang),
      link({ href, tokens }: Tokens.Link) {
        const words = this.parser.parseInline(tokens);
        const to = linked(href);
        return to === undefined ? words : `<a href="${escaped(to)}">${words}</a>`;
      },
      image({ href, text: words }: Tokens.Image) {
        return `<img src="${escaped(linked(href) ?? href)}" alt="${escaped(words)}" loading="lazy">`;
      },
      table(token: Tokens.Table) {
        const cells = (row: Tokens.TableCell[], tag: 'th' | 'td') =>
          `<tr>${row.map((one) => `<${tag}>${this.parser.parseInline(one.tokens)}</${tag}>`).join('')}</tr>`;
        const head = cells(token.header, 'th');
        const body = token.rows.map((row) => cells(row, 'td')).join('');
        const table = `<table><thead>${head}</thead><tbody>${body}</tbody></table>`;
        return `<div class="wide" tabindex="0" role="group" aria-label="Table">${table}</div>`;
      },
    },
  });
  const html = marked.parse(text, { async: false });
  return { title, html };
}
