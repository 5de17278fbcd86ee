// What axe says about a page. Not a test itself.

import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

type Rules = Pick<axe.RunOptions, 'rules' | 'runOnly'>;

/**
 * What axe finds serious or critical, as "rule: selectors". It loads nothing, which a page from a disk may not.
 * @param rules all where none are given
 */
export async function serious(page: Page, rules: Rules = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: axePath });
  const { violations } = await page.evaluate(
    (own) =>
      (window as Window & { axe?: typeof axe }).axe!.run({
        ...own,
        resultTypes: ['violations'],
        preload: false,
      }),
    rules,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
