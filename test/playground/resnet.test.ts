// The ResNet room of the built playground in Chromium, driven as a reader does and read as a reader reads. Networks are as
// small as they can be.

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launch, missing, note } from '../browser/chromium';
import { cifarFile, drop } from './cifar';
import { type Site, startSite, type Visit, visit } from './site';

/** Four channels, one time step, four steps an epoch. */
const SMALL = '?resnet.width=4&resnet.T=1&resnet.images=80&resnet.batch=20&resnet.epochs=2';
const ROOM = '#resnet';
const PATIENCE = 60_000;

/** A number of the page with all its digits, once it is there. */
async function number(page: Page, name: string): Promise<number> {
  const place = page.locator(`.readouts data.${name}`);
  await expect.poll(() => place.getAttribute('value'), { timeout: PATIENCE }).toMatch(/\d/);
  return Number(await place.getAttribute('value'));
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Trains to the end. */
async function train(page: Page): Promise<void> {
  await press(page, 'Play');
  await page.getByText('trained', { exact: true }).waitFor({ timeout: PATIENCE });
}

describe.skipIf(missing)(`the ResNet room${note}`, { timeout: PATIENCE }, () => {
  let browser: Browser;
  let site: Site;
  let open: Visit | undefined;

  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), startSite()]);
  }, PATIENCE);
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

  /** A page whose first look at the untrained network is over. */
  async function arrive(query = SMALL): Promise<Page> {
    open = await visit(browser, site, query + ROOM);
    await open.page.locator('.layer-list label').nth(18).waitFor({ timeout: PATIENCE });
    return open.page;
  }

  const noticed = (page: Page) => page.locator('.resnet [role=alert]').innerText();

  test('a dropped CIFAR-10 file trains, and training lowers the loss', async () => {
    const page = await arrive(`${SMALL}&resnet.epochs=6`);
    await drop(page, 'mine.bin', await cifarFile(60));
    await page.getByText('mine.bin, read in this browser').waitFor({ timeout: PATIENCE });
    expect(await page.locator('.facts').innerText()).toContain('50 images to learn from, 10 held back');
    await train(page);
    expect(await number(page, 'step')).toBe(18);
    expect(await number(page, 'loss')).toBeLessThan(1.8);
    expect(await number(page, 'rate')).toBeGreaterThan(0);
    expect(page.url()).toContain('resnet.source=cifar10');
  });

  test('a file that is cut short, of another kind or packed is refused in words, and the training stays', async () => {
    const page = await arrive();
    const file = await cifarFile(4);
    const facts = await page.locator('.facts').innerText();
    for (const [name, bytes, words] of [
      ['short.bin', file.subarray(0, 5000), /short\.bin: .*1927 bytes over after 1 whole records/],
      ['photo.bin', Buffer.alloc(6146, 200), /photo\.bin: .*label byte 200 of record 0/],
      ['cifar-10-binary.tar.gz', file, /is an archive\. Unpack it/],
      ['other.safetensors', file, /other\.safetensors: /],
    ] as const) {
      await drop(page, name, bytes);
      await expect.poll(() => noticed(page), { timeout: PATIENCE }).toMatch(words);
    }
    expect(await page.locator('.facts').innerText()).toBe(facts);
    await press(page, 'Step');
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBe(1);
  });

  test('the same seed trains the same way, and another way without MPR', async () => {
    const losses: number[] = [];
    for (const query of [SMALL, SMALL, `${SMALL}&resnet.mpr=0`]) {
      const page = await arrive(query);
      await train(page);
      losses.push(await number(page, 'loss'));
      if (query.includes('mpr=0')) {
        expect(await number(page, 'after')).toBe(await number(page, 'before'));
      } else {
        expect(await number(page, 'after')).toBeLessThan(await number(page, 'before'));
      }
      await open!.close();
    }
    expect(losses[1]).toBe(losses[0]);
    expect(losses[2]).not.toBe(losses[0]);
  });
});
