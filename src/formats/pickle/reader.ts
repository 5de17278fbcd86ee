// The bytes of a pickle as pickleparser asks for them, guarded: its own reader goes backwards at a negative length,
// for ever, takes 64-bit numbers that JavaScript does not hold, and replaces letters that are none. Long whole
// numbers, which it takes for positive and refuses from 2^64 on (a seed has more), are read here and handed to it as
// something outside of the pickle.

import { SpikegradError } from '../../errors';

const [LONG1, LONG4, PERSISTENT] = [0x8a, 0x8b, 0x50];
/** Bytes of a whole number; a seed of NumPy's has 16. */
const LONGEST_NUMBER = 1024;

/** A whole number, where a persistent id is expected. */
export class PickledNumber {
  constructor(readonly value: number | bigint) {}
}

/** Structurally pickleparser's reader, which its types do not export. */
export class PickleReader {
  #at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Whether the next byte is an instruction: before each the parser asks whether there is more. */
  #instruction = false;
  /** What the next line is instead. */
  #number: PickledNumber | undefined;

  /** @param where the function that reads, for messages */
  constructor(
    readonly where: string,
    bytes: Uint8Array,
  ) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #damage(why: string): SpikegradError {
    const text = `the pickle is damaged or cut off: ${why} (at byte ${this.#at} of ${this.#bytes.length})`;
    return new SpikegradError(this.where, text);
  }

  /** Where it stands, for messages. */
  get position(): number {
    return this.#at;
  }

  hasNext(): boolean {
    this.#instruction = true;
    return this.#at < this.#bytes.length;
  }

  /** @returns where the skipped bytes began */
  skip(count: number): number {
    if (!(count >= 0)) throw this.#damage(`a length of ${count}`);
    const from = this.#at;
    if (from + count > this.#bytes.length) throw this.#damage(`${count} bytes are wanted behind its end`);
    this.#at += count;
    return from;
  }

  byte(): number {
    const byte = this.#view.getUint8(this.skip(1));
    const isNumber = this.#instruction && (byte === LONG1 || byte === LONG4);
    this.#instruction = false;
    if (!isNumber) return byte;
    this.#number = new PickledNumber(this.#whole(byte === LONG1 ? this.byte() : this.uint32()));
    return PERSISTENT;
  }

  /** A whole number of so many bytes in two's complement, the lowest first. */
  #whole(size: number): number | bigint {
    if (size > LONGEST_NUMBER) throw this.#damage(`a whole number of ${size} bytes`);
    let value = 0n;
    const bytes = this.bytes(size);
    for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    const signed = BigInt.asIntN(8 * size, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  /** A copy, which nothing in the pickle can change the file by. */
  bytes(length: number): Uint8Array {
    const from = this.skip(length);
    return Uint8Array.from(this.#bytes.subarray(from, this.#at));
  }

  uint16(): number {
    return this.#view.getUint16(this.skip(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.skip(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  uint64(): number {
    const value = Number(this.#view.getBigUint64(this.skip(8), true));
    if (!Number.isSafeInteger(value)) throw this.#damage(`a length of ${value}`);
    return value;
  }

  float64(): number {
    return this.#view.getFloat64(this.skip(8), false);
  }

  /**
   * A text. What Python 2 called one ('ascii') is bytes, such as the numbers of an array: where they are no ASCII, or
   * more than any name has, they stay bytes, a copy.
   */
  string(size: number, encoding: 'ascii' | 'utf-8'): string {
    const from = this.skip(size);
    if (encoding === 'ascii' && !isName(this.#bytes.subarray(from, this.#at)))
      return Uint8Array.from(this.#bytes.subarray(from, this.#at)) as unknown as string;
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      this.#bytes.subarray(from, this.#at),
    );
  }

  line(): string {
    const number = this.#number;
    this.#number = undefined;
    if (number !== undefined) return number as unknown as string;
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw this.#damage('a line does not end');
    const text = this.string(end - this.#at, 'utf-8');
    this.#at = end + 1;
    return text;
  }
}

/** Longer texts no name is. */
const LONGEST_NAME = 2 ** 12;

const isName = (bytes: Uint8Array) =>
  bytes.length <= LONGEST_NAME && bytes.every((byte) => byte < 0x80 && byte !== 0);
