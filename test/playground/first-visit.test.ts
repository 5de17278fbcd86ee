// What a first visit meets: the introduction, the tour, typed numbers, short windows, the way back, and what may be
// lost.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { tour } from '../../examples/playground/src/frame/tour';
import { networkCodec } from '../../examples/playground/src/rooms/network/state';
import { inputCurrent } from '../../examples/playground/src/rooms/neuron/input';
import { neuronCodec } from '../../examples/playground/src/rooms/neuron/state';
import { missing, note } from '../browser/chromium';
import { visits } from './visits';

const slider = (page: Page, name: string) => page.getByRole('slider', { name, exact: true });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const box = async (page: Page, selector: string) => (await page.locator(selector).first().boundingBox())!;
const query = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

test('every stop of the tour asks for a state that its room has', () => {
  const codecs = { neuron: neuronCodec, network: networkCodec };
  expect(tour).toHaveLength(3);
  for (const { room, params } of tour) {
    const codec = codecs[room as keyof typeof codecs];
    const wanted = params as Map<string, string>;
    expect(codec.write(codec.read(wanted) as never)).toEqual(wanted);
  }
});

test('the shortest wave is not sampled at its zeros', () => {
  const wave = inputCurrent({ ...neuronCodec.initial, input: 'sine', amplitude: 1, period: 2, T: 4 });
  expect(wave.map((value) => Number(value.toFixed(12)))).toEqual([1, -1, 1, -1]);
});

describe.skipIf(missing)(`a first visit${note}`, () => {
  const reader = visits();
  const { arrive } = reader;

  test('a sentence spells MPR out and leads to the paper, and in the site to the course and back', async () => {
    const page = await arrive();
    const intro = page.getByRole('region', { name: 'Introduction' });
    expect(await intro.innerText()).toMatch(/Membrane potential rectification \(MPR\) moves .* spike/);
    const paper = await intro.getByRole('link', { name: 'The paper' }).getAttribute('href');
    expect(decodeURIComponent(paper!)).toContain('Reducing Quantization Error');
    expect(await page.getByRole('link', { name: 'spikegrad' }).count()).toBe(0); // alone it leads nowhere
    const inSite = await (await page.request.get(reader.site.url)).text();
    await page.route(reader.site.url, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: inSite.replace('<title>', '<meta name="site" content="../"><title>'),
      }),
    );
    await page.goto(reader.site.url);
    const hrefs = ['spikegrad', 'the course', 'the documents'].map((name) =>
      page.getByRole('link', { name, exact: true }).getAttribute('href'),
    );
    expect(await Promise.all(hrefs)).toEqual([
      '../index.html',
      '../docs/course/index.html',
      '../docs/index.html',
    ]);
    await page.unroute(reader.site.url);
  });

  test('the tour leads through three states, and Back undoes a step of it', async () => {
    const page = await arrive('?neuron.tau=0.6');
    const intro = page.getByRole('region', { name: 'Introduction' });
    const mpr = page.getByRole('switch', { name: 'MPR' });
    await intro.getByRole('button', { name: /^Tour/ }).click();
    expect(await mpr.isChecked()).toBe(false);
    await press(page, 'Next');
    expect(await mpr.isChecked()).toBe(true);
    expect(await slider(page, 'k').inputValue()).toBe('5');
    await page.goBack();
    expect(await mpr.isChecked()).toBe(false);
    await page.goBack();
    expect(await slider(page, 'tau').inputValue()).toBe('0.6');
    await press(page, 'Next');
    expect(await page.locator('[role=tab][aria-selected=true]').textContent()).toBe('Network');
    await press(page, 'Done');
    expect(await intro.innerText()).toMatch(/rectification \(MPR\)/);
  });

  test('Back undoes a state that was tried and stays in the room', async () => {
    const page = await arrive('?neuron.tau=0.6');
    await press(page, 'Soft reset');
    await page.waitForURL(/neuron\.reset=soft/);
    await page.goBack();
    expect(await page.getByRole('radio', { name: 'hard' }).isChecked()).toBe(true);
    expect(await slider(page, 'tau').inputValue()).toBe('0.6');
    expect(page.url()).toMatch(/#neuron$/);
  });

  test('a typed number outside the range or between its steps gives the nearest, with a word on it', async () => {
    const page = await arrive();
    const field = page.getByRole('spinbutton', { name: 'k, as a number' });
    for (const [typed, taken, word] of [
      ['100', '10', /^100 is not in 0\.5 to 10, steps of 0\.1: 10 taken$/],
      ['0', '0.5', /0\.5 taken$/],
      ['4.33', '4.3', /4\.3 taken$/],
    ] as const) {
      await field.fill(typed);
      await field.press('Enter');
      expect(await slider(page, 'k').inputValue()).toBe(taken);
      expect(await field.inputValue()).toBe(taken);
      expect(await page.locator('.slider-word:visible').innerText()).toMatch(word);
    }
    await field.fill('7');
    expect(await page.locator('.slider-word:visible').count()).toBe(0);
    expect(await field.evaluate((one) => getComputedStyle(one).borderTopColor)).not.toBe('rgba(0, 0, 0, 0)');
  });

  test('what was drawn can be undone, stroke by stroke, with the button and the keyboard', async () => {
    const page = await arrive('?neuron.step=3');
    const chart = page.getByRole('slider', { name: /Input current, drawable/ });
    await chart.focus();
    await page.keyboard.press('PageUp');
    await page.waitForURL(/neuron\.drawn=/);
    const once = query(page, 'neuron.drawn');
    await page.keyboard.press('PageUp');
    await expect.poll(() => query(page, 'neuron.drawn')).not.toBe(once);
    await page.keyboard.press('Control+z');
    await expect.poll(() => query(page, 'neuron.drawn')).toBe(once);
    await press(page, 'Undo');
    await expect.poll(() => query(page, 'neuron.drawn')).toBe(null);
    expect(await page.getByRole('radio', { name: 'Sine' }).isChecked()).toBe(true);
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  });

  test('the drawn current begins as the current in view', async () => {
    const page = await arrive('?neuron.input=constant');
    await page.getByText('Drawn', { exact: true }).click();
    await page.waitForURL(/neuron\.drawn=/);
    const drawn = neuronCodec.read(new Map([['drawn', query(page, 'neuron.drawn')!]])).drawn;
    expect(drawn).toEqual(Array(48).fill(0.7));
  });

  test('where vth is not ½ it says what MPR does to the error there', async () => {
    const page = await arrive('?neuron.vth=1.5');
    const word = page.locator('.errors-word');
    await expect.poll(() => word.innerText()).toMatch(/draws Ĥ to 1 and 2, not to the spikes 0 and 1/);
    await slider(page, 'vth').fill('0.5');
    await expect.poll(() => word.isVisible()).toBe(false);
  });

  test('dots lie on the curve of the surrogate, with all sliders at their largest too', async () => {
    const page = await arrive(
      '?neuron.amplitude=2&neuron.input=noise&neuron.tau=1&neuron.vth=1.5&neuron.vReset=1&neuron.k=10&neuron.T=100&neuron.window=3',
    );
    const gaps = () =>
      page.evaluate(() => {
        const path = document.querySelectorAll('.curve')[1]!.querySelector('path.trace.line')!;
        const numbers = (text: string) => text.match(/-?\d+(\.\d+)?/g)!.map(Number);
        const points = numbers(path.getAttribute('d') ?? '');
        const dots = document.querySelectorAll('.curve')[1]!.querySelector('path.seen')!.getAttribute('d')!;
        return [...dots.matchAll(/M([^,]+),([^h]+)h0/g)].map(([, x, y]) => {
          let gap = Number.POSITIVE_INFINITY;
          for (let i = 0; i < points.length; i += 2)
            gap = Math.min(gap, Math.hypot(points[i]! - Number(x), points[i + 1]! - Number(y)));
          return gap;
        });
      });
    await expect.poll(async () => (await gaps()).length).toBe(100);
    expect(Math.max(...(await gaps()))).toBeLessThan(0.1);
  });

  test.each([
    [1024, 500],
    [844, 390],
    [720, 450],
    [600, 400],
    [1100, 560],
  ])('in a window of %s x %s nothing lies over another thing', async (width, height) => {
    const page = await arrive('', { viewport: { width, height } });
    await page.locator('.traces .y').first().waitFor();
    const panel = await box(page, '.trace-panel:last-child');
    expect((await box(page, '.player')).y).toBeGreaterThanOrEqual(panel.y + panel.height);
    const labels = await page.$$eval('.traces .plot', (plots) =>
      plots.map((plot) =>
        [...plot.querySelectorAll('.axes text.y')]
          .map((text) => text.getBoundingClientRect().top)
          .sort((a, b) => a - b),
      ),
    );
    for (const tops of labels) {
      tops.slice(1).forEach((top, i) => {
        expect(top - tops[i]!).toBeGreaterThan(10);
      });
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  });

  test.each([
    [1366, 768],
    [1024, 768],
    [800, 900],
  ])('at %s x %s the error is in view beside the switch that changes it', async (width, height) => {
    const page = await arrive('', { viewport: { width, height } });
    await page.getByRole('switch', { name: 'MPR' }).scrollIntoViewIfNeeded();
    const [mpr, error] = [await box(page, 'label:text-is("MPR")'), await box(page, '.errors')];
    expect(error.x).toBeGreaterThan(mpr.x + mpr.width);
    for (const { y, height: tall } of [mpr, error]) {
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y + tall).toBeLessThanOrEqual(height);
    }
  });

  test('on a phone the error stays in view while the switch is', async () => {
    const page = await arrive('', { viewport: { width: 390, height: 844 } });
    await page.getByRole('switch', { name: 'MPR' }).scrollIntoViewIfNeeded();
    const error = await box(page, '.errors');
    expect(error.y + error.height).toBeLessThanOrEqual(844);
    expect((await box(page, '.over-time')).height).toBeLessThan(0.5 * 844);
  });

  test('the equations stand beside what they are about, and below it where it is narrow', async () => {
    const page = await arrive('#neuron/rectify');
    const { x } = await box(page, '.equations');
    const learning = await box(page, '.learning');
    expect(learning.x + learning.width).toBeLessThanOrEqual(x);
    await page.setViewportSize({ width: 390, height: 844 });
    expect((await box(page, '.equations')).y).toBeGreaterThan(844 / 2);
  });

  test('Play is one key away, and one stop from the top of the page', async () => {
    const page = await arrive();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Play');
    await page.keyboard.press('Alt+p');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await slider(page, 'tau').focus();
    await page.keyboard.press('Alt+p');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });

  test('a training of the Network room that a slider ended comes back', async () => {
    const page = await arrive('?network.layers=1&network.width=4&network.T=3&network.steps=12#network');
    const losses = () =>
      page.$$eval('.figures data', (all) => all.map((one) => (one as HTMLDataElement).value));
    await page.getByText('step 12', { exact: true }).waitFor();
    await expect.poll(async () => (await losses()).length).toBeGreaterThan(3);
    const trained = await losses();
    await slider(page, 'k').fill('5');
    await expect.poll(losses).not.toEqual(trained);
    await press(page, 'Undo');
    await expect.poll(losses, { timeout: 30_000 }).toEqual(trained);
    expect(query(page, 'network.k')).toBe(null);
  });

  test('opened from a disk it says that it needs a server', async () => {
    const page = await arrive();
    const alone = await page.context().newPage();
    await alone.goto(pathToFileURL(resolve('examples/playground/dist/index.html')).href);
    expect(await alone.locator('body').innerText()).toMatch(
      /does not run from a file: .* npm run playground/,
    );
  });
});
