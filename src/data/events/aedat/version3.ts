// Version 3.1 of AEDAT: little-endian packets with a header of 28 bytes,
//   0 type, 2 source, 4 size of an event, 8 offset of its time, 12 overflows of the clock, 16 room for events, 20
//   events, 24 valid ones
// of which only the polarity packets (type 1) are read, 8 bytes an event:
//   0 valid, 1 polarity (1 is ON), 2-16 y, 17-31 x, then 32 bits of time
// Some writers leave the mark "valid" at 0 and count all as valid in the header; other readers never look at it. It is
// believed where as many events carry it as the header says.

import { check } from '../../../errors';
import { type ByteReader, GrowingBytes } from '../../bytes';
import { tellCut } from '../cut';
import { EventList, type EventPieces, PIECE } from '../stream';

const PACKET_HEADER = 28;
const POLARITY_PACKET = 1;
const EVENT = 8;
/** The clock of a packet counts 31 bits; the header says how often it has run over. */
const CLOCK = 2 ** 31;
/** A read of a large packet; memory grows with what arrives, never with what a header claims. */
const STEP = EVENT * PIECE;

interface Packet {
  readonly type: number;
  readonly size: number;
  readonly overflow: number;
  readonly count: number;
  readonly valid: number;
}

function headerOf(bytes: Uint8Array): Packet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [size, overflow, count, valid] = [4, 12, 20, 24].map((offset) => view.getInt32(offset, true)) as [
    number,
    number,
    number,
    number,
  ];
  return { type: view.getInt16(0, true), size, overflow, count, valid };
}

export async function* packets(reader: ByteReader, where: string): EventPieces {
  let whole = 0;
  for (;;) {
    const at = reader.offset;
    const header = (await reader.take(PACKET_HEADER)).slice();
    if (header.length === 0) return;
    if (header.length < PACKET_HEADER) {
      check(whole > 0, where, `the input ends inside the packet header that begins at byte ${at}`);
      return tellCut(where, `inside the packet that begins at byte ${at}`);
    }
    const packet = headerOf(header);
    const { type, size, count } = packet;
    const claim = () => `the packet at byte ${at} claims ${count} events of ${size} bytes`;
    check(size >= 0 && count >= 0, where, () => `${claim()}; the file is damaged`);
    check(
      type !== POLARITY_PACKET || size === EVENT,
      where,
      () => `the polarity packet at byte ${at} has events of ${size} bytes, expected ${EVENT}`,
    );
    const body = await take(reader, size * count, type === POLARITY_PACKET, where);
    if (body.missing > 0) {
      check(
        whole > 0,
        where,
        () => `${claim()}, ${size * count - body.missing} bytes are left; the file is cut off or damaged`,
      );
      return tellCut(where, `inside the packet that begins at byte ${at}`);
    }
    whole++;
    if (type === POLARITY_PACKET) yield polarityEvents(body.bytes, packet);
  }
}

/** So many bytes, in steps. @param keep whether anybody wants them */
async function take(
  reader: ByteReader,
  size: number,
  keep: boolean,
  where: string,
): Promise<{ bytes: Uint8Array; missing: number }> {
  const bytes = new GrowingBytes(where);
  let missing = size;
  while (missing > 0) {
    const part = await reader.take(Math.min(STEP, missing));
    if (part.length === 0) break;
    missing -= part.length;
    if (keep) bytes.append(part);
  }
  return { bytes: bytes.finish(), missing };
}

function polarityEvents(bytes: Uint8Array, { overflow, count, valid }: Packet) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let marked = 0;
  for (let i = 0; i < count; i++) marked += bytes[EVENT * i]! & 1;
  const believed = marked === valid;
  const events = new EventList(count);
  for (let i = 0; i < count; i++) {
    const data = view.getUint32(EVENT * i, true);
    const time = view.getInt32(EVENT * i + 4, true) + overflow * CLOCK;
    if (!believed || data & 1) events.push(data >>> 17, (data >> 2) & 0x7fff, (data >> 1) & 1, time);
  }
  return events.finish();
}
