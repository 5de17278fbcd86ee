// Data sets as Hugging Face keeps them: Parquet tables with a column of pictures, each { bytes, path } with PNG or
// JPEG in it, and one of labels. hyparquet reads the table, loaded when one is opened; classes stand in its metadata.

import type * as Library from 'hyparquet/src/index.js';
import { check, SpikegradError } from '../errors';
import { loadZstd } from '../formats/zstd';
import { foreign } from '../magic';
import { type ByteSource, readAll } from './bytes';
import type { Dataset } from './dataset';
import { decodePicture } from './picture';
import { PictureList, setOfClasses } from './picture/list';

/** Of a page of a table, unpacked. */
const MOST_PAGE = 2 ** 30;

/** Columns by the names that sets have. */
const LABELS = ['label', 'labels', 'fine_label', 'target', 'class', 'y'];

/** @param limit stop after so many rows */
export async function imagesOfTable(
  source: ByteSource,
  limit: number | undefined,
  where: string,
): Promise<Dataset> {
  const bytes = await readAll(source, where);
  const other = foreign(bytes, 'parquet');
  check(other === undefined, where, () => other!);
  const library = await import('hyparquet/src/index.js'); // the entry for Node asks for its files
  try {
    return await readTable(library, bytes, limit, where);
  } catch (cause) {
    if (cause instanceof SpikegradError) throw cause;
    throw new SpikegradError(where, `the table is damaged: ${String(cause).slice(0, 200)}`, { cause });
  }
}

async function readTable(
  library: typeof Library,
  bytes: Uint8Array,
  limit: number | undefined,
  where: string,
): Promise<Dataset> {
  const own = Uint8Array.from(bytes).buffer;
  const file = { byteLength: own.byteLength, slice: (from: number, to?: number) => own.slice(from, to) };
  const metadata = library.parquetMetadata(own);
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
  const rows = Math.min(Number(metadata.num_rows), limit ?? Number.POSITIVE_INFINITY);
  const list = new PictureList();
  const compressors = await unpackers(library, where);
  let largest = 0;
  // group by group: a part of one costs as much as the whole
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = Math.min(rows, rowStart + Number(num_rows));
    if (rowEnd <= rowStart) continue;
    const read = { file, metadata, columns: [column, label!], rowStart, rowEnd, compressors, utf8: false };
    const records = await library.parquetReadObjects(read);
    check(
      records.length === rowEnd - rowStart,
      where,
      () => `the table ends at row ${rowStart + records.length} of ${rows}`,
    );
    for (const [i, record] of records.entries()) {
      const content: unknown = (record[column] as { bytes?: unknown } | null)?.bytes;
      const number = Number(record[label!]);
      check(
        content instanceof Uint8Array,
        where,
        () => `row ${rowStart + i} of the table has no picture in the column ${column}`,
      );
      check(
        Number.isInteger(number) && number >= 0 && number < 256,
        where,
        () =>
          `row ${rowStart + i} of the table has the label ${String(record[label!]).slice(0, 20)}; labels are numbers of classes, from 0 to 255`,
      );
      largest = Math.max(largest, number);
      list.add(
        await decodePicture(where, content as Uint8Array, `the picture of row ${rowStart + i}`),
        number,
      );
    }
    rowStart = rowEnd;
  }
  const said = classesIn(metadata.key_value_metadata, label!);
  const classes = said ?? Array.from({ length: largest + 1 }, (_, i) => String(i));
  return list.finish(where, setOfClasses(classes), classes);
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
