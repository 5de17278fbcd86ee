// What is held of a data set that is read in parts: the window that batches are being taken from, the one behind it,
// and the records of batches that are on their way. Together they stay within the data set's memory.

import type { Job } from '../batches/job';
import { bytesOfRecord, roomForBatches, type StreamedDataset, type StreamedRecords } from './dataset';
import type { PartWindow, StreamOrder } from './order';
import { readParts } from './read';

/** Records of a batch. */
export interface Taken {
  readonly raw: Job['raw'];
  readonly labels: Int32Array<ArrayBuffer>;
  /** Bytes that they take until {@link StreamReader.release}. */
  readonly bytes: number;
}

/** Bytes of records as they were read. */
function sizeOf({ values, pictures }: Omit<StreamedRecords, 'labels'>): number {
  return values?.byteLength ?? pictures!.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
}

export class StreamReader {
  readonly #windows = new Map<PartWindow, Promise<StreamedRecords>>();
  /** One batch after another, so that no more than two windows are held. */
  #turn: Promise<unknown> = Promise.resolve();
  #inWindows = 0;
  #inBatches = 0;
  /** The most bytes that were held at once. */
  most = 0;

  constructor(
    readonly stream: StreamedDataset,
    readonly order: StreamOrder,
  ) {}

  /** Bytes that are held now. */
  get held(): number {
    return this.#inWindows + this.#inBatches;
  }

  /** Whether a batch of so many records may be read ahead. */
  hasRoom(records: number): boolean {
    return this.#inBatches + records * bytesOfRecord(this.stream) <= roomForBatches(this.stream);
  }

  /** The records at these places of the order. They count as held from now on. */
  async take(from: number, to: number): Promise<Taken> {
    const expected = (to - from) * bytesOfRecord(this.stream);
    this.#inBatches += expected;
    this.#note();
    const { raw, labels } = await (this.order.windows === undefined
      ? this.#single(from, to)
      : this.#inTurn(() => this.#dealt(from, to)));
    const bytes = ArrayBuffer.isView(raw) ? raw.byteLength : sizeOf({ pictures: raw });
    this.#inBatches += bytes - expected; // packed pictures take what they take
    this.#note();
    return { raw, labels, bytes };
  }

  /** Numbers have been made of these records. */
  release({ bytes }: Taken): void {
    this.#inBatches -= bytes;
  }

  #inTurn<T>(take: () => Promise<T>): Promise<T> {
    const taken = this.#turn.then(take);
    this.#turn = taken.catch(() => {});
    return taken;
  }

  #note(): void {
    this.most = Math.max(this.most, this.held);
  }

  async #single(from: number, to: number): Promise<Omit<Taken, 'bytes'>> {
    const { labels, values, pictures } = await readParts(this.stream, [
      ...this.order.records.subarray(from, to),
    ]);
    return { raw: values ?? pictures!, labels: Int32Array.from(labels) };
  }

  async #dealt(from: number, to: number): Promise<Omit<Taken, 'bytes'>> {
    const { shape, numbers } = this.stream;
    const size = shape.reduce((product, axis) => product * axis, 1);
    const labels = new Int32Array(to - from);
    const Numbers = numbers === 'bytes' ? Uint8Array : Float32Array;
    let values: Uint8Array | Float32Array | undefined;
    const pictures: Exclude<StreamedRecords['pictures'], undefined>[number][] = [];
    for (const [w, window] of this.order.windows!.entries()) {
      if (window.to <= from) continue;
      if (window.from >= to) break;
      const records = await this.#load(window);
      const end = Math.min(to, window.to);
      for (let at = Math.max(from, window.from); at < end; at++) {
        const place = this.order.places![at]!;
        labels[at - from] = records.labels[place]!;
        if (records.values === undefined) pictures.push(records.pictures![place]!);
        else {
          values ??= new Numbers((to - from) * size);
          values.set(records.values.subarray(place * size, (place + 1) * size), (at - from) * size);
        }
      }
      if (end === window.to) this.#drop(window);
      const next = this.order.windows![w + 1];
      if (next !== undefined) this.#load(next).catch(() => {}); // is read while this one is dealt
    }
    return { raw: values ?? pictures, labels };
  }

  #load(window: PartWindow): Promise<StreamedRecords> {
    const loading = this.#windows.get(window);
    if (loading !== undefined) return loading;
    this.#inWindows += window.bytes;
    this.#note();
    const read = readParts(this.stream, window.parts);
    this.#windows.set(window, read);
    return read;
  }

  #drop(window: PartWindow): void {
    this.#windows.delete(window);
    this.#inWindows -= window.bytes;
  }
}
