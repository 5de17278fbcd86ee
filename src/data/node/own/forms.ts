// Images in other forms than their official files (Node only): Parquet tables, one .npz, folders of pictures that are
// named as their classes. What lies where is found here, by names and first bytes; the readers open it.

import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ByteSource } from '../../bytes';
import type { Dataset } from '../../dataset';
import type { FileDatasetName } from '../../layouts';
import { concatDatasets, partOfSplit } from '../../parts';
import { setOfClasses } from '../../picture/list';
import type { StreamedDataset } from '../../stream/dataset';
import { entriesOf, foldersIn, isFile, isFolder, kindAt } from '../file-kind';
import { isSplit, picturesIn } from './pictures';

/** Images that lie somewhere. */
export interface OwnForm {
  readonly name: FileDatasetName;
  /** The folder or the file. */
  readonly folder: string;
  /** In words: `a Parquet table`. */
  readonly form: string;
  read(split: 'train' | 'test', limit: number | undefined): Promise<Dataset>;
  /** To be read in parts, of which no more than `memory` bytes are held. */
  stream(split: 'train' | 'test', memory: number): Promise<StreamedDataset>;
}

const CHUNK = 2 ** 18;
export const stream = (path: string): ByteSource => createReadStream(path, { highWaterMark: CHUNK });

/** @param shallow whether not to look into the folders inside */
export function ownForms(path: string, shallow: boolean): OwnForm[] {
  if (isFile(path)) return formOfFile(path);
  if (!isFolder(path)) return [];
  const here = formsIn(path);
  if (here.length > 0 || shallow) return here;
  // test images alone are no set to train on, whatever is wrong with the others
  return foldersIn(path)
    .filter((folder) => !isSplit(folder))
    .flatMap(formsIn);
}

function formsIn(folder: string): OwnForm[] {
  const tables = tablesOf(
    folder,
    entriesOf(folder).filter((entry) => entry.endsWith('.parquet')),
  );
  const arrays = entriesOf(folder)
    .filter((entry) => entry.endsWith('.npz'))
    .flatMap((entry) => formOfFile(join(folder, entry)));
  return [...tables, ...arrays, ...picturesIn(folder)];
}

function formOfFile(path: string): OwnForm[] {
  if (path.endsWith('.parquet')) return tablesOf(path, ['']);
  if (!path.endsWith('.npz') || kindAt(path) !== 'npz') return [];
  const name = setOfName(basename(path));
  return [
    {
      name,
      folder: path,
      form: 'images and labels in a .npz',
      async read(split, limit) {
        const { readImageArrays } = await import('../../images');
        return readImageArrays(stream(path), { split, limit, name });
      },
      async stream(split, memory) {
        const { streamArrays } = await import('../../stream/node/arrays');
        return streamArrays(path, split, name, memory);
      },
    },
  ];
}

/** The public set that a file is called after. */
function setOfName(file: string): FileDatasetName {
  if (/fashion/i.test(file)) return 'fashion-mnist';
  if (/^mnist/i.test(file)) return 'mnist';
  if (/cifar[-_]?100/i.test(file)) return 'cifar100';
  return /cifar[-_]?10/i.test(file) ? 'cifar10' : 'images';
}

const TEST = /test|valid/i;

/** Tables of one folder are the parts of one set: train-00000-of-00002.parquet. */
function tablesOf(folder: string, entries: readonly string[]): OwnForm[] {
  const paths = entries.map((entry) => join(folder, entry)).filter((path) => kindAt(path) === 'parquet');
  if (paths.length === 0) return [];
  const isTest = (path: string) => TEST.test(basename(path));
  const ofSplit = (split: 'train' | 'test') => paths.filter((path) => isTest(path) === (split === 'test'));
  const both = paths.some(isTest) && !paths.every(isTest);
  const name = setOfClasses(classesIn(paths[0]!)) as FileDatasetName;
  const read: OwnForm['read'] = async (split, limit) => {
    const { imagesOfTable } = await import('../../parquet');
    const { classesOfTables } = await import('../../stream/node/tables');
    const classes = await classesOfTables(paths, 'loadDataset');
    const parts: Dataset[] = [];
    let left = limit ?? Number.POSITIVE_INFINITY;
    for (const path of both ? ofSplit(split) : paths) {
      if (left <= 0) break;
      const most = both && limit !== undefined ? left : undefined;
      const part = await imagesOfTable(stream(path), most, 'loadDataset', classes);
      left -= both ? part.length : 0;
      parts.push(part);
    }
    const all = concatDatasets(parts);
    return both ? all : partOfSplit(all, split, limit);
  };
  const inParts: OwnForm['stream'] = async (split, memory) => {
    const { classesOfTables, streamTables } = await import('../../stream/node/tables');
    const all = await streamTables(both ? ofSplit(split) : paths, memory, await classesOfTables(paths));
    return both ? all : partOfSplit(all, split);
  };
  return [{ name, folder, form: `Parquet tables of pictures`, read, stream: inParts }];
}

const MOST_FOOTER = 2 ** 24;

/** The names of classes that Hugging Face notes at the end of a table, of several columns the longest. */
function classesIn(path: string): string[] {
  const { size } = statSync(path);
  const tail = new Uint8Array(Math.min(size, MOST_FOOTER));
  const file = openSync(path, 'r');
  try {
    readSync(file, tail, 0, tail.length, size - tail.length);
  } finally {
    closeSync(file);
  }
  const view = new DataView(tail.buffer);
  const length = tail.length < 12 ? 0 : view.getUint32(tail.length - 8, true);
  const text = new TextDecoder().decode(tail.subarray(Math.max(0, tail.length - 8 - length)));
  const lists = [...text.matchAll(/"names":\s*(\[[^\]]*\])/g)].map(([, list]) => parsed(list!));
  return lists.sort((a, b) => b.length - a.length)[0] ?? [];
}

function parsed(list: string): string[] {
  try {
    return (JSON.parse(list) as unknown[]).map(String);
  } catch {
    return [];
  }
}
