// Which data sets lie in a folder (Node only), and in words what else lies there when the one that is wanted does not.

import { existsSync, readdirSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { FILE_DATASETS, type FileDatasetName, LAYOUTS, OTHER_FORMS } from './layouts';

/** A data set that lies in a folder. */
export interface FoundDataset {
  readonly name: FileDatasetName;
  /** Where its files are: the folder that was searched, or one inside. */
  readonly folder: string;
}

/** The folders in which a data set's files are looked for: `directory`, one of its own there, and its archive's. */
export function foldersOf(name: FileDatasetName, directory: string): string[] {
  const { folder } = LAYOUTS[name];
  const own = join(directory, name);
  return [directory, join(directory, folder), own, join(own, folder)];
}

/** The file of one of these names; a folder of such a name only where there is no file. */
export function findFile(folders: readonly string[], names: readonly string[]): string | undefined {
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find(isFile) ?? paths.find((path) => existsSync(path));
}

/** Undefined where there is nothing, also below what is no folder. */
function lookAt(path: string): Stats | undefined {
  return existsSync(path) ? statSync(path, { throwIfNoEntry: false }) : undefined;
}

const isFile = (path: string) => lookAt(path)?.isFile() ?? false;
const isFolder = (path: string) => lookAt(path)?.isDirectory() ?? false;

/** The data sets of which at least one file lies in a folder, where the readers look. */
export function findDatasets(directory: string): FoundDataset[] {
  return FILE_DATASETS.flatMap((name) => {
    const names = [...LAYOUTS[name].train, ...LAYOUTS[name].test].flat();
    const folder = foldersOf(name, directory).find((path) => names.some((file) => isFile(join(path, file))));
    return folder === undefined ? [] : [{ name, folder }];
  });
}

/** Entries that are named where nothing is known of them, and sub-folders that are looked into. */
const MOST_NAMED = 4;
const MOST_SEARCHED = 100;

/** What lies in a folder, and what to do about it; for people who gave a folder without the data set they meant. */
export function describeFolder(directory: string, wanted?: FileDatasetName): string {
  if (!existsSync(directory)) return `there is no folder ${directory}${tildeAdvice(directory)}`;
  if (!isFolder(directory))
    return `${directory} is a file${formOf(directory)}; give the folder that holds the files, such as ${dirname(directory)}`;
  const others = findDatasets(directory).filter(({ name }) => name !== wanted);
  if (others.length > 0) return others.map(holds).join(', ');
  const entries = entriesOf(directory);
  const form = [directory, ...entries.map((name) => join(directory, name))].find(
    (path) => formOf(path) !== '',
  );
  if (form !== undefined) return `${form} is${formOf(form).slice(1)}`;
  const inside = entries
    .map((name) => join(directory, name))
    .filter(isFolder)
    .slice(0, MOST_SEARCHED);
  const deeper = inside.flatMap(findDatasets);
  if (deeper.length > 0) return `${deeper.map(holds).join(', ')}; give that folder`;
  const further = inside
    .flatMap((folder) => entriesOf(folder).map((name) => join(folder, name)))
    .find((path) => formOf(path) !== '');
  if (further !== undefined) return `${further} is${formOf(further).slice(1)}`;
  if (entries.length === 0) return `${directory} is empty`;
  const rest = entries.length - MOST_NAMED;
  return `${directory} holds ${entries.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const holds = ({ name, folder }: FoundDataset) => `${folder} holds ${LAYOUTS[name].title} (${name})`;

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // of somebody else
  }
}

/** `, the Python version of …`, with the way out, where a name says that; else nothing. */
function formOf(path: string): string {
  const form = OTHER_FORMS.find(({ names }) => names.includes(basename(path)));
  if (form === undefined) return '';
  const { what, instead } = form;
  if (instead === undefined) return `, ${what}`;
  return `, ${what}; the binary version is needed: \`spikegrad data download ${instead}\` fetches it`;
}

/** `~` is the shell's: in quotes, or behind a =, it stays what it is. */
function tildeAdvice(path: string): string {
  if (!/^~($|[/\\])/.test(path)) return '';
  return `: the shell left ~ as it is; write ${join(homedir(), path.slice(1))}`;
}
