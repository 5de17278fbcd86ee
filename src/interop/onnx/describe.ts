// What an ONNX model says of itself: who made it, what goes in and comes out, which operators it has, and its
// metadata. Its weights are counted, not read.

import { check } from '../../errors';
import { bytesKind, checkKind } from '../../options';
import { decodeMetadata, type ModelMetadata } from '../metadata';
import { fieldsOf } from './protobuf/read';

const WHERE = 'describeOnnx';

/** An input or output: a length is a number, or a name where it is open. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** What {@link describeOnnx} gives. */
export interface OnnxDescription {
  readonly producer: string;
  /** Version of the operators. */
  readonly opset: number;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** How often each operator is there, the most frequent first. */
  readonly operators: readonly { readonly name: string; readonly count: number }[];
  /** Numbers that the model holds. */
  readonly parameters: number;
  /** Its texts by key. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Of these what this library understands: classes, mean and deviation, the shape of an image [H,W,C]. */
  readonly images: ModelMetadata;
}

const decoder = new TextDecoder();

/**
 * What an ONNX model says of itself, of this or another tool.
 * @throws with the byte at which it is damaged
 */
export function describeOnnx(bytes: Uint8Array | ArrayBuffer): OnnxDescription {
  checkKind(WHERE, 'bytes', bytesKind, bytes);
  const file = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  const fields = (part: Uint8Array) => fieldsOf(WHERE, part, file.byteOffset);
  const text = (part: Uint8Array) => decoder.decode(part);
  const metadata: Record<string, string> = Object.create(null) as Record<string, string>;
  let [producer, opset] = ['', 0];
  let graph: Uint8Array | undefined;
  for (const { field, bytes: part } of fields(file)) {
    if (field === 2) producer = text(part);
    else if (field === 7) graph = part;
    else if (field === 8) {
      const { domain, version } = operatorSet(fields(part));
      if (domain === '') opset = version;
    } else if (field === 14) {
      const [key, value] = pairOf(fields(part));
      metadata[key] = value;
    }
  }
  check(
    graph !== undefined,
    WHERE,
    `byte ${file.length}: the file ends without a graph; is it an ONNX model?`,
  );
  const constants = new Set<string>();
  const counts = new Map<string, number>();
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  let parameters = 0;
  for (const { field, bytes: part } of fields(graph)) {
    if (field === 1) {
      const name = [...fields(part)].find((one) => one.field === 4);
      const operator = name === undefined ? '' : text(name.bytes);
      counts.set(operator, (counts.get(operator) ?? 0) + 1);
    } else if (field === 5) {
      const { name, size } = tensorOf(part, fields);
      constants.add(name);
      parameters += size;
    } else if (field === 11) inputs.push(ioOf(part, fields));
    else if (field === 12) outputs.push(ioOf(part, fields));
  }
  const operators = [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
  return {
    producer,
    opset,
    inputs: inputs.filter(({ name }) => !constants.has(name)), // older models list their weights there too
    outputs,
    operators,
    parameters,
    metadata: { ...metadata },
    images: producer === 'spikegrad' ? decodeMetadata(WHERE, metadata) : {},
  };
}

type Fields = (part: Uint8Array) => ReturnType<typeof fieldsOf>;

function operatorSet(fields: ReturnType<typeof fieldsOf>): { domain: string; version: number } {
  let [domain, version] = ['', 0];
  for (const { field, number, bytes } of fields) {
    if (field === 1) domain = decoder.decode(bytes);
    if (field === 2) version = number;
  }
  return { domain, version };
}

function pairOf(fields: ReturnType<typeof fieldsOf>): [string, string] {
  const found = ['', ''] as [string, string];
  for (const { field, bytes } of fields)
    if (field === 1 || field === 2) found[field - 1] = decoder.decode(bytes);
  return found;
}

/** A tensor's name and how many numbers it has; lengths stand one by one, or packed. */
function tensorOf(part: Uint8Array, fields: Fields): { name: string; size: number } {
  let [name, size] = ['', 1];
  for (const { field, number, bytes } of fields(part)) {
    if (field === 1) for (const length of bytes.length === 0 ? [number] : packed(bytes)) size *= length;
    if (field === 8) name = decoder.decode(bytes);
  }
  return { name, size };
}

/** Small whole numbers one after another. */
function packed(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let [value, place] = [0, 1];
  for (const byte of bytes) {
    value += (byte & 127) * place;
    place *= 128;
    if (byte < 128) {
      values.push(value);
      [value, place] = [0, 1];
    }
  }
  return values;
}

/** name, type { tensor_type { shape { dim { value, or name } } } } */
function ioOf(part: Uint8Array, fields: Fields): OnnxValue {
  let name = '';
  const shape: (number | string)[] = [];
  for (const { field, bytes } of fields(part)) {
    if (field === 1) name = decoder.decode(bytes);
    if (field !== 2) continue;
    for (const dimension of [bytes]
      .flatMap(within(fields, 1))
      .flatMap(within(fields, 2))
      .flatMap(within(fields, 1))) {
      const [length] = [...fields(dimension)];
      shape.push(
        length === undefined ? '?' : length.field === 2 ? decoder.decode(length.bytes) : length.number,
      );
    }
  }
  return { name, shape };
}

const within = (fields: Fields, wanted: number) => (part: Uint8Array) =>
  [...fields(part)].filter(({ field }) => field === wanted).map(({ bytes }) => bytes);
