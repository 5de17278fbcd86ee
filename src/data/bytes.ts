// Reading a stream of chunks by the byte: pieces of a wanted size whatever the chunks' own sizes are, the offset for
// messages, and a buffer that grows only with what really arrived. Knows no file format.

import { check, SpikegradError } from '../errors';
import { awaited, bytesKind, shown } from '../options';

/** Bytes in chunks of any size, such as a Node stream or an async generator; or all bytes at once. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array> | Uint8Array | ArrayBuffer;

/** The largest block that is reserved ahead of need. */
const MOST_AHEAD = 2 ** 24;

/**
 * Bytes appended one after another. They lie in blocks, each about as large as all before it: one array that moves to
 * twice its size would touch fresh memory three times as often, and fresh memory is what reading CIFAR costs most.
 */
export class GrowingBytes {
  readonly #where: string;
  readonly #full: Uint8Array[] = [];
  #block: Uint8Array = new Uint8Array(0);
  #used = 0;
  #length = 0;

  /** @param where the function that error messages name */
  constructor(where: string) {
    this.#where = where;
  }

  /** Makes room for `size` bytes (zeros) in one piece and returns that room. */
  extend(size: number): Uint8Array {
    if (size > this.#block.length - this.#used) {
      const block = allocate(Math.max(size, Math.min(this.#length, MOST_AHEAD)), this.#where);
      this.#full.push(this.#block.subarray(0, this.#used));
      this.#block = block;
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += size;
    this.#length += size;
    return this.#block.subarray(start, this.#used);
  }

  append(bytes: Uint8Array): void {
    this.extend(bytes.length).set(bytes);
  }

  get length(): number {
    return this.#length;
  }

  /** All bytes so far, in a new array of exactly their length. */
  finish(): Uint8Array {
    const all = allocate(this.#length, this.#where);
    let offset = 0;
    for (const part of [...this.#full, this.#block.subarray(0, this.#used)]) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }
}

function allocate(size: number, where: string): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (cause) {
    throw new SpikegradError(
      where,
      `cannot hold ${size} bytes in memory; read fewer records (limit), or in parts (streamDataset, train --memory)`,
      {
        cause,
      },
    );
  }
}

/** Hands out a source's bytes in pieces of the size that is asked for. */
export class ByteReader {
  readonly #where: string;
  readonly #iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #position = 0;
  #offset = 0;
  #ended = false;

  /** @param where the function that error messages name */
  constructor(source: ByteSource, where: string) {
    this.#where = where;
    this.#iterator = openIterator(source, where);
  }

  /** How many bytes were handed out so far. */
  get offset(): number {
    return this.#offset;
  }

  /** The next `size` bytes, fewer only where the source ends. They may be overwritten by the next call. */
  async take(size: number): Promise<Uint8Array> {
    const ready = this.#advance(size);
    if (ready.length === size) return ready;
    const pieces = new GrowingBytes(this.#where);
    pieces.append(ready);
    while (pieces.length < size && (await this.#refill())) pieces.append(this.#advance(size - pieces.length));
    return pieces.finish();
  }

  /** What the source gives next, in the size that it has; empty only where the source ends. */
  async takeChunk(): Promise<Uint8Array> {
    while (this.#position === this.#chunk.length && (await this.#refill()));
    return this.#advance(this.#chunk.length);
  }

  /** Gives bytes back that were taken last: they come next again. */
  putBack(bytes: Uint8Array): void {
    const rest = this.#chunk.subarray(this.#position);
    const chunk = new Uint8Array(bytes.length + rest.length);
    chunk.set(bytes);
    chunk.set(rest, bytes.length);
    this.#chunk = chunk;
    this.#position = 0;
    this.#offset -= bytes.length;
  }

  /** Tells the source that no more is wanted. Nothing happens where it has ended by itself. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#iterator.return?.();
  }

  #advance(size: number): Uint8Array {
    const piece = this.#chunk.subarray(this.#position, this.#position + size);
    this.#position += piece.length;
    this.#offset += piece.length;
    return piece;
  }

  async #refill(): Promise<boolean> {
    if (this.#ended) return false;
    let step: IteratorResult<Uint8Array>;
    try {
      step = await this.#iterator.next();
    } catch (error) {
      this.#ended = true;
      throw error;
    }
    if (step.done) {
      this.#ended = true;
      return false;
    }
    check(
      isBytes(step.value),
      this.#where,
      () => `expects chunks of type Uint8Array, got ${typeof step.value}`,
    );
    // A plain Uint8Array, for a Node Buffer has a `slice` that does not copy.
    this.#chunk = new Uint8Array(step.value.buffer, step.value.byteOffset, step.value.length);
    this.#position = 0;
    return true;
  }
}

/**
 * Runs `body` on a reader of `source` and closes the source afterwards, also where `body` throws; then the error of
 * `body` wins over one of closing, as in a `for await` loop.
 */
export async function withReader<T>(
  source: ByteSource,
  where: string,
  body: (reader: ByteReader) => Promise<T>,
): Promise<T> {
  const reader = new ByteReader(source, where);
  let result: T;
  try {
    result = await body(reader);
  } catch (error) {
    await reader.close().catch(() => undefined);
    throw error;
  }
  await reader.close();
  return result;
}

/** All bytes of a source. */
export function readAll(source: ByteSource, where: string): Promise<Uint8Array> {
  if (bytesKind.holds(source)) return Promise.resolve(bytesOf(source));
  return withReader(source, where, async (reader) => {
    const bytes = new GrowingBytes(where);
    for (let chunk = await reader.takeChunk(); chunk.length > 0; chunk = await reader.takeChunk())
      bytes.append(chunk);
    return bytes.finish();
  });
}

function openIterator(source: ByteSource, where: string): AsyncIterator<Uint8Array> | Iterator<Uint8Array> {
  if (bytesKind.holds(source)) return [bytesOf(source)][Symbol.iterator]();
  check(
    typeof source === 'object' && source !== null && !ArrayBuffer.isView(source),
    where,
    () =>
      `expects bytes, or an (async) iterable of chunks of them, got ${shown(source)}${adviceForSource(source)}`,
  );
  const iterable: Partial<AsyncIterable<Uint8Array> & Iterable<Uint8Array>> = Object(source);
  const iterator = iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]?.();
  check(
    iterator,
    where,
    () =>
      `expects bytes, or an (async) iterable of Uint8Array chunks, got ${shown(source)}${adviceForSource(source)}`,
  );
  return iterator;
}

function adviceForSource(source: unknown): string {
  if (typeof source === 'string') return '; for a file on disk give createReadStream(path)';
  if (typeof Blob !== 'undefined' && source instanceof Blob)
    return '; give its stream(), or await its arrayBuffer()';
  if (ArrayBuffer.isView(source)) return '; give its bytes: new Uint8Array(data.buffer)';
  const advice = awaited(source);
  return advice === undefined ? '' : `; ${advice}`;
}

/** All bytes as a plain Uint8Array, whichever of the two they came as. */
export function bytesOf(bytes: Uint8Array | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}

// Not `instanceof`: a chunk may come from another realm (a frame, a test runner's sandbox).
const isBytes = (value: unknown): boolean =>
  ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
