// The Neuron room of the built playground in Chromium, driven as a reader does and read as a reader reads.

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inputCurrent } from '../../examples/playground/src/rooms/neuron/input';
import { changed, type NeuronState, neuronCodec } from '../../examples/playground/src/rooms/neuron/state';
import { launch, missing, note } from '../browser/chromium';
import { type Computed, compute, offerLibrary } from './library';
import { type Site, startSite, type Visit, visit } from './site';

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

/** What the library computes for a state of the room. */
function computed(page: Page, change: Partial<NeuronState>): Promise<Computed> {
  const state = changed(neuronCodec.initial, { ...exact, ...change });
  const { dynamics, tau, vth, vReset, reset, window, k, centred } = state;
  const mpr = state.mpr ? { k, centre: centred ? vth : 0.5 } : undefined;
  return compute(page, inputCurrent(state), { dynamics, tau, vth, vReset, reset, window, mpr });
}

/** Moves a slider as its keyboard or pointer would. */
const slide = (page: Page, name: string, value: number) =>
  page.getByRole('slider', { name, exact: true }).fill(String(value));

describe.skipIf(missing)(`the Neuron room${note}`, () => {
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

  async function arrive(path = ''): Promise<Page> {
    open = await visit(browser, site, path, {}, offerLibrary);
    return open.page;
  }

  test('shows at first the values that the library computes', async () => {
    const page = await arrive(EXACT);
    expect(await tableOf(page)).toEqual((await computed(page, {})).rows);
  });

  test.each([
    ['tau', 'tau', 0.9],
    ['vth', 'vth', 0.8],
    ['k', 'k', 7],
    ['Window', 'window', 0.5],
    ['Steps T', 'T', 20],
    ['Amplitude', 'amplitude', 1.5],
  ] as const)('slider %s changes the traces to what the library computes', async (name, key, value) => {
    const page = await arrive(EXACT);
    const before = await tableOf(page);
    await slide(page, name, value);
    const { rows } = await computed(page, { [key]: value });
    expect(rows).not.toEqual(before);
    await expect.poll(() => tableOf(page)).toEqual(rows);
  });
});
