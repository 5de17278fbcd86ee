// What a training of the ResNet room survives: sliders, states to try, reloads. And what is said of wrong files and
// of work.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { describePace, duration } from '../../examples/playground/src/rooms/resnet/words';
import { missing, note } from '../browser/chromium';
import { drop } from './cifar';
import { enter, number, PATIENCE, press, SMALL } from './resnet-page';
import { visits } from './visits';

const LONG = `${SMALL}&resnet.epochs=50`;

test('what a training is at is told with what is left, and with a sign of work where a step takes long', () => {
  const pace = { step: 10, steps: 630, batch: 32, rate: 400, silent: 100 };
  expect(describePace(pace)).toEqual({ word: 'about 50 s left', busy: false });
  expect(describePace({ ...pace, rate: 0, step: 0, silent: 9400 })).toEqual({
    word: 'step 1 is under way, 9 s so far',
    busy: true,
  });
  expect([0.2, 89, 100, 5399, 9000].map(duration)).toEqual(['1 s', '89 s', '2 min', '90 min', '3 h']);
});

describe.skipIf(missing)(`a training of the ResNet room${note}`, { timeout: PATIENCE }, () => {
  const reader = visits([], PATIENCE);
  const fill = (page: Page, name: string, value: string) =>
    page.getByRole('slider', { name, exact: true }).fill(value);
  const steps = async (page: Page, count: number) => {
    for (let i = 1; i <= count; i++) {
      await press(page, 'Step');
      await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBe(i);
    }
  };

  test('goes on when the rate and the epochs change', async () => {
    const page = await enter(reader, LONG);
    await steps(page, 2);
    await fill(page, 'Epochs', '3');
    await page.getByText('2 of 12', { exact: true }).waitFor({ timeout: PATIENCE });
    await fill(page, 'Rate lr', '0.05');
    await page.waitForURL(/resnet\.lr=0\.05/);
    await press(page, 'Step');
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBe(3);
  });

  test('comes back where it stood, after a slider, and with Back after a state that was tried', async () => {
    const page = await enter(reader, LONG);
    await steps(page, 2);
    const loss = await number(page, 'loss');
    await fill(page, 'k', '5');
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBe(0);
    await press(page, 'Go back to it');
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBe(2);
    expect(await number(page, 'loss')).toBe(loss);
    expect(await page.getByRole('slider', { name: 'k', exact: true }).inputValue()).toBe('3');
    await press(page, 'The printed form');
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBe(0);
    await page.goBack();
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBe(2);
    expect(await page.getByRole('slider', { name: 'Channels', exact: true }).inputValue()).toBe('4');
    await press(page, 'Step');
    await expect.poll(() => number(page, 'step'), { timeout: PATIENCE }).toBe(3);
  });

  test('asks before the page is left, once there is something to lose', async () => {
    const page = await enter(reader);
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await steps(page, 1);
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toEqual(['beforeunload']);
    expect(await number(page, 'step')).toBe(1);
  });

  test('the number of images is read whole', async () => {
    const page = await reader.arrive('?resnet.images=50000#resnet');
    const field = page.getByRole('spinbutton', { name: 'Images, as a number' });
    expect(await field.inputValue()).toBe('50000');
    expect(await field.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  });

  test('wrong files are told for what they are', async () => {
    const page = await enter(reader);
    const text = Buffer.from('a letter to a friend, long enough to look like something\n'.repeat(4));
    for (const [name, bytes, words] of [
      [
        'letter.safetensors',
        text,
        'letter.safetensors: by its first bytes this is text, not a safetensors file',
      ],
      [
        'model.bin',
        Buffer.from('PK\x03\x04 and more'),
        /^model\.bin: .*this is a zip archive, not a file of CIFAR-10 records/,
      ],
      ['pickle.bin', Buffer.from([0x80, 0x02, 0x7d, 0x71]), /^pickle\.bin: the pickle is damaged or cut off/],
      ['stub.bin', Buffer.alloc(10, 200), /^stub\.bin: (?!readCifar10)/],
    ] as const) {
      await drop(page, name, bytes);
      const said = () => page.locator('.resnet [role=alert]').innerText();
      await expect.poll(said, { timeout: PATIENCE }).toMatch(words);
    }
  });
});
