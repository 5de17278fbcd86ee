import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { readAedat } from '../../src/data/events/aedat';
import { eventFrames } from '../../src/data/events/frames';
import { readNMnist } from '../../src/data/events/nmnist';
import type { EventStream } from '../../src/data/events/stream';
import { init } from '../../src/init';
import { chunkSizes, cut, damaged, damages, resultOrRefusal } from './sources';

type Event = readonly [x: number, y: number, polarity: number, time: number];

const listOf = ({ length, x, y, polarity, time }: EventStream): Event[] =>
  Array.from({ length }, (_, i) => [x[i]!, y[i]!, polarity[i]!, time[i]!]);

const nmnist = (...events: Event[]) =>
  Uint8Array.from(
    events.flatMap(([x, y, polarity, time]) => [
      x,
      y,
      (polarity << 7) | (time >> 16),
      (time >> 8) & 255,
      time & 255,
    ]),
  );

const text = (words: string) => new TextEncoder().encode(words);
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** Version 2: [address, time] pairs. */
const aedat2 = (...pairs: [number, number][]) => recorded('# a comment\r\n', ...pairs);

/** The same with lines of its own in the header. */
const recorded = (lines: string, ...pairs: [number, number][]) => {
  const body = new DataView(new ArrayBuffer(8 * pairs.length));
  pairs.forEach(([address, time], i) => {
    body.setUint32(8 * i, address);
    body.setUint32(8 * i + 4, time);
  });
  return join(text(`#!AER-DAT2.0\r\n${lines}`), new Uint8Array(body.buffer));
};

/** A packet of version 3.1, its events all valid. */
const packet = (type: number, overflow: number, ...events: Event[]) => {
  const view = new DataView(new ArrayBuffer(28 + 8 * events.length));
  view.setInt16(0, type, true);
  for (const [offset, value] of [
    [4, 8],
    [8, 4],
    [12, overflow],
    [16, events.length],
    [20, events.length],
    [24, events.length],
  ] as const)
    view.setInt32(offset, value, true);
  events.forEach(([x, y, polarity, time], i) => {
    view.setUint32(28 + 8 * i, ((x << 17) | (y << 2) | (polarity << 1) | 1) >>> 0, true);
    view.setInt32(32 + 8 * i, time, true);
  });
  return new Uint8Array(view.buffer);
};
const aedat3 = (...packets: Uint8Array[]) =>
  join(text('#!AER-DAT3.1\r\n#Format: RAW\r\n#!END-HEADER\r\n'), ...packets);

const nmnistEvents = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 33 }),
    fc.integer({ min: 0, max: 33 }),
    fc.integer({ min: 0, max: 1 }),
    fc.integer({ min: 0, max: 2 ** 23 - 1 }),
  ),
  { minLength: 1, maxLength: 40 },
);

describe('event files', () => {
  test('N-MNIST: what was written is read, however the bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(nmnistEvents, chunkSizes, async (events, sizes) => {
        expect(listOf(await readNMnist(cut(nmnist(...events), sizes)))).toEqual(events);
      }),
      { numRuns: 60 },
    );
  });

  test('N-MNIST: row 240 is a clock that ran over, which delays all that follows', async () => {
    const bytes = nmnist([1, 2, 1, 100], [0, 240, 0, 0], [3, 4, 0, 5], [9, 240, 1, 7], [5, 6, 1, 6]);
    expect(listOf(await readNMnist([bytes]))).toEqual([
      [1, 2, 1, 100],
      [3, 4, 0, 8197],
      [5, 6, 1, 16390],
    ]);
  });

  test('AEDAT 2: addresses of a DVS128 and of a DAVIS, signals that are no pixels left out', async () => {
    const dvs = aedat2([(3 << 8) | (5 << 1), 10], [0x8000, 11], [(127 << 8) | (127 << 1) | 1, 2 ** 32 - 1]);
    expect(listOf(await readAedat([dvs]))).toEqual([
      [5, 3, 1, 10],
      [127, 127, 0, 2 ** 32 - 1],
    ]);
    const davis = aedat2(
      [(259 << 22) | (345 << 12) | (1 << 11), 1],
      [2 ** 31, 2],
      [1 << 10, 3],
      [(7 << 22) | (8 << 12), 4],
    );
    expect(listOf(await readAedat([davis], { camera: 'davis' }))).toEqual([
      [345, 259, 1, 1],
      [8, 7, 0, 4],
    ]);
  });

  const DAVIS = '# AEChip: eu.seebetter.ini.chips.davis.DAVIS240C\r\n';
  const DVS = '# AEChip: ch.unizh.ini.jaer.chip.retina.DVS128\r\n';
  const onDavis: [number, number] = [(100 << 22) | (200 << 12) | (1 << 11), 7];
  const onDvs: [number, number] = [(90 << 8) | (80 << 1), 7];

  test('AEDAT 2: read with the camera that the header names', async () => {
    expect(listOf(await readAedat([recorded(DAVIS, onDavis)]))).toEqual([[200, 100, 1, 7]]);
    expect(listOf(await readAedat([recorded(DVS, onDvs)]))).toEqual([[80, 90, 1, 7]]);
  });

  test('AEDAT 2: a camera passed is believed before the header, where the addresses are such', async () => {
    expect(listOf(await readAedat([recorded(DVS, onDavis)], { camera: 'davis' }))).toEqual([
      [200, 100, 1, 7],
    ]);
    expect(listOf(await readAedat([recorded(DAVIS, onDvs)], { camera: 'dvs128' }))).toEqual([[80, 90, 1, 7]]);
  });

  test('AEDAT 2: an event whose address begins with # is no line of the header', async () => {
    const first: [number, number] = [(141 << 22) | (10 << 12), 0x0a]; // 0x23…
    expect(listOf(await readAedat([recorded(DAVIS, first, onDavis)]))).toEqual([
      [10, 141, 0, 10],
      [200, 100, 1, 7],
    ]);
  });

  test.each([
    [
      'of a DAVIS in a file that names no camera',
      aedat2(onDavis),
      undefined,
      /event 0 .*a DAVIS; its header names no camera: pass camera: 'davis'/,
    ],
    [
      'of a DAVIS in a file of a DVS128',
      recorded(DVS, onDvs, onDavis),
      undefined,
      /event 1 .*0x190c8800.*DVS128: pass camera: 'davis'/,
    ],
    [
      'of a DAVIS, asked for as a DVS128',
      recorded(DAVIS, onDavis),
      'dvs128',
      /DAVIS240C: pass camera: 'davis'/,
    ],
    [
      'of a DVS128, asked for as a DAVIS',
      recorded(DVS, onDvs),
      'davis',
      /no address has a bit above 15.*DVS128: pass camera: 'dvs128'/,
    ],
    [
      'of another camera',
      recorded('# AEChip: ch.unizh.ini.jaer.chip.cochlea.CochleaAMS1c\n', onDvs),
      undefined,
      /names the camera ch\.unizh.*CochleaAMS1c/,
    ],
  ] as const)('AEDAT 2: addresses %s are an error', async (_, bytes, camera, message) => {
    await expect(readAedat([bytes], camera && { camera })).rejects.toThrow(message);
  });

  test('AEDAT 3.1: polarity packets are read with the overflows of their clock, others passed over', async () => {
    const invalid = packet(1, 0, [1, 1, 1, 1], [2, 2, 0, 2]);
    invalid[28]! &= 0xfe; // a mark that the header confirms: one of two is valid
    invalid[24] = 1;
    const bytes = aedat3(
      packet(1, 0, [10, 20, 1, 30], [32767, 32767, 0, 2 ** 31 - 1]),
      packet(0, 0, [1, 2, 1, 3]),
      invalid,
      packet(1, 2, [4, 5, 0, 6]),
    );
    expect(listOf(await readAedat([bytes]))).toEqual([
      [10, 20, 1, 30],
      [32767, 32767, 0, 2 ** 31 - 1],
      [2, 2, 0, 2],
      [4, 5, 0, 2 ** 32 + 6],
    ]);
  });

  test.each([
    [
      'half an event',
      () => readNMnist([nmnist([1, 2, 1, 3]).subarray(0, 4)]),
      /ends at byte 4, inside the event/,
    ],
    ['no event', () => readNMnist([new Uint8Array(0)]), /readNMnist: the file holds no events/],
    [
      'another version',
      () => readAedat([text('#!AER-DAT1.0\r\n')]),
      /reads AEDAT 2\.0, 3\.1, 4\.0.* version 1\.0/,
    ],
    ['unknown bytes', () => readAedat([new Uint8Array(64).fill(200)]), /the first lines name no version/],
    ['zeros', () => readAedat([new Uint8Array(64)]), /this is a file of zeros, not a recording of events/],
    [
      'text',
      () => readNMnist([text('x,y,polarity,time\n1,2,0,100\n3,4,1,200\n')]),
      /this is text, not a record/,
    ],
    [
      'a packed recording',
      () => readNMnist([Uint8Array.of(0x1f, 0x8b, 8, 0, 0)]),
      /this is packed with gzip, not a recording of events as N-MNIST has them; unpack it first/,
    ],
    ['a header without end', () => readAedat([text('#!AER-DAT2.0')]), /begins at byte 0 does not end/],
    ['a pair cut off', () => readAedat([aedat2([1, 2]).subarray(0, -1)]), /inside an event of eight bytes/],
    [
      'a packet cut off',
      () => readAedat([aedat3(packet(1, 0, [1, 1, 1, 1])).subarray(0, -1)]),
      /claims 1 events of 8 bytes, 7 bytes are left/,
    ],
  ])('%s is refused with its place', async (_, read, message) => {
    await expect(read()).rejects.toThrow(message);
  });

  test('damaged files are read or refused, never a crash', async () => {
    const files = [
      { bytes: nmnist([1, 2, 1, 3], [4, 5, 0, 6]), read: readNMnist },
      { bytes: aedat2([1, 2], [3, 4]), read: readAedat },
      { bytes: aedat3(packet(1, 0, [1, 2, 1, 3]), packet(2, 1, [4, 5, 0, 6])), read: readAedat },
    ];
    for (const { bytes, read } of files) {
      await fc.assert(
        fc.asyncProperty(damages, async (damage) => {
          await resultOrRefusal(read([damaged(bytes, damage)]));
        }),
        { numRuns: 200 },
      );
    }
  });
});

describe('frames of events', () => {
  beforeAll(() => init({ backend: 'cpu' }));

  const stream = (...events: Event[]): EventStream => ({
    length: events.length,
    x: Uint16Array.from(events, ([x]) => x),
    y: Uint16Array.from(events, ([, y]) => y),
    polarity: Uint8Array.from(events, ([, , polarity]) => polarity),
    time: Float64Array.from(events, ([, , , time]) => time),
  });
  const times = (...list: number[]) => stream(...list.map((time) => [0, 0, 1, time] as const));
  const on = (frames: Float32Array | Float64Array) => Array.from(frames).filter((_, i) => i % 2 === 1);

  test('a count stands at [step, recording, row, column, polarity]', () => {
    const frames = eventFrames([times(0, 9), stream([1, 0, 0, 5], [1, 0, 0, 5], [2, 1, 1, 105])], {
      timesteps: 2,
      height: 2,
      width: 3,
    });
    expect(frames.shape).toEqual([2, 2, 2, 3, 2]);
    const at = (t: number, n: number, y: number, x: number, p: number) =>
      frames.dataSync()[(((t * 2 + n) * 2 + y) * 3 + x) * 2 + p];
    expect(at(0, 0, 0, 0, 1)).toBe(1);
    expect(at(1, 0, 0, 0, 1)).toBe(1);
    expect(at(0, 1, 0, 1, 0)).toBe(2);
    expect(at(1, 1, 1, 2, 1)).toBe(1);
    expect(Array.from(frames.dataSync()).reduce((sum, value) => sum + value, 0)).toBe(5);
  });

  test('by time the spans are equally long, by count the pieces equally full', () => {
    const events = times(0, 1, 2, 3, 4, 100);
    const size = { timesteps: 4, height: 1, width: 1 };
    expect(on(eventFrames([events], size).dataSync())).toEqual([5, 0, 0, 1]);
    expect(on(eventFrames([events], { ...size, by: 'count' }).dataSync())).toEqual([2, 1, 2, 1]);
    expect(on(eventFrames([events], { ...size, span: 2 }).dataSync())).toEqual([2, 2, 1, 0]);
    expect(on(eventFrames([events], { ...size, span: 2, binary: true }).dataSync())).toEqual([1, 1, 1, 0]);
    expect(on(eventFrames([times(7, 7)], size).dataSync())).toEqual([2, 0, 0, 0]);
  });

  test('frames begin at `start`, so that they keep step with labels in time; events before it are left out', () => {
    const events = times(10, 11, 12, 13, 14, 40);
    const size = { timesteps: 4, height: 1, width: 1 };
    expect(on(eventFrames([events], { ...size, span: 2, start: 8 }).dataSync())).toEqual([0, 2, 2, 1]);
    expect(on(eventFrames([events], { ...size, span: 2, start: 13 }).dataSync())).toEqual([2, 0, 0, 0]);
    expect(on(eventFrames([events], { ...size, start: 0 }).dataSync())).toEqual([0, 5, 0, 1]);
    expect(on(eventFrames([events], { ...size, start: 50 }).dataSync())).toEqual([0, 0, 0, 0]);
  });

  test('without a span every event is in one frame, whichever way it is cut', () => {
    fc.assert(
      fc.property(
        nmnistEvents,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('time', 'count'),
        (list, T, by) => {
          const frames = eventFrames([stream(...list)], {
            timesteps: T,
            height: 34,
            width: 34,
            by: by as 'time',
          });
          const total = Array.from(frames.dataSync()).reduce((sum, value) => sum + value, 0);
          frames.dispose();
          expect(total).toBe(list.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    [{ timesteps: 0, height: 2, width: 2 }, /timesteps must be a whole number >= 1, got 0/],
    [{ timesteps: 1, height: 2, width: 2 }, /event 1 of recording 0 lies at column 2, row 0, outside of 2x2/],
    [{ timesteps: 1, height: 2, width: 3, by: 'count' as const, span: 3 }, /span is a time/],
    [{ timesteps: 1, height: 2, width: 3, by: 'count' as const, start: 0 }, /start is a time/],
    [{ timesteps: 1, height: 2, width: 3, start: Number.NaN }, /start must be a finite number, got NaN/],
  ])('%o is refused', (options, message) => {
    expect(() => eventFrames([stream([0, 0, 0, 0], [2, 0, 0, 0])], options)).toThrow(message);
  });
});
