// Version 4.0 of AEDAT, as DV writes it: after the first line a FlatBuffer that tells the packing of what follows,
// where its table of packets stands, and in XML which streams there are; then packets
//   32 bits stream, 32 bits size, and a FlatBuffer, packed: "EVTS" is a list of events of 16 bytes,
//     0 time in µs (64 bits), 8 x, 10 y (16 bits each), 12 polarity (1 is ON)
// Streams of frames, of motion, of triggers and of what nobody knows are passed over, unopened. Schemas:
// https://gitlab.com/inivation/dv/dv-processing, and neuromorphicsystems/aedat:flatbuffers.

import { check } from '../../../../errors';
import { FlatTable } from '../../../../formats/flatbuffer';
import { loadLz4 } from '../../../../formats/lz4';
import { loadZstd } from '../../../../formats/zstd';
import { type ByteReader, GrowingBytes } from '../../../bytes';
import { tellCut } from '../../cut';
import { EventList, type EventPieces, type EventStream, type SensorSize } from '../../stream';
import { eventStreams, type StreamOfEvents } from './streams';

const MOST_HEADER = 2 ** 26;
/** Of one packet, unpacked: a camera writes some hundred kB. */
const MOST_PACKET = 2 ** 28;
const STEP = 2 ** 20;
const PACKET_HEADER = 8;
const EVENT = 16;
const EVENTS = 'EVTS';

const PACKINGS = ['none', 'LZ4', 'LZ4', 'Zstandard', 'Zstandard'] as const;
type Unpack = (bytes: Uint8Array, most: number) => Uint8Array;

async function unpacker(packing: (typeof PACKINGS)[number], where: string): Promise<Unpack> {
  if (packing === 'LZ4') return loadLz4(where);
  if (packing === 'Zstandard') return loadZstd(where);
  return (bytes) => bytes;
}

/** @param stream the number of one, where there are several of events; else the first of them */
export async function* flatPackets(
  reader: ByteReader,
  stream: number | undefined,
  where: string,
): EventPieces {
  const { packing, table, info } = await readHeader(reader, where);
  const known = eventStreams(info);
  const wanted = chosen(known, stream, info, where);
  const unpack = await unpacker(packing, where);
  let chosenStream = wanted?.id;
  let whole = 0;
  for (;;) {
    const at = reader.offset;
    if (table >= 0 && at >= table) return;
    const header = (await reader.take(PACKET_HEADER)).slice();
    if (header.length === 0 && table < 0) return;
    const view = new DataView(header.buffer);
    const place = `inside the packet that begins at byte ${at}`;
    if (header.length < PACKET_HEADER) return cut(whole, place, where);
    const [id, size] = [view.getInt32(0, true), view.getInt32(4, true)];
    check(
      size >= 0 && (table < 0 || at + PACKET_HEADER + size <= table),
      where,
      () => `the packet at byte ${at} claims ${size} bytes; the file is damaged`,
    );
    const isWanted = known.length === 0 ? id === (chosenStream ?? id) : id === chosenStream;
    const body = await take(reader, size, isWanted, where);
    if (body === undefined) return cut(whole, place, where);
    whole++;
    if (!isWanted) continue;
    const events = eventsOf(unpack(body, MOST_PACKET), wanted, `${where}: the packet at byte ${at}`, where);
    if (events === undefined) continue;
    chosenStream = id;
    yield events;
  }
}

function cut(whole: number, place: string, where: string): void {
  check(whole > 0, where, `the input ends ${place}, the first; the file is cut off`);
  tellCut(where, place);
}

interface Header {
  readonly packing: (typeof PACKINGS)[number];
  /** Where the packets end; -1 where the recording did not come to its end. */
  readonly table: number;
  readonly info: string;
}

async function readHeader(reader: ByteReader, where: string): Promise<Header> {
  const at = reader.offset;
  const prefix = (await reader.take(4)).slice();
  const size = prefix.length < 4 ? 0 : new DataView(prefix.buffer).getUint32(0, true);
  check(
    size >= 8 && size <= MOST_HEADER,
    where,
    () => `the header at byte ${at} claims ${size} bytes; the file is cut off or damaged`,
  );
  const rest = await reader.take(size);
  check(rest.length === size, where, `the input ends inside the header that begins at byte ${at}`);
  const bytes = new Uint8Array(4 + size);
  bytes.set(prefix);
  bytes.set(rest, 4);
  const { table, identifier } = FlatTable.root(bytes, `${where}: the header at byte ${at}`);
  check(
    identifier === 'IOHE',
    where,
    () => `the header at byte ${at} is "${identifier}", expected "IOHE"; the file is damaged`,
  );
  const code = table.int32(0) ?? 0;
  const packing = PACKINGS[code];
  check(
    packing !== undefined,
    where,
    () => `the packets are packed in a way that is not known (${code}); LZ4 and Zstandard are read`,
  );
  return { packing, table: table.int64(1) ?? -1, info: table.text(2) ?? '' };
}

function chosen(
  known: readonly StreamOfEvents[],
  stream: number | undefined,
  info: string,
  where: string,
): StreamOfEvents | undefined {
  const ids = known.map(({ id }) => id).join(', ');
  check(
    known.length > 0 || !/typeIdentifier/.test(info),
    where,
    'the recording has no stream of events, by its header: frames, motion and triggers are passed over',
  );
  if (stream === undefined) return known[0];
  const found = known.find(({ id }) => id === stream);
  check(
    found !== undefined || known.length === 0,
    where,
    () => `there is no stream ${stream} of events; its header names ${ids}`,
  );
  return found ?? { id: stream };
}

/** So many bytes, in steps, so that memory grows with what arrives; undefined where the input ends before. */
async function take(
  reader: ByteReader,
  size: number,
  keep: boolean,
  where: string,
): Promise<Uint8Array | undefined> {
  const bytes = new GrowingBytes(where);
  for (let left = size; left > 0; ) {
    const part = await reader.take(Math.min(STEP, left));
    if (part.length === 0) return undefined;
    left -= part.length;
    if (keep) bytes.append(part);
  }
  return bytes.finish();
}

/** Undefined where it is no list of events. */
function eventsOf(
  bytes: Uint8Array,
  size: SensorSize | undefined,
  place: string,
  where: string,
): EventStream | undefined {
  const { table, identifier } = FlatTable.root(bytes, place);
  if (identifier !== EVENTS) return undefined;
  const list = table.vector(0, EVENT);
  if (list === undefined) return undefined;
  const { view, length } = list;
  const events = new EventList(length);
  for (let i = 0, at = 0; i < length; i++, at += EVENT) {
    const [x, y] = [view.getInt16(at + 8, true), view.getInt16(at + 10, true)];
    check(
      x >= 0 && y >= 0,
      where,
      () => `event ${i} lies at column ${x}, row ${y}; the file is damaged (byte)`,
    );
    const time = view.getUint32(at, true) + view.getInt32(at + 4, true) * 2 ** 32;
    events.push(x, y, view.getUint8(at + 12) === 0 ? 0 : 1, time);
  }
  return size?.width === undefined
    ? events.finish()
    : events.finish({ width: size.width, height: size.height });
}
