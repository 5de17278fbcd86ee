// The ResNet room in Chromium, as a reader drives and reads it. Not a test itself.

import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Visits } from './visits';

/** Four channels, one time step, four steps an epoch. */
export const SMALL = '?resnet.width=4&resnet.T=1&resnet.images=80&resnet.batch=20&resnet.epochs=2';
/** Milliseconds that a training may take where many tests share a machine. */
export const PATIENCE = 180_000;

/** A visit whose first look at the untrained network is over. */
export async function enter(
  reader: Visits,
  query = SMALL,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await reader.arrive(`${query}#resnet`, options);
  await page.locator('.layer-list label').nth(18).waitFor({ timeout: PATIENCE });
  return page;
}

/** A number of the page with all its digits, once it is there. */
export async function number(page: Page, name: string): Promise<number> {
  const place = page.locator(`.readouts data.${name}`);
  await expect.poll(() => place.getAttribute('value'), { timeout: PATIENCE }).toMatch(/\d/);
  return Number(await place.getAttribute('value'));
}

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Trains to the end. */
export async function train(page: Page): Promise<void> {
  await press(page, 'Play');
  await page.getByText('trained', { exact: true }).waitFor({ timeout: PATIENCE });
}

/** Logits of the test images in view, one list an image. */
export async function logits(page: Page): Promise<number[][]> {
  const details = page.locator('.images .value-table');
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  await details.locator('tbody tr').first().waitFor();
  return page.$$eval('.images .value-table tbody tr', (rows) =>
    rows.map((row) => [...row.querySelectorAll('data')].map((cell) => Number(cell.value))),
  );
}
