// Events of a dynamic vision sensor: where and when a pixel grew brighter or darker. The readers make a list of them,
// event-frames.ts turns lists into sequences.

import { check } from '../errors';
import { type ByteSource, GrowingBytes, withReader } from './bytes';

/** A recording, its events in the order of the file. */
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
}

/** All bytes of a source. */
export function readAll(source: ByteSource, where: string): Promise<Uint8Array> {
  return withReader(source, where, async (reader) => {
    const bytes = new GrowingBytes(where);
    for (let chunk = await reader.takeChunk(); chunk.length > 0; chunk = await reader.takeChunk())
      bytes.append(chunk);
    return bytes.finish();
  });
}

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

  finish(where: string): EventStream {
    const length = this.#length;
    check(length > 0, where, 'the file holds no events');
    return {
      length,
      x: this.#x.slice(0, length),
      y: this.#y.slice(0, length),
      polarity: this.#polarity.slice(0, length),
      time: this.#time.slice(0, length),
    };
  }
}
