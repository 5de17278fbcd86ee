// Writes messages in protobuf's wire format (https://protobuf.dev/programming-guides/encoding): only the three kinds of
// field that ONNX models need. A message is kept in pieces until the end, so that weights are copied once.

/** Bytes in pieces. */
export interface Pieces {
  readonly length: number;
  readonly parts: readonly Uint8Array[];
}

const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;

function pieces(parts: readonly Uint8Array[]): Pieces {
  return { length: parts.reduce((sum, part) => sum + part.length, 0), parts };
}

/** Seven bits a byte, the lowest first, the top bit says that more follow. Of whole numbers >= 0. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

const key = (field: number, kind: number): Uint8Array => varint(field * 8 + kind);

/** A message of these fields, in their order. */
export function message(...fields: readonly Pieces[]): Pieces {
  return pieces(fields.flatMap(({ parts }) => parts));
}

/** A whole number >= 0. */
export function integerField(field: number, value: number): Pieces {
  return pieces([key(field, VARINT), varint(value)]);
}

export function floatField(field: number, value: number): Pieces {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return pieces([key(field, FIXED32), bytes]);
}

export function bytesField(field: number, value: Uint8Array): Pieces {
  return pieces([key(field, LENGTH), varint(value.length), value]);
}

export function textField(field: number, value: string): Pieces {
  return bytesField(field, new TextEncoder().encode(value));
}

export function messageField(field: number, value: Pieces): Pieces {
  return pieces([key(field, LENGTH), varint(value.length), ...value.parts]);
}

/** All pieces in one array. */
export function joinPieces({ length, parts }: Pieces): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
