// A small AEDAT 4 file, written here byte by byte: its FlatBuffers have their tables where writers put them. Not a
// test itself.

import { joined } from './sources';
import { zstdFrame } from './zstd-frame';

type Event = readonly [x: number, y: number, polarity: number, time: number];
const utf8 = (text: string) => new TextEncoder().encode(text);
const INFO = `<dv version="2.0"><node name="outInfo" path="/"><node name="0" path="/0/">
<attr key="typeIdentifier" type="string">FRME</attr></node><node name="1" path="/1/">
<attr key="typeIdentifier" type="string">EVTS</attr><node name="info" path="/1/info/">
<attr key="sizeX" type="int">320</attr><attr key="sizeY" type="int">240</attr></node></node></node></dv>`;

function ints(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => {
    view.setInt32(4 * i, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** A buffer of one table: size, root, identifier, vtable with the fields' offsets, the table, what is behind. */
function buffer(identifier: string, offsets: readonly number[], table: Uint8Array): Uint8Array {
  const vtable = new DataView(new ArrayBuffer(4 + 2 * offsets.length + (offsets.length % 2) * 2));
  vtable.setUint16(0, 4 + 2 * offsets.length, true);
  vtable.setUint16(2, 4, true);
  offsets.forEach((offset, i) => {
    vtable.setUint16(4 + 2 * i, offset, true);
  });
  const own = new Uint8Array(vtable.buffer);
  const rest = joined([ints(8 + own.length), utf8(identifier), own, ints(own.length), table]);
  return joined([ints(rest.length), rest]);
}

const textOf = (text: string) => joined([ints(text.length), utf8(text)]);

function packetOf(events: readonly Event[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(16 * events.length));
  events.forEach(([x, y, polarity, time], i) => {
    view.setBigInt64(16 * i, BigInt(time), true);
    view.setInt16(16 * i + 8, x, true);
    view.setInt16(16 * i + 10, y, true);
    view.setUint8(16 * i + 12, polarity);
  });
  return buffer('EVTS', [4], joined([ints(4, events.length), new Uint8Array(view.buffer)]));
}

/** LZ4 that packs nothing: literals alone, and one block. */
function lz4Frame(bytes: Uint8Array): Uint8Array {
  const more = bytes.length - 15;
  const lengths = [...new Array<number>(Math.floor(more / 255)).fill(255), more % 255];
  const block = joined([Uint8Array.of(0xf0, ...lengths), bytes]);
  return joined([ints(0x184d2204), Uint8Array.of(0x60, 0x40, 0x82), ints(block.length), block, ints(0)]);
}

const PACK = { none: (bytes: Uint8Array) => bytes, LZ4: lz4Frame, Zstandard: zstdFrame } as const;
const CODE = { none: 0, LZ4: 1, Zstandard: 3 } as const;

/** @param packets of stream 1; before each lies one of a stream of frames, and one that the header does not know */
export function aedat4(
  packing: keyof typeof PACK,
  packets: readonly (readonly Event[])[],
  { table }: { table?: number } = {},
): Uint8Array {
  const body = joined(
    packets.flatMap((events) => {
      const packed = PACK[packing](packetOf(events));
      return [ints(0, 5), Uint8Array.of(1, 2, 3, 4, 5), ints(9, 0), ints(1, packed.length), packed];
    }),
  );
  const header = (place: number) =>
    buffer('IOHE', [4, 8, 16], joined([ints(CODE[packing], place, place < 0 ? -1 : 0, 4), textOf(INFO)]));
  const start = utf8('#!AER-DAT4.0\r\n');
  const place = table ?? start.length + header(0).length + body.length;
  const tail = table === undefined ? utf8('a table of packets') : new Uint8Array(0);
  return joined([start, header(place), body, tail]);
}
