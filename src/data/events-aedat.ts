// AEDAT files of iniVation's cameras: text lines that begin with #, the first naming the version, then the events.
//
//   2.0  big-endian pairs of 32 bits, address and time in µs. The address of a
//          DVS128    0 polarity (0 is ON), 1-7 x, 8-14 y; 15 marks signals that are no pixels
//          DAVIS     11 polarity (1 is ON), 12-21 x, 22-30 y; 10 marks other signals, 31 samples of the image sensor
//   3.1  little-endian packets with a header of 28 bytes; of these only the polarity packets are read, 8 bytes an event:
//          0 valid, 1 polarity (1 is ON), 2-16 y, 17-31 x, then 32 bits of time
//
// Format: https://docs.inivation.com/software/software-advanced-usage/file-formats. x and y are those of the file; jAER
// shows a DVS128 mirrored, and counts rows from the bottom.

import { check, SpikegradError } from '../errors';
import { type OptionsOf, OptionTable, oneOf, option } from '../options';
import type { ByteSource } from './bytes';
import { EventList, type EventStream, readAll } from './events';

const WHERE = 'readAedat';
const HASH = 0x23;
const NEWLINE = 0x0a;
const END_OF_HEADER = '#!END-HEADER';

/** What {@link readAedat} is told. */
export interface AedatOptions {
  /** Whose addresses a file of version 2 holds; version 3 says it itself. Default `dvs128`. */
  camera?: 'dvs128' | 'davis';
}

export const aedatOptions = new OptionTable({
  camera: option(oneOf(['dvs128', 'davis']), 'dvs128'),
} satisfies OptionsOf<AedatOptions>);

/**
 * Reads the events of an AEDAT 2.0 or 3.1 file, as of CIFAR10-DVS and DVS Gesture.
 * @throws SpikegradError for another version, a file that is cut off, or one without events
 */
export async function readAedat(source: ByteSource, options: AedatOptions = {}): Promise<EventStream> {
  const { camera } = aedatOptions.read(WHERE, options);
  const bytes = await readAll(source, WHERE);
  const { version, start } = readHeader(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const events = version === '2.0' ? addresses(view, start, camera) : packets(view, start);
  return events.finish(WHERE);
}

function readHeader(bytes: Uint8Array): { version: '2.0' | '3.1'; start: number } {
  let version: string | undefined;
  let start = 0;
  while (bytes[start] === HASH) {
    const end = bytes.indexOf(NEWLINE, start);
    check(end >= 0, WHERE, () => `the header line that begins at byte ${start} does not end`);
    const line = new TextDecoder('latin1').decode(bytes.subarray(start, Math.min(end, start + 80))).trimEnd();
    version ??= /^#!AER-DAT(\d\.\d)/.exec(line)?.[1];
    start = end + 1;
    if (line === END_OF_HEADER) break;
  }
  if (version === '2.0' || version === '3.1') return { version, start };
  const found = version === undefined ? 'the first lines name no version' : `this one is version ${version}`;
  throw new SpikegradError(WHERE, `reads AEDAT 2.0 and 3.1, which begin with "#!AER-DAT"; ${found}`);
}

function addresses(view: DataView, start: number, camera: 'dvs128' | 'davis'): EventList {
  const size = view.byteLength - start;
  check(
    size % 8 === 0,
    WHERE,
    () =>
      `the input ends at byte ${view.byteLength}, inside an event of eight bytes (they begin at byte ${start})`,
  );
  const events = new EventList(size / 8);
  for (let at = start; at < view.byteLength; at += 8) {
    const address = view.getUint32(at);
    const time = view.getUint32(at + 4);
    if (camera === 'dvs128') {
      if ((address & 0x8000) === 0)
        events.push((address >> 1) & 0x7f, (address >> 8) & 0x7f, 1 - (address & 1), time);
    } else if ((address & 0x8000_0400) === 0) {
      events.push((address >> 12) & 0x3ff, (address >> 22) & 0x1ff, (address >> 11) & 1, time);
    }
  }
  return events;
}

const PACKET_HEADER = 28;
const POLARITY_PACKET = 1;
/** The clock of a packet counts 31 bits; the header says how often it has run over. */
const CLOCK = 2 ** 31;

function packets(view: DataView, start: number): EventList {
  const events = new EventList(Math.floor((view.byteLength - start) / 8));
  for (let at = start; at < view.byteLength; ) {
    const room = view.byteLength - at;
    check(
      room >= PACKET_HEADER,
      WHERE,
      () => `the input ends inside the packet header that begins at byte ${at}`,
    );
    const type = view.getInt16(at, true);
    const [size, , overflow, , count] = [4, 8, 12, 16, 20].map((offset) =>
      view.getInt32(at + offset, true),
    ) as [number, number, number, number, number];
    check(
      size >= 0 && count >= 0 && PACKET_HEADER + size * count <= room,
      WHERE,
      () =>
        `the packet at byte ${at} claims ${count} events of ${size} bytes, ${room - PACKET_HEADER} bytes are left; the file is cut off or damaged`,
    );
    if (type === POLARITY_PACKET) {
      check(
        size === 8,
        WHERE,
        () => `the polarity packet at byte ${at} has events of ${size} bytes, expected 8`,
      );
      for (let i = 0; i < count; i++) {
        const event = at + PACKET_HEADER + 8 * i;
        const data = view.getUint32(event, true);
        const time = view.getInt32(event + 4, true) + overflow * CLOCK;
        if (data & 1) events.push(data >>> 17, (data >> 2) & 0x7fff, (data >> 1) & 1, time);
      }
    }
    at += PACKET_HEADER + size * count;
  }
  return events;
}
