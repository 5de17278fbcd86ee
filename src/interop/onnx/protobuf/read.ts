// Reads messages in protobuf's wire format, field by field (https://protobuf.dev/programming-guides/encoding). What
// the fields mean is the caller's business.

import { SpikegradError } from '../../../errors';

/** One field of a message. */
export interface Field {
  readonly field: number;
  /** A whole number, or a float where the message has four or eight bytes of one. */
  readonly number: number;
  /** Of a text, bytes or a message within; empty for numbers. */
  readonly bytes: Uint8Array;
}

const NONE = new Uint8Array();

/**
 * The fields of a message, in their order.
 * @param where the function that messages name
 * @param from byte of the file at which the message begins
 * @throws with the byte at which it is damaged
 */
export function* fieldsOf(where: string, bytes: Uint8Array, from = bytes.byteOffset): Generator<Field> {
  let at = 0;
  const damaged = (what: string) =>
    new SpikegradError(
      where,
      `byte ${bytes.byteOffset - from + at}: ${what}; this is no ONNX model, or a damaged one`,
    );
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw damaged('the file ends within a number');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw damaged('a number has more than ten bytes');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at)
      throw damaged(`${length} bytes are announced, ${bytes.length - at} are left`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  const view = (length: number) => {
    const part = take(length);
    return new DataView(part.buffer, part.byteOffset, length);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const field = Math.floor(key / 8);
    if (field === 0) throw damaged('a field has the number 0');
    switch (key % 8) {
      case 0:
        yield { field, number: Number(BigInt.asIntN(64, varint())), bytes: NONE };
        break;
      case 1:
        yield { field, number: view(8).getFloat64(0, true), bytes: NONE };
        break;
      case 2:
        yield { field, number: 0, bytes: take(Number(varint())) };
        break;
      case 5:
        yield { field, number: view(4).getFloat32(0, true), bytes: NONE };
        break;
      default:
        throw damaged(`a field is of the unknown kind ${key % 8}`);
    }
  }
}
