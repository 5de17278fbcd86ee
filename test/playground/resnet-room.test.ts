// The ResNet room as a part of the page: its address, its layers, the background, browsers that lack something, axe.

import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { missing, note } from '../browser/chromium';
import { serious } from './axe';
import { enter, number, PATIENCE, press, SMALL } from './resnet-page';
import { visits } from './visits';

const NO_GPU = ['--disable-gpu', '--disable-software-rasterizer'];

describe.skipIf(missing)(`the ResNet room in the page${note}`, { timeout: PATIENCE }, () => {
  const reader = visits(NO_GPU, PATIENCE);

  const arrive = (query = SMALL, options: BrowserContextOptions = {}) => enter(reader, query, options);

  test('an address restores the settings and the layer in view, and a change goes into it and starts over', async () => {
    const page = await arrive(`${SMALL}&resnet.mpr=0&resnet.layer=4`);
    expect(await page.getByRole('switch', { name: 'MPR' }).isChecked()).toBe(false);
    expect(await page.getByRole('slider', { name: 'Channels', exact: true }).inputValue()).toBe('4');
    expect(await page.getByRole('radio', { name: /^stage 1\.2, LIF 2/ }).isChecked()).toBe(true);
    await press(page, 'Step');
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBe(1);
    await page.getByRole('radio', { name: /^stage 1\.2, LIF 2/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.waitForURL(/resnet\.layer=5/);
    expect(await page.locator('.layer-name').textContent()).toMatch(/^stage 1\.3, LIF 1, 4,096 neurons/);
    expect(await number(page, 'step')).toBe(1);
    await page.getByRole('slider', { name: 'Channels', exact: true }).fill('2');
    await page.waitForURL(/resnet\.width=2/);
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBe(0);
    await press(page, 'Without MPR');
    await page.waitForURL(/\?resnet\.mpr=0&resnet\.layer=7#/);
  });

  test('rests while the page is in the background', async () => {
    const page = await arrive(`${SMALL}&resnet.epochs=100`);
    const hide = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await press(page, 'Play');
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBeGreaterThan(1);
    await hide(true);
    let [before, now] = [-1, await number(page, 'step')];
    for (let i = 0; i < 20 && now !== before; i++) {
      before = now;
      await page.waitForTimeout(1000);
      now = await number(page, 'step');
    }
    expect(now).toBe(before);
    await hide(false);
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBeGreaterThan(now);
  });

  test('without a GPU it says so and goes on with wasm', async () => {
    const page = await arrive(`${SMALL}&resnet.backend=gpu`);
    expect(await page.locator('.resnet [role=alert]').innerText()).toMatch(
      /^Computing on wasm, since gpu did not start/,
    );
    expect(await page.locator('.readouts data.backend').innerText()).toMatch(/^wasm, \d+ thread/);
  });

  test('says in words where the code of the training does not load', async () => {
    const page = await reader.arrive('#resnet', {}, (blank) =>
      blank.route('**/assets/worker-*.js', (route) => route.abort()),
    );
    const alert = page.locator('.resnet [role=alert]');
    await expect
      .poll(() => alert.innerText(), { timeout: PATIENCE })
      .toMatch(/did not load; reload the page/);
    reader.complaints.splice(0); // the browser complains too
  });

  test.each(['light', 'dark'] as const)('axe has no serious finding in it, %s', async (colorScheme) => {
    const page = await arrive(SMALL, { colorScheme });
    for (const summary of await page.locator('.resnet .value-table summary').all()) await summary.click();
    expect(await serious(page)).toEqual([]);
  });

  test('every control has a hint that leads to an equation that is there', async () => {
    const page = await arrive();
    const controls = await page.locator('.resnet .controls :is(.slider, .choice, .toggle)').count();
    const targets = await page.$$eval('.resnet .controls .hint a', (links) =>
      links.map((link) => link.getAttribute('href')!),
    );
    expect(controls).toBe(13);
    expect(targets).toHaveLength(controls);
    for (const target of new Set(targets)) expect(await page.locator(target).count()).toBe(1);
  });

  test('fits on one screen of a laptop, and a phone scrolls down only', async () => {
    const page = await arrive();
    const overflow = () =>
      page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return [scrollWidth - innerWidth, scrollHeight - innerHeight];
      });
    expect(await overflow()).toEqual([0, 0]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect((await overflow())[0]).toBe(0);
  });
});
