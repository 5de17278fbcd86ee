// Reads and writes safetensors, the file format of Hugging Face for named tensors: an 8-byte little-endian header
// length, a JSON header, then the tensors' bytes. Works on bytes, in a browser as in Node; knows nothing of modules,
// layouts or files on disk. Format: https://github.com/huggingface/safetensors#format

import { check, SpikegradError } from '../../errors';
import {
  SAFETENSORS_DTYPES,
  type SafetensorsArrays,
  type SafetensorsDtype,
  type SafetensorsEntry,
} from '../../formats/dtypes';
import { foreign } from '../../magic';
import { aRecord, bytesKind, checkKind } from '../../options';
import { checkedEntries, type NamedEntry } from '../entries';
import {
  elementCount,
  emptyRecord,
  isWellFormed,
  parseHeader,
  quote,
  show,
  type TensorPlace,
} from './header';

export type { SafetensorsArrays, SafetensorsDtype, SafetensorsEntry } from '../../formats/dtypes';

/** What a safetensors file holds. */
export interface SafetensorsFile {
  /** In the order of their bytes in the file. */
  readonly tensors: Map<string, SafetensorsEntry>;
  /** `__metadata__` of the header; a record without a prototype. */
  readonly metadata: Record<string, string>;
}

/** The reference implementation's limit on a header, in bytes. */
const MAX_HEADER = 100_000_000;
const LENGTH_BYTES = 8;
/** `{`, with which a header begins. */
const BRACE = 0x7b;

/**
 * Reads a safetensors file. The arrays are copies: they neither change nor keep alive `bytes`. F16 and BF16 are widened
 * to f32; a BOOL's bytes are taken as they are. Integers beyond 2^53 in a header are refused.
 *
 * @throws SpikegradError where the header is damaged, names a tensor twice, or does not tile the data exactly. Memory
 *   is taken only for bytes that are there, whatever the header claims.
 */
export function readSafetensors(file: Uint8Array | ArrayBuffer): SafetensorsFile {
  const where = 'readSafetensors';
  checkLittleEndian(where);
  checkKind(where, 'file', bytesKind, file);
  const bytes = ArrayBuffer.isView(file) ? file : new Uint8Array(file);
  check(
    bytes.length >= LENGTH_BYTES,
    where,
    () =>
      `got ${bytes.length} bytes${bytes.length === 0 ? ', an empty file' : ''}; a safetensors file starts with an 8-byte header length`,
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const declared = view.getBigUint64(0, true);
  const other = bytes[LENGTH_BYTES] === BRACE ? undefined : foreign(bytes, 'safetensors');
  check(other === undefined, where, () => other!);
  check(
    declared <= MAX_HEADER,
    where,
    () =>
      `header length ${declared} is over the limit of ${MAX_HEADER} bytes; this is no safetensors file, or its beginning is damaged`,
  );
  const dataStart = LENGTH_BYTES + Number(declared);
  check(
    dataStart <= bytes.length,
    where,
    () => `header length ${declared} reaches beyond the file of ${bytes.length} bytes; the file is cut off`,
  );
  const { places, metadata } = parseHeader(
    decodeUtf8(copy(bytes, LENGTH_BYTES, dataStart)),
    bytes.length - dataStart,
  );
  const tensors = new Map<string, SafetensorsEntry>();
  for (const place of places) tensors.set(place.name, readEntry(bytes, dataStart, place));
  return { tensors, metadata };
}

function readEntry(bytes: Uint8Array, dataStart: number, place: TensorPlace): SafetensorsEntry {
  const { dtype, shape, begin, end } = place;
  const data = SAFETENSORS_DTYPES[dtype].decode(copy(bytes, dataStart + begin, dataStart + end).buffer);
  return { dtype, shape, data } as SafetensorsEntry;
}

/** A copy at offset 0 of its own buffer. Not `slice`, which a Node Buffer overrides with a view of itself. */
function copy(bytes: Uint8Array, begin: number, end: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(end - begin);
  out.set(bytes.subarray(begin, end));
  return out;
}

function decodeUtf8(header: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch (cause) {
    throw new SpikegradError('readSafetensors', 'the header is not valid UTF-8; the file is damaged', {
      cause,
    });
  }
}

/**
 * Writes a safetensors file. The same tensors give the same bytes whatever order they come in: as in the reference
 * implementation they are sorted by dtype, widest first (U64 I64 F64 F32 U32 I32 BF16 F16 U16 I16 I8 U8 BOOL), then by
 * name in the order of code points, and the header is padded with spaces to 8 bytes, so that every tensor lies aligned.
 * Metadata is sorted by key; empty metadata is left out. F16 and BF16 are rounded to nearest, ties to even.
 *
 * @throws SpikegradError for a name given twice or `__metadata__`, a name or metadata that is not valid Unicode, or
 *   data that is not of its dtype's array type and its shape's length
 */
export function writeSafetensors(
  tensors: Iterable<readonly [string, SafetensorsEntry]>,
  metadata: Readonly<Record<string, string>> = emptyRecord(),
): Uint8Array<ArrayBuffer> {
  const where = 'writeSafetensors';
  checkLittleEndian(where);
  checkKind(where, 'metadata', aRecord, metadata);
  const entries = inOrder(where, checkedEntries(where, tensors));
  const parts: string[] = [];
  const meta = metadataJson(metadata, where);
  if (meta) parts.push(`"__metadata__":${meta}`);
  let offset = 0;
  const places = entries.map(([name, entry]) => {
    const begin = offset;
    offset += elementCount(entry.shape) * SAFETENSORS_DTYPES[entry.dtype].size;
    // Built by hand: an object would move names such as "7" to the front and lose `__proto__`.
    parts.push(
      `${JSON.stringify(name)}:{"dtype":"${entry.dtype}","shape":[${entry.shape.join(',')}],"data_offsets":[${begin},${offset}]}`,
    );
    return begin;
  });

  const json = new TextEncoder().encode(`{${parts.join(',')}}`);
  const headerLength = Math.ceil(json.length / 8) * 8;
  check(
    headerLength <= MAX_HEADER,
    where,
    () => `the header takes ${headerLength} bytes, the limit is ${MAX_HEADER}`,
  );
  const dataStart = LENGTH_BYTES + headerLength;
  const out = new Uint8Array(dataStart + offset);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerLength), true);
  out.set(json, LENGTH_BYTES);
  out.fill(0x20, LENGTH_BYTES + json.length, dataStart);
  entries.forEach(([, entry], i) => {
    out.set(encode(entry.dtype, entry.data), dataStart + places[i]!);
  });
  return out;
}

/** The bytes of an entry as they stand in a file. */
function encode<D extends SafetensorsDtype>(dtype: D, data: SafetensorsArrays[D]): Uint8Array {
  const { buffer, byteOffset, byteLength } = SAFETENSORS_DTYPES[dtype].encode(data);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** As the reference implementation has them. */
function inOrder(where: string, entries: NamedEntry[]): NamedEntry[] {
  const isTaken = entries.some(([name]) => name === '__metadata__');
  check(!isTaken, where, 'the name __metadata__ is taken by the format; choose another');
  const rank = Object.keys(SAFETENSORS_DTYPES);
  return entries.sort(
    ([aName, a], [bName, b]) => rank.indexOf(a.dtype) - rank.indexOf(b.dtype) || byCodePoint(aName, bName),
  );
}

function metadataJson(metadata: Readonly<Record<string, string>>, where: string): string | undefined {
  const pairs = Object.entries(metadata).sort(([a], [b]) => byCodePoint(a, b));
  for (const [key, value] of pairs) {
    check(
      typeof value === 'string',
      where,
      () => `metadata ${quote(key)} must be a string, got ${show(value)}`,
    );
    check(
      isWellFormed(key) && isWellFormed(value),
      where,
      () => `metadata ${quote(key)} is not valid Unicode`,
    );
  }
  if (pairs.length === 0) return undefined;
  return `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
}

/** Code point order, which is the byte order of UTF-8; `<` on strings puts U+10000 before U+E000. */
function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  if (i === length) return a.length - b.length;
  // The first difference may be in the second half of a pair, where comparing code units is right as well.
  return a.codePointAt(i)! - b.codePointAt(i)!;
}

function checkLittleEndian(where: string): void {
  const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  check(
    little,
    where,
    'typed arrays are big-endian on this machine; only little-endian machines are supported',
  );
}
