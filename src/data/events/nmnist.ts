// The .bin files of N-MNIST and N-Caltech101 (Orchard et al., 2015): five bytes an event, no header,
//
//   x, y, then 24 bits, the highest first: 1 of polarity (1 is ON), 23 of time in microseconds.
//
// y = 240 is no event but an overflow of the clock: all that follows is 2^13 µs later. (SpikingJelly keeps these as
// events.)

import { check } from '../../errors';
import { foreign } from '../../magic';
import { takesNoMore } from '../../options';
import type { ByteReader, ByteSource } from '../bytes';
import { allEvents, EventList, type EventPieces, type EventStream, PIECE } from './stream';

const EVENT_BYTES = 5;
const OVERFLOW_ROW = 240;
const OVERFLOW_TIME = 2 ** 13;

/**
 * Reads a recording of N-MNIST (34x34) or N-Caltech101.
 * @throws SpikegradError when the file is cut off inside an event or holds none
 */
export async function readNMnist(source: ByteSource, ...more: never[]): Promise<EventStream> {
  const where = 'readNMnist';
  takesNoMore(where, more);
  return allEvents(source, where, (reader) => nmnistPieces(reader, where));
}

export async function* nmnistPieces(reader: ByteReader, where: string): EventPieces {
  let late = 0;
  for (;;) {
    const start = reader.offset;
    const bytes = await reader.take(EVENT_BYTES * PIECE);
    if (start === 0) {
      const other = foreign(bytes, 'nmnist', { sure: true });
      check(other === undefined, where, () => other!);
    }
    const whole = bytes.length - (bytes.length % EVENT_BYTES);
    check(
      whole === bytes.length,
      where,
      () =>
        `the input ends at byte ${reader.offset}, inside the event of five bytes that begins at byte ${start + whole}`,
    );
    const events = new EventList(bytes.length / EVENT_BYTES);
    for (let i = 0; i < bytes.length; i += EVENT_BYTES) {
      const [x, y] = [bytes[i]!, bytes[i + 1]!];
      if (y === OVERFLOW_ROW) {
        late += OVERFLOW_TIME;
        continue;
      }
      const high = bytes[i + 2]!;
      const time = ((high & 0x7f) << 16) | (bytes[i + 3]! << 8) | bytes[i + 4]!;
      events.push(x, y, high >> 7, time + late);
    }
    yield events.finish();
    if (bytes.length < EVENT_BYTES * PIECE) return;
  }
}
