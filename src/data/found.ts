// Which data sets lie in a folder (Node only): in it, in one of the folders that their archives make, or one level further
// down or up. What else lies there is put into words by found-forms.ts.

import { existsSync, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FILE_DATASETS, type FileDatasetName, LAYOUTS } from './layouts';

/** A data set that lies in a folder. */
export interface FoundDataset {
  readonly name: FileDatasetName;
  /** Where its files are: the folder that was searched, or one near it. */
  readonly folder: string;
}

/** Undefined where there is nothing, also below what is no folder. */
function lookAt(path: string): Stats | undefined {
  return existsSync(path) ? statSync(path, { throwIfNoEntry: false }) : undefined;
}

export const isFile = (path: string) => lookAt(path)?.isFile() ?? false;
export const isFolder = (path: string) => lookAt(path)?.isDirectory() ?? false;

/** What is in a folder, in order of the names; nothing in one of somebody else. */
export function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Sub-folders that are looked into. */
const MOST_SEARCHED = 100;

export function foldersIn(directory: string): string[] {
  return entriesOf(directory)
    .map((name) => join(directory, name))
    .filter(isFolder)
    .slice(0, MOST_SEARCHED);
}

const namesOf = (name: FileDatasetName) => [...LAYOUTS[name].train, ...LAYOUTS[name].test].flat();

function usualFolders(name: FileDatasetName, given: string): string[] {
  // what a file was unpacked into, under its own name: the others lie beside it
  const isFiles = isFolder(given) && namesOf(name).includes(basename(given));
  const directory = isFiles ? dirname(given) : given;
  return [directory, ...LAYOUTS[name].folders.map((folder) => join(directory, folder))];
}

function holds(name: FileDatasetName, folder: string): boolean {
  if (!isFolder(folder)) return false;
  return namesOf(name).some((file) => isFile(join(folder, file)));
}

/**
 * The folders in which a data set's files are looked for: `directory`, and those of its own and its archive's name there.
 * Where none has a file of it: the one folder inside that has, or the one around.
 */
export function foldersOf(name: FileDatasetName, directory: string): string[] {
  const usual = usualFolders(name, directory);
  if (!isFolder(directory) || usual.some((folder) => holds(name, folder))) return usual;
  const inside = foldersIn(directory)
    .flatMap((folder) => usualFolders(name, folder))
    .filter((folder) => holds(name, folder));
  if (inside.length > 0) return inside.length === 1 ? inside : usual;
  const around = dirname(directory);
  return holds(name, around) ? [around] : usual;
}

/** The file of one of these names; a folder of such a name only where there is no file. */
export function findFile(folders: readonly string[], names: readonly string[]): string | undefined {
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find(isFile) ?? paths.find((path) => existsSync(path));
}

/** The data sets of which at least one file lies in a folder, where the readers look. */
export function findDatasets(directory: string): FoundDataset[] {
  return FILE_DATASETS.flatMap((name) => {
    const folder = foldersOf(name, directory).find((path) => holds(name, path));
    return folder === undefined ? [] : [{ name, folder }];
  });
}

/** All places of all data sets in the folders inside. */
export function datasetsInside(directory: string): FoundDataset[] {
  return foldersIn(directory).flatMap((inside) =>
    FILE_DATASETS.flatMap((name) =>
      usualFolders(name, inside)
        .filter((folder) => holds(name, folder))
        .map((folder) => ({ name, folder })),
    ),
  );
}
