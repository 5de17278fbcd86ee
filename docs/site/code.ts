// Code in a page: coloured when the site is built, and a cell with a Run button where the page can run it.

import { posix } from 'node:path';
import { highlightText, languages } from 'prism-code-editor/prism';
import 'prism-code-editor/prism/languages/bash';
import 'prism-code-editor/prism/languages/json';
import 'prism-code-editor/prism/languages/typescript';
import { escaped } from './escaped';

/** Names of languages as documents and files have them. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ts: 'typescript',
  js: 'typescript',
  mjs: 'typescript',
  sh: 'bash',
  json: 'json',
};

/** What the page's worker has, by name. */
const OFFERED = new Set(['spikegrad', 'spikegrad/testing', './exercise']);

const coloured = (code: string, language: string): string => {
  const name = LANGUAGES[language];
  return name !== undefined && name in languages ? highlightText(code, name) : escaped(code);
};

/** A scrolling block must be reached by the keyboard. */
const block = (code: string, language: string, attributes = '') =>
  `<pre tabindex="0"${attributes}><code>${coloured(code, language)}</code></pre>`;

/** Whether a program imports only what the page's worker has. */
export function runsInPage(code: string): boolean {
  const imported = [...code.matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)/g)];
  return imported.length > 0 && imported.every(([, name, later]) => OFFERED.has((name ?? later)!));
}

const button = (name: string, words: string, more = '') =>
  `<button type="button" class="${name}"${more}>${words}</button>`;

/** Below a cell's text: what a script does, which shows it. */
const bar = (action: string) =>
  [
    '<div class="bar" hidden>',
    button('run', action),
    button('stop', 'Stop', ' hidden'),
    button('edit', 'Edit'),
    button('restore', 'Start over', ' hidden'),
    '<span class="state" role="status"></span></div>',
    '<div class="printed" role="log" aria-label="Printed" tabindex="0" hidden></div>',
  ].join('');

const cell = (code: string, kind: 'program' | 'exercise') =>
  `<section class="cell" data-kind="${kind}" aria-label="${kind === 'program' ? 'Program' : 'Exercise'}">` +
  `<div class="text">${block(code, 'ts')}</div>${bar(kind === 'program' ? 'Run' : 'Check')}</section>`;

const folded = (code: string, kind: string, summary: string) =>
  `<details class="${kind}"><summary>${summary}</summary>${block(code, 'ts')}</details>`;

/**
 * A fenced block as a page shows it.
 * @param info what stands behind the fence: the language, and for the course `exercise`, `check` or `solution`
 */
export function codeBlock(code: string, info: string): string {
  const [language = '', mark = ''] = info.split(/\s+/);
  if (language === 'ts') {
    if (mark === 'exercise') return cell(code, 'exercise');
    if (mark === 'check') return folded(code, 'check', 'How it is checked');
    if (mark === 'solution') return folded(code, 'solution', 'A solution');
    if (mark === '' && runsInPage(code)) return cell(code, 'program');
  }
  return block(code, language);
}

/** A file of code as a page: a program with a Run button where the page can run it. */
export function codeFile(path: string, text: string): string {
  const language = posix.extname(path).slice(1);
  const shown = language === 'ts' && runsInPage(text) ? cell(text, 'program') : block(text, language);
  return `<h1>${escaped(path)}</h1>${shown}`;
}
