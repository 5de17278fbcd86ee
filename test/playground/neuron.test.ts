// The Neuron room of the built playground in Chromium, driven as a reader does and read as a reader reads.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { inputCurrent } from '../../examples/playground/src/rooms/neuron/input';
import { changed, type NeuronState, neuronCodec } from '../../examples/playground/src/rooms/neuron/state';
import { missing, note } from '../browser/chromium';
import { type Computed, compute, offerLibrary } from './library';
import { visits } from './visits';

/** An input that needs no sine, which differs between versions of V8 as tanh does. */
const exact = { input: 'pulses', amplitude: 0.4, period: 5 } as const;
const EXACT = '?neuron.input=pulses&neuron.amplitude=0.4&neuron.period=5';

/** The table of values, opened where it is closed: one list of numbers a row. */
async function tableOf(page: Page): Promise<number[][]> {
  const details = page.locator('.value-table');
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  await page.locator('.value-table tbody tr').first().waitFor();
  return page.$$eval('.value-table tbody tr', (rows) =>
    rows.map((row) => [...row.querySelectorAll('data')].map((cell) => Number(cell.value))),
  );
}

/** The drawn current in the address, separated by commas. */
function neuronDrawn(page: Page): string {
  const text = new URL(page.url()).searchParams.get('neuron.drawn');
  return String(neuronCodec.read(new Map(text === null ? [] : [['drawn', text]])).drawn);
}

/** What the library computes for a state of the room. */
function computed(page: Page, change: Partial<NeuronState>): Promise<Computed> {
  const state = changed(neuronCodec.initial, { ...exact, ...change });
  const { dynamics, tau, vth, vReset, reset, window, k, centred } = state;
  const mpr = state.mpr ? { k, centre: centred ? vth : 0.5 } : undefined;
  return compute(page, inputCurrent(state), { dynamics, tau, vth, vReset, reset, window, mpr });
}

describe.skipIf(missing)(`the Neuron room${note}`, () => {
  const reader = visits();

  const arrive = (path = '') => reader.arrive(path, {}, offerLibrary);

  test('shows at first the values that the library computes', async () => {
    const page = await arrive(EXACT);
    expect(await tableOf(page)).toEqual((await computed(page, {})).rows);
  });

  test('every slider changes the traces to what the library computes', async () => {
    const page = await arrive(EXACT);
    const sliders = {
      tau: ['tau', 0.9],
      vth: ['vth', 0.8],
      vReset: ['vReset', -0.3],
      k: ['k', 7],
      window: ['Window', 0.5],
      T: ['Steps T', 20],
      period: ['Period', 9],
      amplitude: ['Amplitude', 1.5],
    } as const;
    let change: Partial<NeuronState> = {};
    for (const [key, [name, value]] of Object.entries(sliders)) {
      const before = await tableOf(page);
      await page.getByRole('slider', { name, exact: true }).fill(String(value));
      change = { ...change, [key]: value };
      const { rows } = await computed(page, change);
      expect(rows, name).not.toEqual(before);
      await expect.poll(() => tableOf(page), { message: name }).toEqual(rows);
    }
  });

  test.each([
    ['paper', { dynamics: 'paper' }],
    ['soft', { reset: 'soft' }],
  ] as const)('choosing %s changes the traces to what the library computes', async (name, change) => {
    const page = await arrive(`${EXACT}&neuron.tau=0.8`);
    await page.getByText(name, { exact: true }).first().click();
    const { rows } = await computed(page, { tau: 0.8, ...change });
    await expect.poll(() => tableOf(page)).toEqual(rows);
  });

  test('gives the quantization error before and after, and MPR lowers it without changing a spike', async () => {
    const page = await arrive(EXACT);
    const figures = () =>
      page.$$eval('.errors data', (found) =>
        found.map((figure) => Number((figure as HTMLDataElement).value)),
      );
    const { before, after, rows } = await computed(page, {});
    await expect.poll(async () => (await figures())[0]).toBeCloseTo(before, 12);
    expect((await figures())[1]).toBeCloseTo(after, 12);
    expect(after).toBeLessThan(before);
    await page.getByRole('switch', { name: 'MPR' }).click();
    await expect.poll(figures).toEqual([expect.closeTo(before, 12), expect.closeTo(before, 12)]);
    const spikes = (table: number[][]) => table.map((row) => row[3]);
    expect(spikes(await tableOf(page))).toEqual(spikes(rows));
  });

  test('takes a current drawn with the pointer', async () => {
    const page = await arrive(EXACT);
    const { x, y, width, height } = (await page.locator('.drawable').boundingBox())!;
    await page.mouse.move(x + width * 0.3, y + height * 0.5);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.7, y + height * 0.2, { steps: 4 });
    await page.mouse.up();
    expect(await page.getByRole('radio', { name: 'Drawn' }).isChecked()).toBe(true);
    const current = async () => (await tableOf(page)).map(([value]) => value!);
    // the table follows within a frame, the address when the state has come to rest
    await expect.poll(async () => neuronDrawn(page) === String(await current())).toBe(true);
    const drawn = await current();
    const [low, high] = [drawn[18]!, drawn[28]!];
    expect(high).toBeGreaterThan(low);
    await expect.poll(() => tableOf(page)).toEqual((await computed(page, { input: 'drawn', drawn })).rows);
    await page.reload();
    expect(await current()).toEqual(drawn);
  });

  test('takes a current drawn with the keyboard, and says what stands where', async () => {
    const page = await arrive(`${EXACT}&neuron.step=3`);
    const chart = page.getByRole('slider', { name: /Input current, drawable/ });
    await chart.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => chart.getAttribute('aria-valuetext')).toBe('0.3 at time step 5');
    expect((await tableOf(page))[4]![0]).toBe(0.3);
  });

  test('keys that come within one frame all count', async () => {
    const page = await arrive(`${EXACT}&neuron.step=4`);
    const chart = page.getByRole('slider', { name: /Input current, drawable/ });
    await chart.evaluate((svg) => {
      for (const key of ['PageUp', 'ArrowUp', 'ArrowRight', 'ArrowUp', 'ArrowLeft', 'ArrowUp']) {
        svg.dispatchEvent(new KeyboardEvent('keydown', { key }));
      }
    });
    await expect.poll(() => chart.getAttribute('aria-valuetext')).toBe('0.35 at time step 5');
    const [fifth, sixth] = (await tableOf(page)).slice(4).map(([current]) => current);
    expect([fifth, sixth]).toEqual([0.35, 0.45]);
  });

  test('the threshold can be dragged in the traces and in the curves', async () => {
    const page = await arrive(EXACT);
    const vth = () => page.getByRole('slider', { name: 'vth', exact: true }).inputValue();
    for (const [grip, by] of [
      ['.traces .grip', [0, -30]],
      ['.curve .grip', [25, 0]],
    ] as const) {
      const before = Number(await vth());
      const { x, y, width, height } = (await page.locator(grip).first().boundingBox())!;
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + width / 2 + by[0], y + height / 2 + by[1]);
      await page.mouse.up();
      expect(Number(await vth())).toBeGreaterThan(before);
    }
  });

  test('one cursor goes through all traces and both curves', async () => {
    const page = await arrive(EXACT);
    const table = await tableOf(page);
    await page.getByRole('slider', { name: 'Time step' }).fill('2');
    const readouts = await page.$$eval('.traces output', (found) =>
      found.map((one) => Number(one.textContent)),
    );
    const [x, h, rectified, spike, v] = table[1]!;
    expect(readouts).toEqual([x, h, rectified, v, spike].map((value) => Number(value!.toFixed(3))));
    const { x: left, width } = (await page.locator('.drawable').boundingBox())!;
    const { y, height } = (await page.locator('.traces').boundingBox())!;
    await page.mouse.move(left + width * 0.8, y + height / 2);
    await expect.poll(() => page.getByRole('slider', { name: 'Time step' }).inputValue()).toMatch(/^3\d$/);
  });
});
