// In words, what lies in a folder (Node only) where the data set that is wanted does not: another data set, another
// form of it, pictures, a run; and what to do about it.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type FileKind, kindInWords } from '../../../magic';
import { type FileDatasetName, LAYOUTS, OTHER_FORMS } from '../../layouts';
import { entriesOf, foldersIn, isFolder, kindAt } from '../file-kind';
import { datasetsInside, type FoundDataset, findDatasets } from '.';

/** Entries that are named where nothing is known of them. */
const MOST_NAMED = 4;

/** What lies in a folder, and what to do about it; for people who gave a folder without the data set they meant. */
export function describeFolder(directory: string, wanted?: FileDatasetName): string {
  if (!existsSync(directory)) return `there is no folder ${directory}${tildeAdvice(directory)}`;
  if (!isFolder(directory))
    return `${directory} is a file${formInWords(directory) || kindOf(directory)}; give the folder that holds the files, such as ${dirname(directory)}`;
  const others = findDatasets(directory).filter(({ name }) => name !== wanted);
  if (others.length > 0) return others.map(holds).join(', ');
  const entries = entriesOf(directory);
  const form = [directory, ...entries.map((name) => join(directory, name))].find(
    (path) => formInWords(path) !== '',
  );
  if (form !== undefined) return `${form} is${formInWords(form).slice(1)}`;
  const deeper = datasetsInside(directory);
  if (deeper.length > 0) return `${deeper.map(holds).join(', ')}; give that folder`;
  const inside = foldersIn(directory);
  const further = inside
    .flatMap((folder) => entriesOf(folder).map((name) => join(folder, name)))
    .find((path) => formInWords(path) !== '');
  if (further !== undefined) return `${further} is${formInWords(further).slice(1)}`;
  if (entries.length === 0) return `${directory} is empty`;
  if (entries.includes('metrics.jsonl'))
    return `${directory} is the folder of a run, with its weights and no images`;
  return picturesIn(directory, inside) ?? listed(directory, entries);
}

const holds = ({ name, folder, form }: FoundDataset) =>
  name === 'images' ? `${folder} holds ${form}` : `${folder} holds ${LAYOUTS[name].title} (${name})`;

function listed(directory: string, entries: readonly string[]): string {
  const rest = entries.length - MOST_NAMED;
  const named = entries.slice(0, MOST_NAMED).map((name) => `${name}${kindOf(join(directory, name))}`);
  return `${directory} holds ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const PICTURE: readonly (FileKind | undefined)[] = ['png', 'jpeg', 'gif', 'webp', 'bmp', 'tiff'];

/** Classes as folders of pictures, as many data sets come. */
function picturesIn(directory: string, inside: readonly string[]): string | undefined {
  const kinds = inside.map((folder) => {
    const first = entriesOf(folder)[0];
    return first === undefined ? undefined : kindAt(join(folder, first));
  });
  const kind = kinds.find((each) => PICTURE.includes(each));
  if (kind === undefined || kinds.filter((each) => each === kind).length < 2) return undefined;
  const names = inside.slice(0, MOST_NAMED).map((folder) => basename(folder));
  const more = inside.length > MOST_NAMED ? ', …' : '';
  return `${directory} holds folders of pictures (${names.join(', ')}${more}), the first of them ${kindInWords(kind)}; PNG and JPEG are read: save them as one of these`;
}

/** `, the Python version of …`, with the way out, where a name says that; else nothing. */
function formInWords(path: string): string {
  const form = OTHER_FORMS.find(({ names }) => names.includes(basename(path)));
  if (form === undefined) return '';
  const { what, instead } = form;
  if (instead === undefined) return `, ${what}`;
  const version = instead === 'mnist' ? 'official idx' : 'binary';
  return `, ${what}; the ${version} version is needed: \`spikegrad data download ${instead}\` fetches it`;
}

/** Of which a name says as much as the first bytes. */
const USUAL: readonly (FileKind | undefined)[] = [undefined, 'text', 'json', 'cifar10', 'cifar100'];

/** ` (a PNG picture)`, or nothing. */
function kindOf(path: string): string {
  const kind = kindAt(path);
  return USUAL.includes(kind) ? '' : ` (${kindInWords(kind!)})`;
}

/** `~` is the shell's: in quotes, or behind a =, it stays what it is. */
function tildeAdvice(path: string): string {
  if (!/^~($|[/\\])/.test(path)) return '';
  return `: the shell left ~ as it is; write ${join(homedir(), path.slice(1))}`;
}
