// Bytes in the real formats, and sources that hand them out in chunks and keep count of what was asked of them.

import fc from 'fast-check';
import { Random } from '../../src/core/random';
import { SpikegradError } from '../../src/errors';

/** A source of the given chunks that counts calls of `next` and `return`. */
export class Counted implements AsyncIterable<Uint8Array> {
  nexts = 0;
  returns = 0;

  constructor(
    readonly chunks: readonly Uint8Array[],
    /** Thrown instead of an end. */
    readonly failure?: Error,
  ) {}

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: async () => {
        const value = this.chunks[this.nexts++];
        if (value !== undefined) return { done: false, value };
        if (this.failure) throw this.failure;
        return { done: true, value: undefined };
      },
      return: async () => {
        this.returns++;
        return { done: true, value: undefined };
      },
    };
  }
}

/** `bytes` cut into pieces of the given sizes, again and again from the first size on; 0 gives an empty chunk. */
export function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const step = sizes.some((size) => size > 0) ? sizes : [Math.max(1, bytes.length)];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = step[i % step.length]!;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

/** Sizes of chunks: tiny, of a record's order, large, empty. */
export const chunkSizes = fc.array(fc.oneof(fc.nat(7), fc.nat(4000), fc.nat(70_000)), {
  minLength: 1,
  maxLength: 6,
});

export function randomBytes(length: number, seed: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => random.integer(256));
}

/** Records of CIFAR's binary format with random pixels; each of `labels` is the label bytes of one record. */
export function cifarBytes(labels: readonly (readonly number[])[], seed = 1): Uint8Array {
  return joined(labels.flatMap((bytes, i) => [Uint8Array.from(bytes), randomBytes(3072, seed + i)]));
}

export function idxImages(count: number, rows: number, columns: number, body: Uint8Array): Uint8Array {
  return joined([bigEndian(0x803, count, rows, columns), body]);
}

export function idxLabels(count: number, body: Uint8Array): Uint8Array {
  return joined([bigEndian(0x801, count), body]);
}

export function bigEndian(...words: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, i) => {
    view.setUint32(4 * i, word);
  });
  return new Uint8Array(view.buffer);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Damage to a file: some bytes overwritten, then the end cut off, or bytes put behind it. */
export interface Damage {
  readonly overwrite: readonly (readonly [at: number, value: number])[];
  /** Which share of the file is kept. */
  readonly keep: number;
  readonly append: Uint8Array;
}

export const damages: fc.Arbitrary<Damage> = fc.record({
  overwrite: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
  keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  append: fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ maxLength: 40 })),
});

export function damaged(bytes: Uint8Array, { overwrite, keep, append }: Damage): Uint8Array {
  const copy = bytes.slice(0, Math.ceil(keep * bytes.length));
  if (copy.length > 0) for (const [at, value] of overwrite) copy[at % copy.length] = value;
  return joined([copy, append]);
}

/** What a reader made of hostile bytes: a result, or the library's own error. Anything else is thrown on. */
export async function resultOrRefusal<T>(reading: Promise<T>): Promise<T | SpikegradError> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof SpikegradError) return error;
    throw error;
  }
}

/** AEDAT 3.1: one packet of polarity events, all marked valid. */
export function aedat3(
  events: readonly (readonly [x: number, y: number, polarity: number, time: number])[],
): Uint8Array {
  const packet = new DataView(new ArrayBuffer(28 + 8 * events.length));
  packet.setInt16(0, 1, true);
  const { length } = events;
  [8, 4, 0, length, length, length].forEach((value, i) => {
    packet.setInt32(4 + 4 * i, value, true);
  });
  events.forEach(([x, y, polarity, time], i) => {
    packet.setUint32(28 + 8 * i, ((x << 17) | (y << 2) | (polarity << 1) | 1) >>> 0, true);
    packet.setInt32(32 + 8 * i, time, true);
  });
  const header = new TextEncoder().encode('#!AER-DAT3.1\r\n#!END-HEADER\r\n');
  return joined([header, new Uint8Array(packet.buffer)]);
}
