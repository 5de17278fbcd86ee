// The site in Chromium, opened from its folder as a reader does who has no server: the course from its first page to
// its last, with every program run and every exercise failed and solved; what pages weigh; axe; a phone; light and
// dark.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Page, targetOf } from '../../docs/site/crawl';
import { writeDocuments } from '../../docs/site/documents';
import { MOST_BYTES, weightsOf } from '../../docs/site/weights';
import { expectedLines } from '../../examples/checker/expected';
import { launch, missing, note } from '../browser/chromium';
import { serious } from '../playground/axe';
import { chapters, picturesOf } from './course';
import { looksOf, show, standing, withoutColours } from './looks';

const OUT = resolve('.cache/site');
let pages: readonly Page[];
beforeAll(async () => {
  pages = await writeDocuments(OUT);
});

test('the first load of any page is below 100 kB, compressed', () => {
  const weights = weightsOf(OUT);
  expect(weights.length).toBe(pages.length);
  expect(weights.filter(({ bytes }) => bytes > MOST_BYTES)).toEqual([]);
});

test('every link leads to a page, and every anchor to a heading of it', () => {
  const html = new Map(pages.map(({ target }) => [target, readFileSync(join(OUT, target), 'utf8')]));
  const wrong: string[] = [];
  for (const [target, text] of html) {
    for (const [, href] of text.matchAll(/<a [^>]*?href="([^"]+)"/g)) {
      if (/^[a-z]+:/.test(href!)) continue;
      const [path, anchor] = href!.split('#') as [string, string?];
      const to = path === '' ? target : join(dirname(target), path);
      if (/^(api|playground)\//.test(to)) continue; // made by others
      const there = html.get(to);
      const isThere = there === undefined ? existsSync(join(OUT, to)) : true;
      if (!isThere || (anchor !== undefined && !there?.includes(`id="${decodeURI(anchor)}"`)))
        wrong.push(`${target}: ${href}`);
    }
  }
  expect(wrong).toEqual([]);
});

describe.skipIf(missing)(`a reader${note}`, () => {
  let browser: Browser;
  let tab: Tab;
  const complaints: string[] = [];
  beforeAll(async () => {
    browser = await launch();
    tab = await (await browser.newContext({ viewport: { width: 1200, height: 800 } })).newPage();
    tab.on('pageerror', (error) => complaints.push(String(error)));
    tab.on('console', (message) => complaints.push(message.text()));
  });
  afterAll(async () => {
    await browser?.close();
    expect(complaints).toEqual([]);
  });
  const open = (target: string) => tab.goto(pathToFileURL(join(OUT, target)).href);

  /** Runs a cell; what it printed and how it ended. */
  async function ran(at: number): Promise<{ lines: string[]; pictures: number; ended: string }> {
    const cell = tab.locator('.cell').nth(at);
    await cell.locator('.run').click();
    await cell.locator('.state:not([data-look=""])').waitFor();
    const lines = await cell.locator('.printed pre').allInnerTexts();
    const pictures = await cell.locator('.printed img').count();
    return { lines, pictures, ended: await cell.locator('.state').innerText() };
  }

  describe.each(chapters())('of $source', ({ source, programs, exercise }) => {
    test('runs every program, fails the exercise and solves it', async () => {
      await open(targetOf(source));
      for (const [i, { code }] of programs.entries()) {
        const { lines, pictures, ended } = await ran(i);
        expect(ended).toBe('Done.');
        expect(lines.flatMap((line) => line.split('\n')).map((line) => line.trimEnd())).toEqual(
          expectedLines(code),
        );
        expect(pictures).toBe(picturesOf(code));
      }
      const last = tab.locator('.cell').nth(programs.length);
      expect((await ran(programs.length)).ended).toBe('Not yet.');
      await last.locator('.edit').click();
      const box = last.locator('textarea');
      await box.fill(exercise.solution);
      await last.locator('.state').evaluate((state) => {
        state.setAttribute('data-look', '');
      });
      const { ended, lines } = await ran(programs.length);
      expect(ended, lines.join('\n')).toBe('Right.');
    });
  });

  test('stops a program that has no end, and runs it again from the keyboard', async () => {
    await open('docs/course/01-time.html');
    const cell = tab.locator('.cell').first();
    await cell.locator('.edit').click();
    await cell.locator('textarea').fill("console.log('on');\nfor (;;);");
    await cell.locator('textarea').press('Control+Enter');
    await cell.getByText('on', { exact: true }).first().waitFor();
    await cell.getByRole('button', { name: 'Stop' }).click();
    expect(await cell.locator('.state').innerText()).toBe('Stopped.');
    await cell.getByRole('button', { name: 'Start over' }).click();
    expect(await cell.locator('textarea').inputValue()).toContain('await init');
    await ran(1);
    expect(await serious(tab)).toEqual([]);
  });

  test('finds again what was written, sees what comes late, and starts over', async () => {
    await open('docs/course/01-time.html');
    const cell = tab.locator('.cell').first();
    await cell.locator('.edit').click();
    await cell.locator('textarea').fill("setTimeout(() => console.log('late'), 50);");
    await tab.reload();
    expect(await cell.locator('.state').innerText()).toBe('As you left it.');
    await cell.locator('.run').focus();
    await tab.keyboard.press('Enter');
    await cell.getByText('late', { exact: true }).waitFor();
    expect(await cell.locator('.state').innerText()).toBe('Done.');
    expect(await tab.evaluate(() => document.activeElement?.className)).toBe('run');
    await cell.getByRole('button', { name: 'Start over' }).click();
    await tab.reload();
    expect(await cell.locator('pre').first().innerText()).toContain('await init');
    expect(await cell.locator('.printed').isVisible()).toBe(false);
  });

  test('finds every page accessible, and none wider than a phone', async () => {
    await open('index.html');
    await tab.setViewportSize({ width: 360, height: 740 });
    const style = readFileSync(join(OUT, 'assets/site.css'), 'utf8');
    const seen = new Set<string>();
    const wrong: string[] = [];
    for (const { target } of pages) {
      const html = standing(OUT, target);
      await show(tab, withoutColours(html));
      const found = await serious(tab, { rules: { 'color-contrast': { enabled: false } } });
      const width = await tab.evaluate(() => document.documentElement.scrollWidth);
      if (width > 360) found.push(`${width} pixels wide`);
      // contrast is dear, and a matter of style alone: where something looks like nothing before
      const isNew = looksOf(html, style).filter((look) => !seen.has(look) && seen.add(look)).length > 0;
      if (isNew) await show(tab, html);
      for (const colorScheme of isNew ? (['light', 'dark'] as const) : []) {
        await tab.emulateMedia({ colorScheme });
        found.push(...(await serious(tab, { runOnly: ['color-contrast'] })));
      }
      wrong.push(...found.map((words) => `${target}: ${words}`));
    }
    expect(wrong).toEqual([]);
  });
});
