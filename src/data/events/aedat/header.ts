// The lines with # at the beginning of an AEDAT file: version, camera, and where the events begin. An event of
// version 2 may begin with the same byte, so a line must be text to its end, and not be what a list of events looks
// like.

import { check, SpikegradError } from '../../../errors';
import { foreign } from '../../../magic';
import type { ByteReader } from '../../bytes';

const HASH = 0x23;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const TAB = 0x09;
const LAST_LINES = ['#!END-HEADER', '#End Of ASCII Header'];

export const VERSIONS = ['2.0', '3.1', '4.0'] as const;

/** What the lines say. */
export interface AedatHeader {
  readonly version: (typeof VERSIONS)[number];
  /** The camera's class in jAER, `eu.seebetter.ini.chips.davis.DAVIS240C`. */
  readonly chip: string | undefined;
}

/** Bytes that are looked at behind a line, to tell events from text. */
const AHEAD = 64;
const STEP = 2 ** 12;
/** jAER writes its preferences there, which are some hundred kB. */
const LONGEST = 2 ** 24;

/** What was read so far of the beginning. */
class Beginning {
  bytes: Uint8Array = new Uint8Array(0);
  /** Whether nothing follows. */
  ended = false;

  constructor(readonly reader: ByteReader) {}

  /** @returns whether there are so many bytes */
  async reaches(length: number): Promise<boolean> {
    while (this.bytes.length < length) {
      const more = await this.reader.take(Math.max(STEP, length - this.bytes.length, this.bytes.length));
      if (more.length === 0) {
        this.ended = true;
        return false;
      }
      const grown = new Uint8Array(this.bytes.length + more.length);
      grown.set(this.bytes);
      grown.set(more, this.bytes.length);
      this.bytes = grown;
    }
    return true;
  }
}

/** Reads the header; the reader stands at the first event then. @throws unless it is AEDAT of a version that is read */
export async function readHeader(reader: ByteReader, where: string): Promise<AedatHeader> {
  const beginning = new Beginning(reader);
  await beginning.reaches(STEP);
  const other = beginning.bytes[0] === HASH ? undefined : foreign(beginning.bytes, 'aedat');
  check(other === undefined, where, () => `reads AEDAT, which begins with "#!AER-DAT"; ${other}`);
  let version: string | undefined;
  let chip: string | undefined;
  let at = 0;
  while (beginning.bytes[at] === HASH) {
    const end = await endOfLine(beginning, at, where);
    if (end === undefined) break;
    const line = new TextDecoder().decode(beginning.bytes.subarray(at, end)).trimEnd();
    version ??= /^#!AER-DAT(\d\.\d)/.exec(line)?.[1];
    chip ??= /^#\s*AEChip:\s*(\S+)/i.exec(line)?.[1];
    at = end;
    if (version?.startsWith('4') || LAST_LINES.includes(line)) break;
    await beginning.reaches(at + AHEAD);
  }
  reader.putBack(beginning.bytes.subarray(at));
  const known = VERSIONS.find((each) => each === version);
  if (known !== undefined) return { version: known, chip };
  const found = version === undefined ? 'the first lines name no version' : `this one is version ${version}`;
  throw new SpikegradError(
    where,
    `reads AEDAT ${VERSIONS.join(', ')}, which begin with "#!AER-DAT"; ${found}`,
  );
}

/** Where the next line begins; undefined where an event begins instead. @throws where a line does not end */
async function endOfLine(beginning: Beginning, start: number, where: string): Promise<number | undefined> {
  for (let at = start; ; at++) {
    if (at === beginning.bytes.length && !(await beginning.reaches(at + 1))) {
      const isEvents = start > 0 && (at - start) % EVENT === 0;
      check(isEvents, where, `the header line that begins at byte ${start} does not end`);
      return undefined;
    }
    const byte = beginning.bytes[at]!;
    if (byte === NEWLINE) {
      await beginning.reaches(at + 1 + AHEAD);
      return start > 0 && looksLikeEvents(beginning, start, at + 1) ? undefined : at + 1;
    }
    const isText = byte >= 0x20 || byte === TAB || (byte === RETURN && beginning.bytes[at + 1] !== undefined);
    if (!isText && start > 0) return undefined;
    check(
      at - start < LONGEST,
      where,
      `the header line that begins at byte ${start} is longer than ${LONGEST} bytes`,
    );
  }
}

const EVENT = 8;
/** Microseconds between events that follow one another: of text read as times, hardly any are so near. */
const NEAR = 2 ** 24;

/** Whether bytes that could be a line are events: by what is left, where all is here, and by their times. */
function looksLikeEvents({ bytes, ended }: Beginning, start: number, end: number): boolean {
  const fits = (at: number) => (bytes.length - at) % EVENT === 0;
  if (ended && fits(start) !== fits(end)) return fits(start) && timesGrow(bytes, start);
  return bytes[end] !== HASH && timesGrow(bytes, start) && !timesGrow(bytes, end);
}

/** Whether the times of the first events from `start` on lie behind one another, each near the one before. */
function timesGrow(bytes: Uint8Array, start: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.min(5, Math.floor((bytes.length - start) / EVENT));
  for (let i = 1; i < count; i++) {
    const step = view.getUint32(start + EVENT * i + 4) - view.getUint32(start + EVENT * (i - 1) + 4);
    if (step < 0 || step > NEAR) return false;
  }
  return count > 0;
}
