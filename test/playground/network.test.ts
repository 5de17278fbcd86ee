// The Network room of the built playground in Chromium, driven as a reader does and read as a reader reads.

import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { missing, note } from '../browser/chromium';
import { serious } from './axe';
import { visits } from './visits';

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
  const reader = visits();

  /** A page whose networks have been trained as far as the link says. */
  async function arrive(
    query = SMALL,
    options: BrowserContextOptions = {},
    prepare?: (page: Page) => unknown,
  ): Promise<Page> {
    const page = await reader.arrive(`?${query}#network`, options, prepare);
    await stepReached(page, Number(/network\.steps=(\d+)/.exec(query)?.[1] ?? 0));
    return page;
  }
  const slider = (page: Page, name: string) => page.getByRole('slider', { name, exact: true });
  /** What is said of the spikes at the crosshair, with MPR and without. */
  const spikes = (page: Page) =>
    page.$$eval('.raster', (rasters) => rasters.map((raster) => raster.getAttribute('aria-label')));

  test('lowers the loss while it plays, and MPR on and off, equal at first, come to differ', async () => {
    const page = await arrive(`${SMALL}&network.speed=fast`);
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

  test('a link leads to the same numbers as training by hand, and to everything else that was set', async () => {
    const query = `${SMALL}&network.shape=xor&network.seed=7&network.x=-0.6&network.neuron=3&network.testPoints=1`;
    const page = await arrive(`${query}&network.steps=10`);
    await button(page, 'Step').click();
    await button(page, 'Step').click();
    await stepReached(page, 12);
    const byHand = await figures(page);
    await page.waitForURL(/network\.steps=12/);
    await page.reload();
    await stepReached(page, 12);
    expect(await figures(page)).toEqual(byHand);
    expect(await page.getByRole('radio', { name: 'Xor' }).isChecked()).toBe(true);
    expect(await page.getByRole('switch', { name: 'Test points' }).isChecked()).toBe(true);
    expect(await slider(page, 'x').inputValue()).toBe('-0.6');
    expect(await page.locator('.neuron-picture[aria-pressed=true]').count()).toBe(2);
  });

  test('Reset leads back to the first numbers, and so does any change of what is trained', async () => {
    const page = await arrive();
    const first = await figures(page);
    await button(page, 'Step').click();
    await stepReached(page, 1);
    expect(await figures(page)).not.toEqual(first);
    await button(page, 'Reset').click();
    await expect.poll(() => figures(page)).toEqual(first);
    await button(page, 'Step').click();
    await stepReached(page, 1);
    await slider(page, 'Seed').fill('2');
    await page.waitForURL(/network\.seed=2(?!.*steps)/);
    await expect.poll(() => stepReached(page, 0)).toBe(0);
    expect(await figures(page)).not.toEqual(first);
  });

  test('the crosshair follows the pointer in both planes, and its spikes are told', async () => {
    const page = await arrive(`${SMALL}&network.steps=20`);
    const [before] = await spikes(page);
    const box = (await page.locator('.with .plane').boundingBox())!;
    await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
    await expect.poll(() => slider(page, 'x').inputValue()).toBe('-0.6');
    expect(await slider(page, 'y').inputValue()).toBe('0');
    const [on, off] = await spikes(page);
    expect(on).not.toBe(before);
    expect(on).toMatch(/^Spikes of each neuron in 3 time steps at x -0.6, y 0; layer 1: \d, \d, \d, \d$/);
    expect(off).toMatch(/x -0.6, y 0;/);
  });

  test('axes of steps count: no half steps stand on them', async () => {
    const page = await arrive(`${SMALL}&network.steps=1`);
    const labels = await page.$$eval('.raster .x, .losses .x', (texts) =>
      texts.map((text) => text.textContent),
    );
    expect([...new Set(labels)].sort()).toEqual(['0', '1', '2', '3']);
  });

  test('a neuron chosen with the keyboard covers the plane, and leaves it when chosen again', async () => {
    const page = await arrive();
    const picture = page.locator('.with').getByRole('button', { name: 'Neuron 2', exact: true });
    const said = page.locator('.with .plane svg');
    expect(await said.getAttribute('aria-label')).toMatch(/^What the network with MPR decides/);
    await picture.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => said.getAttribute('aria-label')).toBe('Firing rate of neuron 2 over the plane');
    expect(await picture.getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('Enter');
    await expect.poll(() => said.getAttribute('aria-label')).toMatch(/^What the network/);
  });

  test('the plane takes the colour of the class that the network sees there', async () => {
    const page = await arrive('network.shape=circles&network.noise=0&network.T=3&network.steps=60');
    const [middle, corner] = await page.$eval('.with .plane canvas', (canvas) => {
      const { width: side } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, side, side);
      return [Math.floor((side * side) / 2), 0].map((cell) => [...data.subarray(4 * cell, 4 * cell + 4)]);
    });
    expect(middle![0]).toBeGreaterThan(middle![2]!); // orange, the inner circle
    expect(corner![2]).toBeGreaterThan(corner![0]!); // blue, the outer one
  });

  test('a trained network is still there when the reader comes back from another room', async () => {
    const page = await arrive();
    await button(page, 'Step').click();
    await stepReached(page, 1);
    const trained = await figures(page);
    await page.getByRole('tab', { name: 'Neuron' }).click();
    await page.goBack();
    expect(await stepReached(page, 1)).toBe(1);
    expect(await figures(page)).toEqual(trained);
  });

  test('training rests while the page is in the background', async () => {
    const page = await arrive(`${SMALL}&network.speed=fast`);
    const hide = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await button(page, 'Play').click();
    await stepReached(page, 5);
    await hide(true);
    await page.waitForTimeout(500); // what was under way comes to its end
    const resting = await stepReached(page, 0);
    await page.waitForTimeout(700);
    expect(await stepReached(page, 0)).toBe(resting);
    await hide(false);
    await stepReached(page, resting + 1);
  });

  test('an error in the worker is told, and Reset starts another', async () => {
    let broken = true;
    const page = await reader.arrive(`?${SMALL}#network`, {}, (blank) =>
      blank.route('**/worker-*.js', (route) =>
        broken
          ? route.fulfill({
              contentType: 'text/javascript',
              headers: { 'Cross-Origin-Embedder-Policy': 'require-corp' },
              body: "throw new Error('out of order')",
            })
          : route.continue(),
      ),
    );
    expect(await page.getByRole('alert').textContent()).toMatch(
      /^The training stopped: .*out of order.*Reset/,
    );
    broken = false;
    reader.complaints.splice(0); // the browser complains of the script too
    await button(page, 'Reset').click();
    await stepReached(page, 0);
    expect(await page.getByRole('alert').isVisible()).toBe(false);
  });

  test('without web workers it says so and trains on the page', async () => {
    const page = await arrive(SMALL, {}, (blank) =>
      blank.addInitScript(() => {
        Reflect.deleteProperty(globalThis, 'Worker');
      }),
    );
    expect(await page.getByRole('note').textContent()).toMatch(/no web workers/);
    const [[before]] = (await figures(page)) as [[number]];
    await button(page, 'Play').click();
    await stepReached(page, 20);
    await button(page, 'Pause').click();
    const [[after]] = (await figures(page)) as [[number]];
    expect(after).toBeLessThan(before);
  });

  test.each(['light', 'dark'] as const)('axe has no serious finding in the %s room', async (colorScheme) => {
    const page = await arrive(`${SMALL}&network.steps=5&network.neuron=1`, { colorScheme });
    await page.locator('.value-table summary').click();
    expect(await serious(page)).toEqual([]);
  });

  test('fits on one screen of a laptop, and a phone scrolls down only', async () => {
    const overflow = (page: Page) =>
      page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return [scrollWidth - innerWidth, scrollHeight - innerHeight];
      });
    const page = await arrive('network.layers=3&network.width=12');
    expect(await overflow(page)).toEqual([0, 0]);
    await page.setViewportSize({ width: 390, height: 844 });
    const [sideways, down] = await overflow(page);
    expect(sideways).toBe(0);
    expect(down).toBeGreaterThan(0);
  });
});
