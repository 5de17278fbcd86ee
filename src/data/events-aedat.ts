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
import { foreign } from '../magic';
import { type OptionsOf, oneOf, optional, optionTable } from '../options';
import type { ByteSource } from './bytes';
import { EventList, type EventStream, readAll } from './events';

const WHERE = 'readAedat';
const HASH = 0x23;
const NEWLINE = 0x0a;
const END_OF_HEADER = '#!END-HEADER';

type Camera = 'dvs128' | 'davis';

/** What {@link readAedat} is told. */
export interface AedatOptions {
  /** Whose addresses a file of version 2 holds. Default: the camera that its header names, else `dvs128`. */
  camera?: Camera;
}

export const aedatOptions = optionTable({
  camera: optional(oneOf(['dvs128', 'davis']), 'the camera that its header names, else `dvs128`'),
} satisfies OptionsOf<AedatOptions>);

/**
 * Reads the events of an AEDAT 2.0 or 3.1 file, as of CIFAR10-DVS and DVS Gesture.
 * @throws SpikegradError for another version, a header that names a camera of another kind, addresses that are not those
 * of the camera, a file that is cut off, or one without events
 */
export async function readAedat(source: ByteSource, options: AedatOptions = {}): Promise<EventStream> {
  const { camera } = aedatOptions.read(WHERE, options);
  const bytes = await readAll(source, WHERE);
  const other = bytes[0] === HASH ? undefined : foreign(bytes, 'aedat');
  check(other === undefined, WHERE, () => `reads AEDAT 2.0 and 3.1, which begin with "#!AER-DAT"; ${other}`);
  const { version, start, chip } = readHeader(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const events =
    version === '2.0' ? addresses(view, start, camera ?? cameraOf(chip), chip) : packets(view, start);
  return events.finish(WHERE);
}

interface Header {
  readonly version: '2.0' | '3.1';
  /** Where the events begin. */
  readonly start: number;
  /** The camera's class in jAER, `eu.seebetter.ini.chips.davis.DAVIS240C`. */
  readonly chip: string | undefined;
}

function readHeader(bytes: Uint8Array): Header {
  let version: string | undefined;
  let chip: string | undefined;
  let start = 0;
  while (bytes[start] === HASH) {
    const end = bytes.indexOf(NEWLINE, start);
    const line = new TextDecoder('latin1').decode(
      bytes.subarray(start, end < 0 ? undefined : Math.min(end, start + 120)),
    );
    if (isEvent(line)) break;
    check(end >= 0, WHERE, () => `the header line that begins at byte ${start} does not end`);
    version ??= /^#!AER-DAT(\d\.\d)/.exec(line)?.[1];
    chip ??= /^#\s*AEChip:\s*(\S+)/i.exec(line)?.[1];
    start = end + 1;
    if (line.trimEnd() === END_OF_HEADER) break;
  }
  if (version === '2.0' || version === '3.1') return { version, start, chip };
  const found =
    version === undefined
      ? 'the first lines name no version'
      : `this one is version ${version}; jAER or dv-processing can write one of those`;
  throw new SpikegradError(WHERE, `reads AEDAT 2.0 and 3.1, which begin with "#!AER-DAT"; ${found}`);
}

/** The address of a first event may begin as a line of the header does; its bytes are no text. */
function isEvent(line: string): boolean {
  return Array.from(line.slice(0, 8)).some((letter) => letter < ' ' && letter !== '\t' && letter !== '\r');
}

function cameraOf(chip: string | undefined): Camera {
  if (chip === undefined || /dvs128|tmpdiff128/i.test(chip)) return 'dvs128';
  check(
    /davis/i.test(chip),
    WHERE,
    () =>
      `the header names the camera ${chip}; addresses of a DVS128 and of a DAVIS are read: pass camera: 'dvs128' or 'davis' if they are laid out so`,
  );
  return 'davis';
}

/** Addresses of a DVS128 have 16 bits, and those of a DAVIS rows and columns above bit 12. */
const HIGH_BITS = 0xffff_0000;

function checkAddresses(view: DataView, start: number, camera: Camera, chip: string | undefined): void {
  const named = chip === undefined ? 'its header names no camera' : `its header names ${chip}`;
  let high = false;
  for (let at = start; at < view.byteLength; at += 8) {
    const address = view.getUint32(at);
    if ((address & HIGH_BITS) === 0) continue;
    high = true;
    check(
      camera === 'davis',
      WHERE,
      () =>
        `event ${(at - start) / 8} has the address 0x${address.toString(16)}, with bits that a DVS128 does not have, but a DAVIS; ${named}: pass camera: 'davis'`,
    );
  }
  check(
    camera === 'dvs128' || high || view.byteLength === start || /davis/i.test(chip ?? ''),
    WHERE,
    () =>
      `no address has a bit above 15, where those of a DAVIS have row and column: they are a DVS128's; ${named}: pass camera: 'dvs128'`,
  );
}

function addresses(view: DataView, start: number, camera: Camera, chip: string | undefined): EventList {
  const size = view.byteLength - start;
  check(
    size % 8 === 0,
    WHERE,
    () =>
      `the input ends at byte ${view.byteLength}, inside an event of eight bytes (they begin at byte ${start})`,
  );
  checkAddresses(view, start, camera, chip);
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
