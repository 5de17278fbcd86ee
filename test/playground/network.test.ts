// The Network room of the built playground in Chromium, driven as a reader does and read as a reader reads.

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, note } from '../browser/chromium';
import { type Site, startSite, type Visit, visit } from './site';

const SMALL = 'network.layers=1&network.width=4&network.T=3';

/** The step that the room says it is at, once it says so. */
async function stepReached(page: Page, least: number): Promise<number> {
  const progress = page.getByRole('group', { name: 'Training' }).locator('output');
  const read = async () => Number(/^step (\d+)$/.exec(await progress.innerText())?.[1] ?? -1);
  await expect.poll(read, { timeout: 60_000 }).toBeGreaterThanOrEqual(least);
  return read();
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Every number of the table of the networks: rows of [with, without]. */
const figures = (page: Page): Promise<number[][]> =>
  page.$$eval('.figures tbody tr', (rows) =>
    rows.map((row) => [...row.querySelectorAll('data')].map((cell) => Number(cell.value))),
  );

describe.skipIf(missing)(`the Network room${note}`, () => {
  let browser: Browser;
  let site: Site;
  let open: Visit | undefined;

  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), startSite()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  afterEach(async () => {
    const complaints = open?.complaints ?? [];
    await open?.close();
    open = undefined;
    expect(complaints).toEqual([]);
  });

  async function arrive(query: string): Promise<Page> {
    open = await visit(browser, site, `?${query}#network`);
    return open.page;
  }

  test('lowers the loss while it plays, and MPR on and off, equal at first, come to differ', async () => {
    const page = await arrive(`${SMALL}&network.speed=fast`);
    await stepReached(page, 0);
    const [[trainOn, trainOff]] = (await figures(page)) as [[number, number]];
    expect(trainOn).toBe(trainOff);
    await button(page, 'Play').click();
    await stepReached(page, 30);
    await button(page, 'Pause').click();
    const [[laterOn, laterOff]] = (await figures(page)) as [[number, number]];
    expect(laterOn).toBeLessThan(trainOn);
    expect(laterOff).toBeLessThan(trainOff);
    expect(laterOn).not.toBe(laterOff);
  });
});
