// The .dat files of ATIS and Prophesee cameras (N-Cars, 1 Mpx): text lines that begin with %, two bytes (kind and
// size of an event), then little-endian events of 8 bytes, 32 bits of time in µs and 32 bits of
//   version 2     0-13 x, 14-27 y, 28 polarity (1 is ON)
//   before        0-8 x, 9-16 y, 17 polarity (1 is ON), 18 marks a measurement of grey, which is no event
// The clock runs over after 71 minutes; what follows is 2^32 µs later. Format: https://docs.prophesee.ai, "DAT file
// format".

import { check } from '../../errors';
import { foreign } from '../../magic';
import type { ByteReader } from '../bytes';
import { Clock } from './clock';
import { tellCut } from './cut';
import { EventList, type EventPieces, PIECE, type SensorSize } from './stream';

const PERCENT = 0x25;
const NEWLINE = 0x0a;
const EVENT = 8;
/** Events of two kinds that say where and when: of ATIS and older software, and of "contrast detection". */
const KINDS = [0, 12];
const MOST_HEADER = 2 ** 16;

export async function* datPieces(reader: ByteReader, where: string): EventPieces {
  const { version, size } = await readHeader(reader, where);
  const grey = version < 2 ? 2 ** 18 : 0;
  const clock = new Clock();
  let whole = 0;
  for (;;) {
    const start = reader.offset;
    const bytes = await reader.take(EVENT * PIECE);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = Math.floor(bytes.length / EVENT);
    const events = new EventList(count);
    for (let i = 0; i < count; i++) {
      const time = clock.at(view.getUint32(EVENT * i, true));
      const data = view.getUint32(EVENT * i + 4, true);
      if ((data & grey) !== 0) continue;
      if (version < 2) events.push(data & 0x1ff, (data >> 9) & 0xff, (data >> 17) & 1, time);
      else events.push(data & 0x3fff, (data >> 14) & 0x3fff, (data >>> 28) & 1, time);
    }
    whole += count;
    yield events.finish(size);
    if (bytes.length % EVENT !== 0) {
      check(
        whole > 0,
        where,
        () => `the input ends at byte ${reader.offset}, inside the first event of eight bytes`,
      );
      tellCut(where, `inside the event that begins at byte ${start + EVENT * count}`);
    }
    if (bytes.length < EVENT * PIECE) return;
  }
}

async function readHeader(reader: ByteReader, where: string): Promise<{ version: number; size: SensorSize }> {
  const bytes = (await reader.take(MOST_HEADER)).slice();
  const other = bytes[0] === PERCENT ? undefined : foreign(bytes, 'dat');
  check(
    bytes[0] === PERCENT,
    where,
    () => other ?? 'a recording in .dat begins with lines of text that begin with %; byte 0 is none',
  );
  let at = 0;
  const lines: string[] = [];
  while (bytes[at] === PERCENT) {
    const end = bytes.indexOf(NEWLINE, at);
    check(end >= 0, where, () => `the header line that begins at byte ${at} does not end`);
    lines.push(new TextDecoder('latin1').decode(bytes.subarray(at, Math.min(end, at + 200))));
    at = end + 1;
  }
  const evt = lines.find((line) => /^% (evt|format) /i.test(line));
  check(
    evt === undefined || /dat/i.test(evt),
    where,
    () =>
      `this is a raw recording ("${evt!.slice(0, 60)}" in its header, before byte ${at}); .dat is read: metavision_file_to_dat writes it`,
  );
  const number = (key: string) =>
    Number(
      lines
        .map((line) => new RegExp(`^% ${key}\\s+(\\d+)`, 'i').exec(line)?.[1])
        .find((word) => word !== undefined) ?? Number.NaN,
    );
  const [kind, size] = [bytes[at], bytes[at + 1]];
  check(
    KINDS.includes(kind ?? -1) && size === EVENT,
    where,
    () =>
      `the events are of kind ${kind} and of ${size} bytes (byte ${at}); read are those of kinds ${KINDS.join(' and ')}, of ${EVENT} bytes`,
  );
  reader.putBack(bytes.subarray(at + 2));
  const [width, height] = [number('Width'), number('Height')];
  const hasSize = width > 0 && height > 0 && width <= 2 ** 14 && height <= 2 ** 14;
  const version = number('Version');
  return { version: Number.isNaN(version) ? 0 : version, size: hasSize ? { width, height } : {} };
}
