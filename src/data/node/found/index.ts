// Which data sets lie in a folder (Node only): in it, in one of the folders that their archives make, or one level
// further down or up. What else lies there is put into words by forms.ts.

import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type FileDatasetName, isFashion, LAYOUTS, OFFICIAL, type OfficialName } from '../../layouts';
import { foldersIn, isFile, isFolder, kindAt } from '../file-kind';
import { ownForms } from '../own/forms';

/** A data set that lies in a folder. */
export interface FoundDataset {
  readonly name: FileDatasetName;
  /** Where its files are: the folder that was searched, or one near it. */
  readonly folder: string;
  /** What its files are, where they are not those of fixed names. */
  readonly form?: string;
}

const namesOf = (name: OfficialName) => [...LAYOUTS[name].train, ...LAYOUTS[name].test].flat();

function usualFolders(name: OfficialName, given: string): string[] {
  // what a file was unpacked into, under its own name: the others lie beside it
  const isFiles = isFolder(given) && namesOf(name).includes(basename(given));
  const directory = isFiles ? dirname(given) : given;
  return [directory, ...LAYOUTS[name].folders.map((folder) => join(directory, folder))];
}

function holds(name: OfficialName, folder: string): boolean {
  if (!isFolder(folder) || !mayHold(name, folder)) return false;
  return namesOf(name).some((file) => isFileOf(join(folder, file)));
}

const mayHold = (name: OfficialName, folder: string) =>
  name === 'mnist' ? !isFashion(folder) : name !== 'fashion-mnist' || isFashion(folder);

/** CIFAR-100's Python version has files that are just called train and test; any other file may be called so, too. */
function isFileOf(path: string): boolean {
  if (!isFile(path)) return false;
  if (basename(path) !== 'train' && basename(path) !== 'test') return true;
  const kind = kindAt(path);
  return kind === 'cifarPython' || kind === 'pickle';
}

/**
 * The folders in which a data set's files are looked for: `directory`, and those of its own and its archive's name
 * there. Where none has a file of it: the one folder inside that has, or the one around.
 */
export function foldersOf(name: OfficialName, directory: string): string[] {
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
  const official = officialIn(directory);
  const others = ownForms(directory, official.length > 0);
  return [...official, ...others.map(({ name, folder, form }) => ({ name, folder, form }))];
}

function officialIn(directory: string): FoundDataset[] {
  return OFFICIAL.flatMap((name) => {
    const folder = foldersOf(name, directory).find((path) => holds(name, path));
    return folder === undefined ? [] : [{ name, folder }];
  });
}

/** All places of all data sets in the folders inside. */
export function datasetsInside(directory: string): FoundDataset[] {
  return foldersIn(directory).flatMap((inside) =>
    OFFICIAL.flatMap((name) =>
      usualFolders(name, inside)
        .filter((folder) => holds(name, folder))
        .map((folder) => ({ name, folder })),
    ),
  );
}
