// Recordings of real cameras, as others have them.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAedat } from '../../src/data/events/aedat';
import { readEvents } from '../../src/data/events/read';
import { sharedFolder } from '../support/shared';

const { path, missing, note } = sharedFolder('files');

const read = async (name: string, camera?: 'dvs128' | 'davis') =>
  readAedat([await readFile(join(path, name))], { camera });

describe.skipIf(missing)(`real recordings${note}`, () => {
  test('a DAVIS240C, which its header names', async () => {
    const { length, x, y } = await read('davis240c-translboxes.aedat');
    expect([length, Math.max(...x.subarray(0, 1e5)), Math.max(...y.subarray(0, 1e5))]).toEqual([
      162_771, 239, 179,
    ]);
  });

  test('a DVS128, which its header names', async () => {
    const { length, x, y } = await read('dvs128-walk-1.aedat');
    expect([length, Math.max(...x), Math.max(...y)]).toEqual([19_182, 127, 127]);
  });

  test('DV’s own: 111,954 events, as its reference reader counts them; motion and triggers are passed over', async () => {
    const { length, x, y, time, polarity, width, height } = await read('sample.aedat4');
    expect([length, width, height]).toEqual([111_954, 320, 240]);
    expect([x[2], y[2], polarity[2], time[2]]).toEqual([148, 199, 1, 1605537493718349]);
  });

  test('packets whose events are marked invalid and counted as valid: the marks are not believed', async () => {
    const { length, x, y, time } = await read('gesture-style-1.aedat');
    expect([length, x[1], y[1], time[11]]).toEqual([12, 10, 20, 2_178_812]);
  });

  test('columns, rows, polarities and times as tonic and SpikingJelly gave them, in their recorded run', async () => {
    const { recordings } = JSON.parse(await readFile('bench/results/event-conventions.json', 'utf8')) as {
      recordings: Record<string, Record<'tonic' | 'spikingjelly', { events: number; first: number[][] }>>;
    };
    for (const [name, libraries] of Object.entries(recordings))
      for (const [library, { events, first }] of Object.entries(libraries)) {
        const convention = library as 'tonic' | 'spikingjelly';
        const { length, x, y, polarity, time } = await readEvents(await readFile(join(path, name)), {
          convention,
        });
        const ours = first.map((_, i) => [x[i], y[i], polarity[i], time[i]]);
        expect([name, library, length, ours]).toEqual([name, library, events, first]);
      }
  });

  test('each asked for as the other is an error that names the camera', async () => {
    await expect(read('davis240c-translboxes.aedat', 'dvs128')).rejects.toThrow(
      /DAVIS240C: pass camera: 'davis'/,
    );
    await expect(read('dvs128-walk-1.aedat', 'davis')).rejects.toThrow(/DVS128: pass camera: 'dvs128'/);
  });
});
