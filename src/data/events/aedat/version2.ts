// Version 2.0 of AEDAT: big-endian pairs of 32 bits, address and time in µs. The address of a
//   DVS128    0 polarity (0 is ON), 1-7 x, 8-14 y; 15 marks signals that are no pixels
//   DAVIS     11 polarity (1 is ON), 12-21 x, 22-30 y; 10 marks other signals, 31 samples of the image sensor
// The clock runs over after 71 minutes. x and y are those of the file; jAER shows a DVS128 mirrored, and counts rows
// from the bottom.

import { check } from '../../../errors';
import type { ByteReader } from '../../bytes';
import { Clock } from '../clock';
import { tellCut } from '../cut';
import { EventList, type EventPieces, PIECE } from '../stream';
import type { AedatHeader } from './header';

export type Camera = 'dvs128' | 'davis';

const EVENT = 8;

export function cameraOf(chip: string | undefined, where: string): Camera {
  if (chip === undefined || /dvs128|tmpdiff128/i.test(chip)) return 'dvs128';
  check(
    /davis/i.test(chip),
    where,
    () =>
      `the header names the camera ${chip.slice(0, 100)}; addresses of a DVS128 and of a DAVIS are read: pass camera: 'dvs128' or 'davis' if they are laid out so`,
  );
  return 'davis';
}

/** Addresses of a DVS128 have 16 bits, and those of a DAVIS rows and columns above bit 12. */
const HIGH_BITS = 0xffff_0000;

/** @param camera whose addresses they are taken for */
export async function* addresses(
  reader: ByteReader,
  { chip }: AedatHeader,
  camera: Camera,
  where: string,
): EventPieces {
  const named = chip === undefined ? 'its header names no camera' : `its header names ${chip.slice(0, 100)}`;
  const start = reader.offset;
  let high = false;
  let before = 0;
  const clock = new Clock();
  for (;;) {
    const bytes = await reader.take(EVENT * PIECE);
    const count = Math.floor(bytes.length / EVENT);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const events = new EventList(count);
    for (let i = 0; i < count; i++) {
      const address = view.getUint32(EVENT * i);
      const time = clock.at(view.getUint32(EVENT * i + 4));
      const isHigh = (address & HIGH_BITS) !== 0;
      high ||= isHigh;
      check(
        camera === 'davis' || !isHigh,
        where,
        () =>
          `event ${before + i} has the address 0x${address.toString(16)}, with bits that a DVS128 does not have, but a DAVIS; ${named}: pass camera: 'davis'`,
      );
      if (camera === 'dvs128') {
        if ((address & 0x8000) === 0)
          events.push((address >> 1) & 0x7f, (address >> 8) & 0x7f, 1 - (address & 1), time);
      } else if ((address & 0x8000_0400) === 0) {
        events.push((address >> 12) & 0x3ff, (address >> 22) & 0x1ff, (address >> 11) & 1, time);
      }
    }
    before += count;
    yield events.finish();
    if (bytes.length % EVENT !== 0) {
      check(
        before > 0,
        where,
        () =>
          `the input ends at byte ${reader.offset}, inside an event of eight bytes (they begin at byte ${start})`,
      );
      tellCut(where, `inside the event that begins at byte ${start + EVENT * before}`);
    }
    if (bytes.length < EVENT * PIECE) break;
  }
  check(
    camera === 'dvs128' || high || before === 0 || /davis/i.test(chip ?? ''),
    where,
    () =>
      `no address has a bit above 15, where those of a DAVIS have row and column: they are a DVS128's; ${named}: pass camera: 'dvs128'`,
  );
}
