// A CIFAR-10 file that a network of four channels learns within seconds: only two of the ten classes occur in it. Real
// photographs where the project has them beside it, else drawn bytes. Not a test itself.

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { sharedFolder } from '../support/shared';

const RECORD = 3073;
/** Records to look through for those of two classes. */
const SEARCHED = 2000;

export async function cifarFile(records: number): Promise<Buffer> {
  const folder = sharedFolder('data/cifar10');
  if (folder.missing) return drawn(records);
  const file = await open(join(folder.path, 'data_batch_1.bin'));
  try {
    const { buffer } = await file.read(Buffer.alloc(SEARCHED * RECORD), 0, SEARCHED * RECORD, 0);
    const all = Array.from({ length: SEARCHED }, (_, i) => buffer.subarray(i * RECORD, (i + 1) * RECORD));
    return Buffer.concat(all.filter(([label]) => label! < 2).slice(0, records));
  } finally {
    await file.close();
  }
}

/** Dark images and light ones, dotted. */
function drawn(records: number): Buffer {
  const bytes = Buffer.alloc(records * RECORD);
  for (let i = 0; i < records; i++) {
    const label = i % 2;
    bytes[i * RECORD] = label;
    for (let p = 1; p < RECORD; p++) bytes[i * RECORD + p] = 120 * label + ((p * 37 + i * 11) % 100);
  }
  return bytes;
}

/** Drops a file onto the room, as from the desktop. */
export async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([title, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], title));
      return data;
    },
    [name, bytes.toString('base64')] as const,
  );
  await page.dispatchEvent('.resnet', 'drop', { dataTransfer: transfer });
}
