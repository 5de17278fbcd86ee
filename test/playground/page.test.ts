// The frame of the built playground in Chromium: what is fetched, the address, the tabs, the equations, keyboard,
// screen readers and small screens.

import { gzipSync } from 'node:zlib';
import type { Page, Response } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { missing, note } from '../browser/chromium';
import { serious } from './axe';
import { visits } from './visits';

const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    return (
      at?.getAttribute('aria-label') ??
      (at as HTMLInputElement)?.labels?.[0]?.textContent ??
      at?.textContent ??
      ''
    );
  });

describe.skipIf(missing)(`the playground${note}`, () => {
  const reader = visits();
  const { arrive } = reader;
  const tab = (page: Page, name: string) => page.getByRole('tab', { name });
  const slider = (page: Page, name: string) => page.getByRole('slider', { name, exact: true });
  const selected = (page: Page) => page.locator('[role=tab][aria-selected=true]').textContent();

  test('fetches less than 94 kB at first, and neither kernels nor gpu.js', async () => {
    const responses: Response[] = [];
    const page = await arrive('', {}, (blank) =>
      blank.on('response', (response) => responses.push(response)),
    );
    await page.waitForLoadState('networkidle');
    const bodies = await Promise.all(responses.map((response) => response.body()));
    const total = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThan(94_000);
    const paths = responses.map((response) => new URL(response.url()).pathname);
    expect(paths.filter((path) => /wasm|gpu|webgl|worker/.test(path))).toEqual([]);
  });

  test('a link restores the state, a change goes into the address, and a reload keeps it', async () => {
    const page = await arrive('?neuron.tau=0.7&neuron.reset=soft&neuron.input=noise&neuron.seed=5#neuron');
    expect(await slider(page, 'tau').inputValue()).toBe('0.7');
    expect(await page.getByRole('radio', { name: 'soft' }).isChecked()).toBe(true);
    expect(await slider(page, 'Seed').inputValue()).toBe('5');
    await slider(page, 'k').fill('6.5');
    await page.waitForURL(/neuron\.k=6\.5/);
    await page.reload();
    expect(await slider(page, 'k').inputValue()).toBe('6.5');
    expect(await slider(page, 'tau').inputValue()).toBe('0.7');
  });

  test('an address of nonsense shows the room as it is at first', async () => {
    const page = await arrive(
      '?neuron.tau=NaN&neuron.T=1e9&neuron.drawn=%F0%9F%92%A5&neuron.%=%E0%A4%A&x#nowhere/%',
    );
    expect(await selected(page)).toBe('Neuron');
    expect(await slider(page, 'tau').inputValue()).toBe('0.25');
    expect(await slider(page, 'Steps T').inputValue()).toBe('48');
    await expect.poll(() => new URL(page.url()).search).toBe('');
  });

  test('back leads to the room before, with its state, and closes the equations', async () => {
    const page = await arrive();
    await slider(page, 'tau').fill('0.6');
    await tab(page, 'Network').click();
    expect(await selected(page)).toBe('Network');
    expect(page.url()).toMatch(/neuron\.tau=0\.6#network$/);
    await page.goBack();
    expect(await selected(page)).toBe('Neuron');
    expect(await slider(page, 'tau').inputValue()).toBe('0.6');
    await page.getByRole('button', { name: 'About tau' }).click();
    await page.getByRole('link', { name: 'Equation: charge' }).and(page.locator(':visible')).click();
    expect(page.url()).toMatch(/#neuron\/charge$/);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('charge');
    expect(await slider(page, 'tau').inputValue()).toBe('0.6');
    await page.goBack();
    expect(await page.locator('.equations').isVisible()).toBe(false);
  });

  test('Escape closes the equations and gives the focus back', async () => {
    const page = await arrive();
    const link = page.getByRole('link', { name: 'Equations', exact: true });
    await link.focus();
    await page.keyboard.press('Enter');
    await page.locator('.equations').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('.equations').isVisible()).toBe(false);
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('every hint leads to an equation that is there', async () => {
    const page = await arrive();
    const targets = await page.$$eval('.hint a', (links) => links.map((link) => link.getAttribute('href')));
    expect(targets.length).toBeGreaterThan(12);
    expect(await page.$$eval([...new Set(targets)].join(), (sections) => sections.length)).toBe(
      new Set(targets).size,
    );
  });

  test('the link that is copied has the whole state, even one that has not come to rest', async () => {
    const page = await arrive('', { permissions: ['clipboard-read', 'clipboard-write'] });
    await slider(page, 'tau').fill('0.4');
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByRole('button', { name: 'Link copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${reader.site.url}?neuron.tau=0.4#neuron`,
    );
  });

  test('the keyboard alone reaches and uses everything', async () => {
    const page = await arrive();
    const visited: string[] = [];
    for (let i = 0; i < 70; i++) {
      await page.keyboard.press('Tab');
      const name = await focused(page);
      if (name === visited[0]) break;
      visited.push(name);
    }
    for (const name of [
      'Skip the controls',
      'Neuron',
      'Copy link',
      'Amplitude',
      'About vth',
      'MPR',
      'Play',
      'Time step',
      'Start over',
    ]) {
      expect(visited).toContain(name);
    }
    await tab(page, 'Neuron').focus();
    await page.keyboard.press('ArrowRight');
    expect(await selected(page)).toBe('Network');
    await page.keyboard.press('ArrowLeft');
    expect(await selected(page)).toBe('Neuron');
    await slider(page, 'tau').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/neuron\.tau=0\.26/);
  });

  test.each(['light', 'dark'] as const)(
    'axe has no serious finding in the %s page, equations and hints open too',
    async (colorScheme) => {
      const page = await arrive('?neuron.T=8', { colorScheme });
      expect(await serious(page)).toEqual([]);
      await page.locator('.value-table summary').click();
      await page.getByRole('link', { name: 'Equations', exact: true }).click();
      await page.getByRole('button', { name: 'About tau' }).click();
      expect(await serious(page)).toEqual([]);
    },
  );

  test('the theme can be chosen against the system, and stays', async () => {
    const page = await arrive('', { colorScheme: 'light' });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Theme: auto' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    expect(await background()).toBe(dark);
  });

  test('fits on one screen of a laptop, and a phone scrolls down only', async () => {
    const overflow = (page: Page) =>
      page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return [scrollWidth - innerWidth, scrollHeight - innerHeight];
      });
    const page = await arrive();
    expect(await overflow(page)).toEqual([0, 0]);
    await page.setViewportSize({ width: 390, height: 844 });
    const [sideways, down] = await overflow(page);
    expect(sideways).toBe(0);
    expect(down).toBeGreaterThan(0);
  });

  test('without WebAssembly it says so and the Neuron room works', async () => {
    const page = await arrive('', {}, (blank) =>
      blank.addInitScript(() => {
        Reflect.deleteProperty(globalThis, 'WebAssembly');
      }),
    );
    expect(await page.getByRole('note').textContent()).toMatch(/no WebAssembly/);
    await page.locator('.errors data').first().waitFor();
    expect(await page.locator('.errors data').first().textContent()).toMatch(/^0\.\d{3}$/);
  });

  test('what plays rests while the page is in the background', async () => {
    const page = await arrive();
    const step = () => slider(page, 'Time step').inputValue();
    const hide = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await page.getByRole('button', { name: 'Play' }).click();
    const before = await step();
    await expect.poll(step).not.toBe(before);
    await hide(true);
    const resting = await step();
    await page.waitForTimeout(600);
    expect(await step()).toBe(resting);
    await hide(false);
    await expect.poll(step).not.toBe(resting);
  });
});
