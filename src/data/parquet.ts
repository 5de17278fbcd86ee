// Data sets as Hugging Face keeps them: Parquet tables with a column of pictures, each { bytes, path } with PNG or
// JPEG in it, and one of labels. hyparquet reads the table, loaded when one is opened; classes stand in its metadata.

import type * as Library from 'hyparquet/src/index.js';
import { check, SpikegradError } from '../errors';
import { loadZstd } from '../formats/zstd';
import { foreign } from '../magic';
import type { Packed } from './batches/unpack';
import { type ByteSource, readAll } from './bytes';
import type { Dataset } from './dataset';
import { decodePicture } from './picture';
import { PictureList, setOfClasses } from './picture/list';

/** Of a page of a table, unpacked. */
const MOST_PAGE = 2 ** 30;

/** Columns by the names that sets have. */
const LABELS = ['label', 'labels', 'fine_label', 'target', 'class', 'y'];

/** A file of which some bytes are read, as the library takes it. */
export type SlicedFile = Library.AsyncBuffer;

/** Rows of a table. */
export interface TableRows {
  readonly labels: number[];
  /** With the row that each stands in, for messages. */
  readonly pictures: Required<Packed>[];
}

/** A table that is open: its groups of rows, each of which is read as a whole. */
export interface PictureTable {
  readonly groups: readonly { readonly rows: number; readonly bytes: number }[];
  /** The names of the classes, where the table says them. */
  readonly classes: readonly string[] | undefined;
  /** @param most stop after so many rows of the group */
  read(group: number, most?: number): Promise<TableRows>;
  /** Labels alone, of all rows. */
  labels(): Promise<number[]>;
}

/**
 * @param limit stop after so many rows
 * @param classes of the set that the table is a part of; default: what it says itself, or as many as its labels ask for
 */
export async function imagesOfTable(
  source: ByteSource,
  limit: number | undefined,
  where: string,
  classes?: readonly string[],
): Promise<Dataset> {
  const bytes = await readAll(source, where);
  const other = foreign(bytes, 'parquet');
  check(other === undefined, where, () => other!);
  const own = Uint8Array.from(bytes).buffer;
  const file = { byteLength: own.byteLength, slice: (from: number, to?: number) => own.slice(from, to) };
  const table = await openTable(file, where);
  const list = new PictureList();
  for (let group = 0; group < table.groups.length; group++) {
    const most = (limit ?? Number.POSITIVE_INFINITY) - list.length;
    if (most <= 0) break;
    const { labels, pictures } = await table.read(group, most);
    for (const [i, picture] of pictures.entries()) {
      list.add(await decodePicture(where, picture.bytes, picture.name), labels[i]!);
    }
  }
  const known = classes ?? (await classesOfTable(table));
  return list.finish(where, setOfClasses(known), known);
}

/** Named as the table says, or numbered by all of its labels, however many of them are wanted. */
async function classesOfTable(table: PictureTable): Promise<readonly string[]> {
  return table.classes ?? numbered((await table.labels()).reduce((most, label) => Math.max(most, label), 0));
}

/** Names of classes that have none: 0 to the largest label. */
export function numbered(largest: number): string[] {
  return Array.from({ length: largest + 1 }, (_, i) => String(i));
}

/** @throws where it is no table of pictures and labels, or is damaged */
export async function openTable(file: SlicedFile, where: string): Promise<PictureTable> {
  const library = await import('hyparquet/src/index.js'); // the entry for Node asks for its files
  const told = (cause: unknown): never => {
    if (cause instanceof SpikegradError) throw cause;
    throw new SpikegradError(where, `the table is damaged: ${String(cause).slice(0, 200)}`, { cause });
  };
  const table = await tableIn(library, file, where).catch(told);
  return {
    ...table,
    read: (group, most) => table.read(group, most).catch(told),
    labels: () => table.labels().catch(told),
  };
}

async function tableIn(library: typeof Library, file: SlicedFile, where: string): Promise<PictureTable> {
  const metadata = await library.parquetMetadataAsync(file);
  const { children } = library.parquetSchema(metadata);
  const names = children.map(({ element }) => element.name).slice(0, 20);
  const image = children.find((child) => child.children.some(({ element }) => element.name === 'bytes'));
  const label = LABELS.find((name) => names.includes(name));
  check(
    image !== undefined && label !== undefined,
    where,
    () =>
      `the table has the columns ${names.join(', ').slice(0, 300)}; one of pictures ({ bytes, path }) and one of labels (${LABELS.join(', ')}) are expected`,
  );
  checkPacking(metadata, [image!.element.name, label!], where);
  const column = image!.element.name;
  const compressors = await unpackers(library, where);
  const groups = metadata.row_groups.map(({ num_rows, total_byte_size }) => ({
    rows: Number(num_rows),
    bytes: Number(total_byte_size),
  }));
  const rows = async (columns: string[], rowStart: number, rowEnd: number) => {
    const records = await library.parquetReadObjects({
      ...{ file, metadata, columns, rowStart, rowEnd, compressors, utf8: false },
    });
    check(
      records.length === rowEnd - rowStart,
      where,
      () => `the table ends at row ${rowStart + records.length} of ${Number(metadata.num_rows)}`,
    );
    return records;
  };
  const labelIn = (record: Record<string, unknown>, row: number) => {
    const number = Number(record[label!]);
    check(
      Number.isInteger(number) && number >= 0 && number < 256,
      where,
      () =>
        `row ${row} of the table has the label ${String(record[label!]).slice(0, 20)}; labels are numbers of classes, from 0 to 255`,
    );
    return number;
  };
  return {
    groups,
    classes: classesIn(metadata.key_value_metadata, label!),
    // group by group: a part of one costs as much as the whole
    async read(group, most = Number.POSITIVE_INFINITY) {
      const start = groups.slice(0, group).reduce((sum, { rows }) => sum + rows, 0);
      const end = start + Math.min(most, groups[group]!.rows);
      const records = end === start ? [] : await rows([column, label!], start, end);
      const pictures = records.map((record, i) => {
        const content: unknown = (record[column] as { bytes?: unknown } | null)?.bytes;
        check(
          content instanceof Uint8Array,
          where,
          () => `row ${start + i} of the table has no picture in the column ${column}`,
        );
        return { bytes: content, name: `the picture of row ${start + i}` };
      });
      return { labels: records.map((record, i) => labelIn(record, start + i)), pictures };
    },
    async labels() {
      const records = await rows([label!], 0, Number(metadata.num_rows));
      return records.map(labelIn);
    },
  };
}

const PACKINGS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD'];

/** @throws naming how the pages of these columns are packed, where that is not read */
function checkPacking(metadata: Library.FileMetaData, columns: readonly string[], where: string): void {
  for (const { columns: chunks } of metadata.row_groups)
    for (const { meta_data: facts } of chunks)
      check(
        facts === undefined || !columns.includes(facts.path_in_schema[0]!) || PACKINGS.includes(facts.codec),
        where,
        () =>
          `the table is packed with ${facts!.codec}; Snappy, gzip and Zstandard are read: in Python, pyarrow.parquet.write_table(table, 'FILE', compression='zstd')`,
      );
}

/** What pages may be packed with, each held to what it claims. */
async function unpackers(library: typeof Library, where: string) {
  const { gunzipSync } = await import('fflate/browser');
  const zstd = await loadZstd(where);
  const within = (length: number, size: number, ratio: number) =>
    check(
      length <= MOST_PAGE && length <= ratio * size + 1000,
      where,
      () => `a page of the table claims ${length} bytes, packed in ${size}`,
    );
  return {
    SNAPPY(input: Uint8Array, length: number) {
      within(length, input.length, 32); // copies of 64 bytes in 2 or 3
      const out = new Uint8Array(length);
      library.snappyUncompress(input, out);
      return out;
    },
    GZIP(input: Uint8Array, length: number) {
      within(length, input.length, 1032);
      return gunzipSync(input, { out: new Uint8Array(length) });
    },
    ZSTD(input: Uint8Array, length: number) {
      within(length, input.length, 2 ** 16);
      return zstd(input, MOST_PAGE);
    },
  };
}

/** What Hugging Face notes of a column of labels: { info: { features: { label: { names } } } }. */
function classesIn(
  notes: { key: string; value?: string }[] | undefined,
  label: string,
): string[] | undefined {
  const text = notes?.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return undefined;
  try {
    const names: unknown = JSON.parse(text)?.info?.features?.[label]?.names;
    return Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string')
      ? names
      : undefined;
  } catch {
    return undefined;
  }
}
