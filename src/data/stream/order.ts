// In which order an epoch goes through a data set that is read in parts. Where each part is one record, that of the
// same records in memory. Else the parts come in a drawn order, as many at once as take a third of the memory (a
// window), and the records of a window in a drawn order. It is a function of seed, epoch, parts and memory alone, so
// that an epoch can begin in its middle.

import { Random } from '../../core/random';
import { epochOrder } from '../batches/epoch-order';
import { isSingle, type StreamedDataset } from './dataset';

/** Stream of a window in one seed and epoch: Random(seed, epoch, WINDOW, number). */
const WINDOW = 4;

/** Parts that are held together. */
export interface PartWindow {
  readonly parts: readonly number[];
  /** Which places of the order are its records. */
  readonly from: number;
  readonly to: number;
  /** Bytes of its parts. */
  readonly bytes: number;
}

/** An epoch's order of records. */
export interface StreamOrder {
  /** Record numbers. */
  readonly records: Uint32Array;
  /** Absent where each record is read by itself. */
  readonly windows?: readonly PartWindow[];
  /** Where each record lies in its window. */
  readonly places?: Uint32Array;
}

export function streamOrder(
  stream: StreamedDataset,
  { seed, epoch, shuffle }: { readonly seed: number; readonly epoch: number; readonly shuffle: boolean },
): StreamOrder {
  const { sizes, bytes, length, memory } = stream;
  const parts = epochOrder(sizes.length, seed, epoch, shuffle);
  if (isSingle(stream)) return { records: parts };
  const starts = new Float64Array(sizes.length);
  for (let part = 1; part < sizes.length; part++) starts[part] = starts[part - 1]! + sizes[part - 1]!;
  const records = new Uint32Array(length);
  const places = new Uint32Array(length);
  const windows: PartWindow[] = [];
  for (let next = 0, from = 0; next < parts.length; ) {
    const own: number[] = [];
    let held = 0;
    let to = from;
    do {
      const part = parts[next++]!;
      own.push(part);
      held += bytes[part]!;
      for (let i = 0; i < sizes[part]!; i++) records[to++] = starts[part]! + i;
    } while (next < parts.length && held + bytes[parts[next]!]! <= memory / 3);
    const dealt = shuffle
      ? new Random(seed, epoch, WINDOW, windows.length).permutation(to - from)
      : Uint32Array.from({ length: to - from }, (_, i) => i);
    const inTurn = records.slice(from, to);
    dealt.forEach((place, i) => {
      records[from + i] = inTurn[place]!;
      places[from + i] = place;
    });
    windows.push({ parts: own, from, to, bytes: held });
    from = to;
  }
  return { records, windows, places };
}
