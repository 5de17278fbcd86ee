// Parquet tables of pictures as a data set whose parts are groups of rows (Node only): of each file no more is read
// than its footer and the group that is wanted.

import { open, stat } from 'node:fs/promises';
import { check, SpikegradError } from '../../../errors';
import { numbered, openTable, type PictureTable, type SlicedFile } from '../../parquet';
import { decodePicture } from '../../picture';
import { normalisationOf, setOfClasses } from '../../picture/list';
import { isGrey, rgbOf } from '../../picture/pixels';
import { type StreamedDataset, streamedDataset } from '../dataset';
import { joined } from '../select';
import { contentOfFiles } from './content';

const WHERE = 'streamDataset';

/** Bytes of a file, which is open only meanwhile. */
async function slicesOf(path: string): Promise<SlicedFile> {
  const { size } = await stat(path);
  return {
    byteLength: size,
    async slice(from, to = size) {
      const file = await open(path);
      try {
        const bytes = new Uint8Array(to - from);
        await file.read(bytes, 0, bytes.length, from);
        return bytes.buffer;
      } finally {
        await file.close();
      }
    },
  };
}

/** A group of rows, and whose. */
interface RowGroup {
  readonly path: string;
  readonly table: PictureTable;
  readonly group: number;
}

/** The classes of a set in several tables: as one of them names them, or numbered by the labels of all. */
export async function classesOfTables(paths: readonly string[], where = WHERE): Promise<readonly string[]> {
  let largest = 0;
  for (const path of paths) {
    const table = await naming(path, async () => openTable(await slicesOf(path), where), where);
    if (table.classes !== undefined) return table.classes;
    for (const label of await naming(path, () => table.labels(), where)) largest = Math.max(largest, label);
  }
  return numbered(largest);
}

/**
 * @param memory bytes
 * @param classes of the whole set
 */
export async function streamTables(
  paths: readonly string[],
  memory: number,
  classes: readonly string[],
): Promise<StreamedDataset> {
  const parts: RowGroup[] = [];
  for (const path of paths) {
    const table = await naming(path, async () => openTable(await slicesOf(path), WHERE));
    const stray = table.groups.findIndex(({ rows, bytes }) => rows > bytes);
    check(
      stray < 0,
      WHERE,
      () =>
        `${path}: the table claims ${table.groups[stray]!.rows} rows in ${table.groups[stray]!.bytes} bytes`,
    );
    for (const group of table.groups.keys())
      if (table.groups[group]!.rows > 0) parts.push({ path, table, group });
  }
  const name = setOfClasses(classes);
  const read = async ({ path, table, group }: RowGroup) =>
    naming(path, async () => {
      const { labels, pictures } = await table.read(group);
      // each in bytes of its own: the library's are parts of a page, which would be held with any of them
      return {
        labels,
        pictures: pictures.map(({ bytes, name: row }) => ({ bytes: bytes.slice(), name: `${path}, ${row}` })),
      };
    });
  const [height, width, channels] = await shapeOf(parts, read);
  return streamedDataset({
    name,
    classes,
    shape: [height, width, channels],
    ...normalisationOf(name, height, channels),
    parts: parts.map(({ table, group }) => table.groups[group]!.rows),
    bytes: parts.map(({ table, group }) => table.groups[group]!.bytes),
    memory,
    content: contentOfFiles(paths),
    async read(wanted) {
      const some = [];
      for (const part of wanted) some.push(await read(parts[part]!));
      return joined(some);
    },
  });
}

/** [height,width,channels] of the first group's first picture; in colour where one of that group is. */
async function shapeOf(
  parts: readonly RowGroup[],
  read: (part: RowGroup) => Promise<{ pictures: { bytes: Uint8Array; name: string }[] }>,
): Promise<[number, number, number]> {
  const [first] = parts;
  if (first === undefined) throw new SpikegradError(WHERE, 'the tables have no row');
  const { pictures } = await read(first);
  const { height, width } = await decodePicture(WHERE, pictures[0]!.bytes, pictures[0]!.name);
  for (const { bytes, name } of pictures.slice(0, 64))
    if (!isGrey(rgbOf(await decodePicture(WHERE, bytes, name)))) return [height, width, 3];
  return [height, width, 1];
}

/** Puts the file's name in front of what is complained about. */
async function naming<T>(path: string, read: () => Promise<T>, where = WHERE): Promise<T> {
  return read().catch((cause: unknown) => {
    const problem = cause instanceof SpikegradError ? cause.problem : String(cause);
    throw new SpikegradError(where, problem.includes(path) ? problem : `${path}: ${problem}`, { cause });
  });
}
