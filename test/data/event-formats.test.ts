// Recordings in their formats: packed as AEDAT 4 is, cut off, with marks and first bytes that mislead; .dat; any
// format by its first bytes.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readAedat } from '../../src/data/events/aedat';
import { eventFrameStream } from '../../src/data/events/frame-stream';
import { eventFrames } from '../../src/data/events/frames';
import { paddedEventFrames } from '../../src/data/events/padded';
import { eventPieces, eventRecordings, readDat, readEvents } from '../../src/data/events/read';
import type { EventStream } from '../../src/data/events/stream';
import { init } from '../../src/init';
import { tellNotices } from '../../src/notices';
import { sharedFolder } from '../support/shared';
import { aedat4 } from './aedat4-file';
import { bigEndian, joined } from './sources';

const utf8 = (text: string) => new TextEncoder().encode(text);
const listOf = ({ length, x, y, polarity, time }: EventStream) =>
  Array.from({ length }, (_, i) => [x[i]!, y[i]!, polarity[i]!, time[i]!]);
const EVENTS: [number, number, number, number][] = [
  [3, 4, 1, 1_600_000_000_000_000],
  [319, 239, 0, 1_600_000_000_000_007],
];

describe('AEDAT 4', () => {
  test.each(['none', 'LZ4', 'Zstandard'] as const)(
    'packets packed with %s are read; streams of others are passed over',
    async (packing) => {
      const events = await readAedat(aedat4(packing, [EVENTS.slice(0, 1), EVENTS.slice(1)]));
      expect(listOf(events)).toEqual(EVENTS);
      expect([events.width, events.height]).toEqual([320, 240]);
    },
  );

  test('a recording that was cut gives what is whole, and says so', async () => {
    const told: string[] = [];
    tellNotices((text) => told.push(text));
    const whole = aedat4('LZ4', [EVENTS.slice(0, 1), EVENTS.slice(1)], { table: -1 });
    const events = await readAedat(whole.subarray(0, whole.length - 3));
    tellNotices(undefined);
    expect(listOf(events)).toEqual(EVENTS.slice(0, 1));
    expect(told.join()).toMatch(/^$|ends inside the packet that begins at byte \d+; it was cut off/);
    await expect(readAedat(whole.subarray(0, 40))).rejects.toThrow(/header that begins at byte 14/);
  });

  test('damage is refused with its place, and so is a stream that is not there', async () => {
    const bytes = aedat4('LZ4', [EVENTS]);
    bytes[Buffer.from(bytes).lastIndexOf(Buffer.of(0x04, 0x22, 0x4d, 0x18))]! ^= 0xff;
    await expect(readAedat(bytes)).rejects.toThrow(/the LZ4 frame does not begin as one/);
    await expect(readAedat(aedat4('none', [EVENTS]), { stream: 5 })).rejects.toThrow(
      /no stream 5 of events; its header names 1/,
    );
  });
});

describe('an event that begins as a line of the header does', () => {
  const davis = '#!AER-DAT2.0\r\n# AEChip: eu.seebetter.ini.chips.davis.DAVIS240C\r\n';
  const event = (address: number, time: number) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setUint32(0, address);
    view.setUint32(4, time);
    return new Uint8Array(view.buffer);
  };
  // 0x23 is #; times of text bytes, and one that holds the end of a line
  test.each([
    ['of letters alone', [0x23414243, 0x44454647], [0x23414243, 0x44454648]],
    ['with the end of a line in its time', [0x23414000, 0x0a0a0a0a], [0x23414000, 0x0a0a0b0b]],
    ['with the end of a line behind three letters', [0x23414220, 0x0a414243], [0x23414220, 0x0a414250]],
  ] as [string, [number, number], [number, number]][])('%s is an event', async (_, ...pairs) => {
    const bytes = joined([utf8(davis), ...pairs.map(([address, time]) => event(address, time))]);
    const { length, time } = await readAedat(bytes);
    expect([length, ...time]).toEqual([2, ...pairs.map(([, t]) => t)]);
  });

  test('a comment that ends with a bare line feed is none', async () => {
    const bytes = joined([
      utf8('#!AER-DAT2.0\n# AEChip: DAVIS240C\n# written by hand\n'),
      event(0x00401800, 7),
      event(0x00401800, 9),
    ]);
    expect((await readAedat(bytes)).length).toBe(2);
  });
});

describe('the clock of AEDAT 2', () => {
  test('runs over, and a time before the last one is no new round', async () => {
    const pairs = [2 ** 32 - 10, 10, 2 ** 32 - 5, 20].flatMap((time) => [0x0506, time]);
    const { time } = await readAedat(joined([utf8('#!AER-DAT2.0\r\n'), bigEndian(...pairs)]));
    expect([...time]).toEqual([-10, 10, -5, 20].map((late) => 2 ** 32 + late));
  });
});

test('short text and files of other cameras are no events of N-MNIST', async () => {
  await expect(readEvents(utf8('0.1 1 2 1\n0.2 1 2 0\n'))).rejects.toThrow(/this is text/);
  await expect(readEvents(utf8('Event Stream\x02\0\0\x01\0\0\0\0'))).rejects.toThrow(/an Event Stream file/);
  const one = Uint8Array.of(0x25, 0x20, 0x80, 0, 5); // begins as % and a space do
  expect(listOf(await readEvents(one))).toEqual([[37, 32, 1, 5]]);
});

describe('.dat', () => {
  const dat = (lines: string, kind: number, ...words: number[]) => {
    const view = new DataView(new ArrayBuffer(2 + 4 * words.length));
    view.setUint8(0, kind);
    view.setUint8(1, 8);
    words.forEach((word, i) => {
      view.setUint32(2 + 4 * i, word, true);
    });
    return joined([utf8(lines), new Uint8Array(view.buffer)]);
  };

  test('of Prophesee, with the sensor’s size and a clock that runs over', async () => {
    const bytes = dat(
      '% Data file containing CD events.\n% Version 2\n% Width 1280\n% Height 720\n',
      12,
      ...[2 ** 32 - 5, (1 << 28) | (700 << 14) | 1279, 3, 5],
    );
    const events = await readDat(bytes);
    expect(listOf(events)).toEqual([
      [1279, 700, 1, 2 ** 32 - 5],
      [5, 0, 0, 2 ** 32 + 3],
    ]);
    expect([events.width, events.height]).toEqual([1280, 720]);
  });

  test('is told by its lines in whatever order, with events on both sides of a round of the clock out of order', async () => {
    const bytes = dat(
      '% Height 48\n% Width 64\n% Version 2\n',
      12,
      ...[2 ** 32 - 10, 1, 10, 1, 2 ** 32 - 5, 1, 20, 1],
    );
    const { time, width } = await readEvents(bytes);
    expect([width, ...time]).toEqual([64, ...[-10, 10, -5, 20].map((late) => 2 ** 32 + late)]);
    await expect(readEvents(dat('% camera_integrator_name Prophesee\n% evt 3.0\n', 0, 1, 2))).rejects.toThrow(
      /raw recording \("% evt 3\.0".*metavision_file_to_dat/,
    );
  });

  test('of ATIS before version 2, without measurements of grey', async () => {
    const bytes = dat('% Data file containing events.\n', 0, 9, (1 << 17) | (200 << 9) | 300, 10, 1 << 18);
    expect(listOf(await readDat(bytes))).toEqual([[300, 200, 1, 9]]);
  });

  test('a raw recording and events of another kind are told', async () => {
    await expect(readDat(dat('% date 2020\n% evt 3.0\n', 0, 1, 2))).rejects.toThrow(
      /raw recording \("% evt 3.0".*metavision_file_to_dat/,
    );
    await expect(readDat(dat('% Version 2\n', 14, 1, 2))).rejects.toThrow(/of kind 14/);
  });
});

describe('frames', () => {
  beforeAll(() => init({ backend: 'cpu' }));
  const one = (times: number[]): EventStream => ({
    length: times.length,
    x: Uint16Array.from(times, (_, i) => i % 2),
    y: new Uint16Array(times.length),
    polarity: Uint8Array.from(times, (_, i) => i % 2),
    time: Float64Array.from(times),
  });
  const size = { height: 1, width: 2 };

  test('a stream by time is what frames of the whole are, empty ones too, however it comes in pieces', async () => {
    const times = [5, 6, 17, 48, 49];
    const whole = eventFrames([one(times)], { ...size, timesteps: 5, span: 10 });
    const values: number[] = [];
    for await (const frame of eventFrameStream([one(times)], { ...size, span: 10 }))
      values.push(...(await frame.data()));
    expect(values).toEqual([...(await whole.data())]);
  });

  test('a stream by count ends with what is left; a start leaves out what was before', async () => {
    const shapes: number[][] = [];
    for await (const frame of eventFrameStream([one([1, 2]), one([3])], { ...size, count: 2 }))
      shapes.push([...(await frame.data())]);
    expect(shapes.map((frame) => frame.reduce((a, b) => a + b))).toEqual([2, 1]);
    const later: number[] = [];
    for await (const frame of eventFrameStream([one([1, 20, 21])], { ...size, span: 5, start: 20 }))
      later.push([...(await frame.data())].reduce((a, b) => a + b));
    expect(later).toEqual([2]);
  });

  test('recordings of different lengths are padded, with a mask of what is real', async () => {
    const { frames, mask, lengths } = paddedEventFrames([one([0, 25]), one([7])], { ...size, span: 10 });
    expect(frames.shape).toEqual([3, 2, 1, 2, 2]);
    expect([...lengths]).toEqual([3, 1]);
    expect([...(await mask.data())]).toEqual([1, 1, 1, 0, 1, 0]);
    expect(paddedEventFrames([one([0, 25])], { ...size, span: 10, most: 2 }).lengths[0]).toBe(2);
  });

  test('a clock that leaps is refused, and so are both ways to end a frame', async () => {
    const next = (pieces: EventStream[], options: object) =>
      eventFrameStream(pieces, { ...size, ...options }).next();
    await expect(next([one([0, 1e12])], { span: 1 })).rejects.toThrow(/event 1 comes at .* clock damaged/);
    await expect(next([one([0])], { span: 1, count: 1 })).rejects.toThrow(/give one of span and count/);
  });
});

const { path, missing, note } = sharedFolder('files');
describe.skipIf(missing)(`real recordings, told by their first bytes${note}`, () => {
  const bytes = (name: string) => readFile(join(path, name));

  test.each([
    ['sample.aedat4', 111_954],
    ['dvs128-walk-1.aedat', 19_182],
    ['gesture-style-1.aedat', 12],
    ['nmnist-sample.bin', 4325],
    ['ncars-sample.dat', 2009],
  ])('%s has %i events, whole and in pieces', async (name, count) => {
    expect((await readEvents(await bytes(name))).length).toBe(count);
    let sum = 0;
    for await (const { length } of eventPieces(await bytes(name))) sum += length;
    expect(sum).toBe(count);
  });

  test('DVS Gesture’s HDF5: seven recordings with their labels', async () => {
    const labels: (number | undefined)[] = [];
    for await (const { label, events } of eventRecordings(await bytes('dvs_gestures_unittest.hdf5'))) {
      labels.push(label);
      expect(events.length).toBeGreaterThan(0);
    }
    expect(labels).toEqual([1, 5, 2, 3, 8, 7, 6]);
    await expect(readEvents(await bytes('dvs_gestures_unittest.hdf5'))).rejects.toThrow(
      /has 7 recordings; say which/,
    );
  });
});
