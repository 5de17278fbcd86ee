// The Events room of the built page in Chromium: a simulated bar at first, then a recording of the reader's own.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { missing, note } from '../browser/chromium';
import { aedat4 } from '../data/aedat4-file';
import { sharedFolder } from '../support/shared';
import { serious } from './axe';
import { visits } from './visits';

const sample = join(sharedFolder('files').path, 'sample.aedat4');

describe.skipIf(missing)(`the Events room${note}`, () => {
  const { arrive } = visits();

  test('plays a dropped recording and classifies it, and says what it cannot read', async () => {
    const page = await arrive('#events');
    const facts = page.locator('.events .facts');
    await expect.poll(() => facts.textContent(), { timeout: 30_000 }).toMatch(/692 events in 0\.\d+ s/);
    await expect
      .poll(() => page.locator('.direction-text').textContent(), { timeout: 120_000 })
      .toMatch(/Taken for a movement right/);
    const own = aedat4('LZ4', [
      [
        [3, 4, 1, 1000],
        [300, 200, 0, 60_000],
      ],
    ]);
    const file = existsSync(sample)
      ? sample
      : { name: 'own.aedat4', mimeType: 'application/octet-stream', buffer: Buffer.from(own) };
    await page.getByLabel('Open a recording…').setInputFiles(file);
    await expect
      .poll(() => facts.textContent(), { timeout: 30_000 })
      .toMatch(/(111,954|2) events in \S+ s on 320x240 pixels/);
    await expect
      .poll(() => page.locator('.direction .basis').textContent(), { timeout: 30_000 })
      .toMatch(/256 simulated recordings/);
    expect(await page.locator('.events canvas').getAttribute('width')).toBe('320');
    await page.getByRole('slider', { name: 'Time step' }).fill('3');
    expect(await page.locator('.events canvas').getAttribute('aria-label')).toMatch(/^Frame 3 of \d+: /);
    expect(await serious(page)).toEqual([]);
    await page.getByLabel('Open a recording…').setInputFiles('test/data/fixtures/gesture.h5');
    await expect.poll(() => facts.textContent(), { timeout: 30_000 }).toMatch(/^9 events in/);
    expect(await page.getByRole('slider', { name: 'Recording' }).getAttribute('max')).toBe('3');
    await page.getByLabel('Open a recording…').setInputFiles('test/data/fixtures/shd/SHD/shd_test.h5');
    await expect
      .poll(() => facts.textContent(), { timeout: 30_000 })
      .toMatch(/^5 events in .* on 700 channels/);
    await page.getByRole('slider', { name: 'Recording' }).fill('4');
    await expect
      .poll(() => facts.textContent(), { timeout: 30_000 })
      .toMatch(/^14 events in .* on 700 channels/);
    expect(await page.locator('.direction-text').textContent()).toMatch(/A sound/);
    await page.getByLabel('Open a recording…').setInputFiles(file);
    await expect.poll(() => facts.textContent(), { timeout: 30_000 }).toMatch(/on 320x240 pixels/);
    await expect.poll(() => page.getByRole('slider', { name: 'Recording' }).isVisible()).toBe(false);
    await page.getByLabel('Open a recording…').setInputFiles({
      name: 'cat.png',
      mimeType: 'image/png',
      buffer: Buffer.from('\x89PNG\r\n\x1a\n0000000000000000', 'latin1'),
    });
    await expect
      .poll(() => page.locator('.events .notice').textContent(), { timeout: 30_000 })
      .toMatch(/was not read: by its first bytes this is a PNG picture/);
    expect(await facts.textContent()).toMatch(/on 320x240 pixels/);
  });
});
