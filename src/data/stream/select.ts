// Some records of a data set that is read in parts: the parts that hold them are read, the others of those dropped.

import { isSingle, type StreamedDataset, type StreamedRecords } from './dataset';

/** @param records their numbers, in rising order */
export function selectRecords(stream: StreamedDataset, records: Uint32Array): StreamedDataset {
  const { sizes, bytes, content } = stream;
  const parts: number[] = [];
  const rows: number[][] = [];
  if (isSingle(stream)) parts.push(...records);
  else
    for (let part = 0, start = 0, next = 0; part < sizes.length; start += sizes[part++]!) {
      const own: number[] = [];
      while (next < records.length && records[next]! < start + sizes[part]!)
        own.push(records[next++]! - start);
      if (own.length === 0) continue;
      parts.push(part);
      rows.push(own);
    }
  const isWhole = (part: number) => rows[part] === undefined || rows[part]!.length === sizes[parts[part]!];
  return {
    ...stream,
    length: records.length,
    sizes: Uint32Array.from(parts, (_, part) => rows[part]?.length ?? 1),
    bytes: Float64Array.from(parts, (part) => bytes[part]!),
    content: `${content}, ${records.length} of them`,
    async read(wanted) {
      if (wanted.every(isWhole)) return stream.read(wanted.map((part) => parts[part]!));
      const some: StreamedRecords[] = [];
      for (const part of wanted) some.push(picked(await stream.read([parts[part]!]), rows[part]!));
      return joined(some);
    },
  };
}

/** @param rows which of them */
function picked({ labels, values, pictures }: StreamedRecords, rows: readonly number[]): StreamedRecords {
  const size = values === undefined ? 0 : values.length / labels.length;
  return {
    labels: rows.map((row) => labels[row]!),
    ...(pictures !== undefined && { pictures: rows.map((row) => pictures[row]!) }),
    ...(values !== undefined && {
      values: concatenated(rows.map((row) => values.subarray(row * size, (row + 1) * size))),
    }),
  };
}

/** The records of several readings, one behind the other. */
export function joined(some: readonly StreamedRecords[]): StreamedRecords {
  const [first] = some;
  if (some.length === 1) return first!;
  return {
    labels: some.flatMap(({ labels }) => Array.from(labels)),
    ...(first!.pictures !== undefined && { pictures: some.flatMap(({ pictures }) => pictures!) }),
    ...(first!.values !== undefined && { values: concatenated(some.map(({ values }) => values!)) }),
  };
}

function concatenated<A extends Uint8Array | Float32Array>(pieces: readonly A[]): A {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const all = new (pieces[0]!.constructor as new (length: number) => A)(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
