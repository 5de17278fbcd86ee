// Events of a dynamic vision sensor: where and when a pixel grew brighter or darker. The readers hand them out in
// pieces, so that a recording need not fit into memory, or as one list; frames.ts and frame-stream.ts turn them into
// sequences.

import { check } from '../../errors';
import { type ByteReader, type ByteSource, withReader } from '../bytes';

/** A recording, or a piece of one, its events in the order of the file. */
export interface EventStream {
  /** How many events there are. */
  readonly length: number;
  /** Column. */
  readonly x: Uint16Array;
  /** Row. */
  readonly y: Uint16Array;
  /** 1: brighter (ON), 0: darker (OFF). */
  readonly polarity: Uint8Array;
  /** Microseconds. */
  readonly time: Float64Array;
  /** Columns of the sensor, where the file says how many. */
  readonly width?: number;
  /** Rows of the sensor, where the file says how many. */
  readonly height?: number;
}

/** The sensor's size, where a file says it. */
export type SensorSize = Pick<EventStream, 'width' | 'height'>;

/** A recording in pieces, one after another. */
export type EventPieces = AsyncGenerator<EventStream, void, undefined>;

/** Reads pieces from bytes that arrive one after another. */
export type PieceReader = (reader: ByteReader) => EventPieces;

/** Most events of a piece: 13 bytes each. */
export const PIECE = 2 ** 16;

/** Room for `most` events, filled one after another. */
export class EventList {
  readonly #x: Uint16Array;
  readonly #y: Uint16Array;
  readonly #polarity: Uint8Array;
  readonly #time: Float64Array;
  #length = 0;

  constructor(most: number) {
    this.#x = new Uint16Array(most);
    this.#y = new Uint16Array(most);
    this.#polarity = new Uint8Array(most);
    this.#time = new Float64Array(most);
  }

  push(x: number, y: number, polarity: number, time: number): void {
    const i = this.#length++;
    this.#x[i] = x;
    this.#y[i] = y;
    this.#polarity[i] = polarity;
    this.#time[i] = time;
  }

  /** A view: the list is not filled further. */
  finish(size: SensorSize = {}): EventStream {
    const length = this.#length;
    return {
      length,
      x: this.#x.subarray(0, length),
      y: this.#y.subarray(0, length),
      polarity: this.#polarity.subarray(0, length),
      time: this.#time.subarray(0, length),
      ...size,
    };
  }
}

/** All pieces as one list. @throws where there is no event */
export async function allEvents(source: ByteSource, where: string, read: PieceReader): Promise<EventStream> {
  const pieces: EventStream[] = [];
  await withReader(source, where, async (reader) => {
    for await (const piece of read(reader)) if (piece.length > 0) pieces.push(piece);
  });
  return joinedEvents(pieces, where);
}

function joinedEvents(pieces: readonly EventStream[], where: string): EventStream {
  check(pieces.length > 0, where, 'the file holds no events');
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const all = {
    x: new Uint16Array(length),
    y: new Uint16Array(length),
    polarity: new Uint8Array(length),
    time: new Float64Array(length),
  };
  let at = 0;
  for (const piece of pieces) {
    all.x.set(piece.x, at);
    all.y.set(piece.y, at);
    all.polarity.set(piece.polarity, at);
    all.time.set(piece.time, at);
    at += piece.length;
  }
  const { width, height } = pieces[0]!;
  return width === undefined || height === undefined ? { length, ...all } : { length, ...all, width, height };
}
