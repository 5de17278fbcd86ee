// Recordings of any format that is known, told by their first bytes: whole, or in pieces that need not fit into
// memory. The formats' own readers are loaded when a file of theirs is met.

import { check, SpikegradError } from '../../errors';
import { fileKind, foreign } from '../../magic';
import { type OptionsOf, optional, takesNoMore, whole } from '../../options';
import { ByteReader, type ByteSource, readAll } from '../bytes';
import { type AedatOptions, aedatOptions } from './aedat';
import type { Recording, RecordingFile } from './hdf5';
import { allEvents, type EventPieces, type EventStream, PIECE } from './stream';

/** What {@link readEvents} and {@link eventPieces} are told. */
export interface ReadEventsOptions extends AedatOptions {
  /** Of a file with several recordings (HDF5), which, counted from 0. Default: the only one. */
  recording?: number;
}

export const readEventsOptions = /* @__PURE__ */ aedatOptions.with({
  recording: optional(whole({ least: 0 }), 'the only one'),
} satisfies OptionsOf<Pick<ReadEventsOptions, 'recording'>>);

/** Bytes by which a format is known. */
const HEAD = 4096;

/**
 * Reads the events of a recording: AEDAT 2.0, 3.1 and 4.0, .dat of ATIS and Prophesee, HDF5 (SHD, SSC, DVS Gesture),
 * .npz with t, x, y and p (SpikingJelly), .npy with rows of x, y, p and t (µs), and N-MNIST's .bin, which is what
 * bytes without any mark are taken for.
 * @throws SpikegradError naming what was found, where it is none of these, and where it is damaged
 */
export async function readEvents(source: ByteSource, options: ReadEventsOptions = {}): Promise<EventStream> {
  const where = 'readEvents';
  const read = readEventsOptions.read(where, options);
  return allEvents(source, where, (reader) => piecesFrom(reader, read, where));
}

/**
 * The same in pieces of at most 65,536 events, or a packet of the camera: `for await (const piece of
 * eventPieces(createReadStream(path)))`. AEDAT, .dat and .bin are read as they arrive, whatever their length; HDF5
 * and NumPy's files are read whole first.
 * @throws SpikegradError as {@link readEvents} does, once the pieces before the fault are out
 */
export async function* eventPieces(source: ByteSource, options: ReadEventsOptions = {}): EventPieces {
  const where = 'eventPieces';
  const read = readEventsOptions.read(where, options);
  const reader = new ByteReader(source, where);
  let failed = false;
  try {
    yield* piecesFrom(reader, read, where);
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    const closing = reader.close();
    await (failed ? closing.catch(() => undefined) : closing);
  }
}

async function* piecesFrom(reader: ByteReader, options: ReadEventsOptions, where: string): EventPieces {
  const { recording, ...aedat } = options;
  const head = (await reader.take(HEAD)).slice();
  reader.putBack(head);
  const kind = fileKind(head);
  check(
    recording === undefined || kind === 'hdf5',
    where,
    'recording is for files with several, which are HDF5; this file has one',
  );
  if (kind === 'aedat2' || kind === 'aedat4') {
    const { aedatPieces } = await import('./aedat/pieces');
    yield* aedatPieces(reader, aedat, where);
  } else if (kind === 'prophesee') {
    const { datPieces } = await import('./dat');
    yield* datPieces(reader, where);
  } else if (kind === 'npz' || kind === 'npy' || kind === 'hdf5') {
    const bytes = await restOf(reader, where);
    const events = await wholeEvents(bytes, kind, recording, where);
    for (let at = 0; at < events.length; at += PIECE) yield pieceOf(events, at, at + PIECE);
  } else {
    const other = foreign(head, 'nmnist', { sure: true });
    check(
      other === undefined,
      where,
      () => `${other}; read are AEDAT, .dat, HDF5, .npz, .npy and N-MNIST's .bin`,
    );
    const { nmnistPieces } = await import('./nmnist');
    yield* nmnistPieces(reader, where);
  }
}

const restOf = (reader: ByteReader, where: string) => {
  const chunks = async function* () {
    for (let chunk = await reader.takeChunk(); chunk.length > 0; chunk = await reader.takeChunk())
      yield chunk;
  };
  return readAll(chunks(), where);
};

async function wholeEvents(
  bytes: Uint8Array,
  kind: 'npz' | 'npy' | 'hdf5',
  recording: number | undefined,
  where: string,
): Promise<EventStream> {
  if (kind !== 'hdf5') {
    const { npyEvents, npzEvents } = await import('./numpy');
    return kind === 'npz' ? npzEvents(bytes, where) : npyEvents(bytes, 1, where);
  }
  const { openHdf5Events } = await import('./hdf5');
  const file = await openHdf5Events(bytes, where);
  try {
    const { length } = file;
    check(
      recording !== undefined || length === 1,
      where,
      () =>
        `the file has ${length} recordings; say which: recording: 0 to ${length - 1}, or go through all with eventRecordings`,
    );
    check(
      recording === undefined || recording < length,
      where,
      () => `there is no recording ${recording}; the file has ${length}, counted from 0`,
    );
    return file.recording(recording ?? 0).events;
  } finally {
    file.close();
  }
}

function pieceOf(
  { x, y, polarity, time, width, height }: EventStream,
  from: number,
  to: number,
): EventStream {
  const piece = {
    x: x.subarray(from, to),
    y: y.subarray(from, to),
    polarity: polarity.subarray(from, to),
    time: time.subarray(from, to),
  };
  const size = width === undefined || height === undefined ? {} : { width, height };
  return { length: piece.x.length, ...piece, ...size };
}

/**
 * The recordings of an HDF5 file of events, one after another, with their labels: SHD, SSC, DVS Gesture.
 * @throws SpikegradError where the file holds no events that are known, or the package h5wasm is not installed
 */
export async function* eventRecordings(
  source: ByteSource,
  ...more: never[]
): AsyncGenerator<Recording, void, undefined> {
  const where = 'eventRecordings';
  takesNoMore(where, more);
  const { openHdf5Events } = await import('./hdf5');
  let file: RecordingFile | undefined;
  try {
    file = await openHdf5Events(await readAll(source, where), where);
    for (let index = 0; index < file.length; index++) yield file.recording(index);
  } catch (error) {
    if (error instanceof SpikegradError) throw error;
    throw new SpikegradError(where, `the file is damaged: ${String(error).slice(0, 200)}`, { cause: error });
  } finally {
    file?.close();
  }
}

/**
 * Reads a recording of an ATIS or Prophesee camera (.dat), such as N-Cars'.
 * @throws SpikegradError where it is none, or its events are of another kind
 */
export async function readDat(source: ByteSource, ...more: never[]): Promise<EventStream> {
  const where = 'readDat';
  takesNoMore(where, more);
  const { datPieces } = await import('./dat');
  return allEvents(source, where, (reader) => datPieces(reader, where));
}
