// The header of a safetensors file: from its text to a list of tensors whose places have been checked against the
// length of the byte buffer. Trusts nothing that the header says, and touches no tensor data.

import { check, SpikegradError } from '../../errors';
import {
  isSafetensorsDtype,
  isUnreadDtype,
  SAFETENSORS_DTYPES,
  type SafetensorsDtype,
} from '../../formats/dtypes';
import { duplicateKey } from './json-keys';

/** One tensor's line of the header. `begin` and `end` count bytes from the start of the byte buffer. */
export interface TensorPlace {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly places: TensorPlace[];
  readonly metadata: Record<string, string>;
}

const WHERE = 'readSafetensors';

/**
 * Parses and checks a header.
 *
 * @param text the header's JSON
 * @param bufferLength bytes that follow the header; the tensors must cover them without gap or overlap
 */
export function parseHeader(text: string, bufferLength: number): SafetensorsHeader {
  check(text.startsWith('{'), WHERE, () => `the header must start with "{", got ${quote(text.slice(0, 1))}`);
  const header = parseJson(text);
  const places: TensorPlace[] = [];
  let metadata = emptyRecord();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = readMetadata(value);
    else places.push(readPlace(name, value));
  }
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCover(places, bufferLength);
  return { places, metadata };
}

function parseJson(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SpikegradError(WHERE, 'the header is not valid JSON; the file is damaged or of another kind', {
      cause,
    });
  }
  check(isRecord(value), WHERE, 'the header must be a JSON object');
  const twice = duplicateKey(text);
  check(twice === undefined, WHERE, () => `the header holds the key ${quote(twice!)} twice`);
  return value;
}

function readMetadata(value: unknown): Record<string, string> {
  check(isRecord(value), WHERE, '__metadata__ must be an object of strings');
  const metadata = emptyRecord();
  for (const [key, entry] of Object.entries(value)) {
    check(
      typeof entry === 'string',
      WHERE,
      () => `__metadata__ ${quote(key)} must be a string, got ${show(entry)}`,
    );
    check(
      isWellFormed(key) && isWellFormed(entry),
      WHERE,
      () => `__metadata__ ${quote(key)} is not valid Unicode`,
    );
    metadata[key] = entry;
  }
  return metadata;
}

function readPlace(name: string, value: unknown): TensorPlace {
  const of = `tensor ${quote(name)}`;
  check(isWellFormed(name), WHERE, `${of}: the name is not valid Unicode`);
  check(isRecord(value), WHERE, () => `${of} must be an object, got ${show(value)}`);
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  check(
    Array.isArray(offsets) && offsets.length === 2 && offsets.every(isCount),
    WHERE,
    () => `${of}: data_offsets must be two non-negative integers, got ${show(offsets)}`,
  );
  const [begin, end] = offsets as [number, number];
  check(begin <= end, WHERE, () => `${of}: data_offsets [${begin},${end}] end before they begin`);
  const at = `${of} at data_offsets [${begin},${end}]`;
  check(isSafetensorsDtype(dtype), WHERE, () => {
    const read = Object.keys(SAFETENSORS_DTYPES).join(', ');
    return isUnreadDtype(dtype)
      ? `${at}: dtype ${show(dtype)} is not read here, where ${read} are; the file may be whole: widen the tensor before it is saved, in Python tensor.to(torch.float32)`
      : `${at}: dtype ${show(dtype)} is not one of ${read}`;
  });
  check(
    Array.isArray(shape) && shape.every(isCount),
    WHERE,
    () => `${at}: shape must be an array of non-negative integers, got ${show(shape)}`,
  );
  const bytes = elementCount(shape) * SAFETENSORS_DTYPES[dtype].size;
  check(
    bytes === end - begin,
    WHERE,
    () => `${at}: ${dtype} ${show(shape)} takes ${bytes} bytes, the offsets span ${end - begin}`,
  );
  return { name, dtype, shape, begin, end };
}

/** The tensors, sorted by offset, must tile [0, bufferLength): a hole could hide a second file, an overlap an alias. */
function checkCover(places: readonly TensorPlace[], bufferLength: number): void {
  let covered = 0;
  for (const { name, begin, end } of places) {
    const at = `tensor ${quote(name)} at data_offsets [${begin},${end}]`;
    check(
      end <= bufferLength,
      WHERE,
      () => `${at} ends outside the ${bufferLength} bytes of data in the file`,
    );
    check(begin >= covered, WHERE, () => `${at} overlaps the tensor before it, which ends at ${covered}`);
    check(begin === covered, WHERE, () => `${at} leaves a gap after offset ${covered}`);
    covered = end;
  }
  check(
    covered === bufferLength,
    WHERE,
    () =>
      `the tensors end at offset ${covered}, the data at ${bufferLength}; bytes that no tensor owns are refused`,
  );
}

/** Product of a shape; Infinity or inexact beyond 2^53, which then equals no byte range. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
}

/** False where half of a surrogate pair stands alone: UTF-8 has no bytes for it. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** A name fit for an error message, however long or hostile. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

/** A JSON value fit for an error message: never deeper than one level, never long. */
export function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) {
    const head = value.slice(0, 8).map((item) => (isRecord(item) || Array.isArray(item) ? '…' : show(item)));
    return `[${head.join(',')}${value.length > 8 ? ',…' : ''}]`;
  }
  return isRecord(value) ? 'an object' : String(value);
}

/** A record without a prototype, so that a key such as `__proto__` is a key like any other. */
export function emptyRecord(): Record<string, string> {
  return Object.create(null);
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
