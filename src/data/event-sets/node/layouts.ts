// Where the files of a data set of events lie (Node only): as their authors give them, as tonic unpacks them, as
// SpikingJelly keeps them (events_np). Names only; nothing is opened but short lists.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { entriesOf, foldersIn, isFile, isFolder } from '../../node/file-kind';
import { EVENT_SET, EVENT_SETS, type EventSetName } from '../sets';

/** A file, and which class all of it is. */
export interface LabelledFile {
  readonly path: string;
  readonly label: number;
}

/** The files of a split. */
export type SplitFiles =
  | { readonly form: 'files'; readonly files: readonly LabelledFile[] }
  /** Sounds: recordings and labels in one file. */
  | { readonly form: 'hdf5'; readonly path: string }
  /** Recordings of AEDAT 3.1 with several gestures each, and a list of them: NAME_labels.csv. */
  | { readonly form: 'trials'; readonly recordings: readonly string[] };

type Split = 'train' | 'test';

/** A folder that holds a data set of events, and how. */
export interface FoundEvents {
  readonly name: EventSetName;
  readonly folder: string;
  /** Undefined where that split is not there. */
  split(which: Split): SplitFiles | undefined;
}

const visible = (folder: string) => entriesOf(folder).filter((entry) => !entry.startsWith('.'));
const within = (folder: string, names: readonly string[]) =>
  names.map((name) => join(folder, name)).find(isFolder);

/** One of each class in turn, so that the first so many are of all. */
export function inTurn(lists: readonly (readonly LabelledFile[])[]): LabelledFile[] {
  const longest = lists.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list[i] ?? [])).flat();
}

/** 2 before 10, whatever stands before the number. */
export function byNumber(a: string, b: string): number {
  const number = (name: string) => Number(/(\d+)\D*$/.exec(name)?.[1] ?? Number.NaN);
  return number(a) - number(b) || (a < b ? -1 : 1);
}

/** Folders named as classes, with files of such an ending. */
function classFiles(folder: string, names: readonly string[], ending: RegExp): LabelledFile[][] {
  return names.map((name, label) =>
    visible(join(folder, name))
      .filter((file) => ending.test(file))
      .sort(byNumber)
      .map((file) => ({ path: join(folder, name, file), label })),
  );
}

const some = (lists: readonly (readonly LabelledFile[])[]) => lists.some(({ length }) => length > 0);

type Look = (folder: string, which: Split) => SplitFiles | undefined;

const NUMBERS = Array.from({ length: 11 }, (_, i) => String(i));
const NAMES = { train: ['Train', 'train'], test: ['Test', 'test'] } as const;

/** Train/3/00001.bin of the archive, train/3/00001.npz of SpikingJelly. */
const nmnist: Look = (folder, which) => {
  const split = within(folder, NAMES[which]);
  if (split === undefined) return undefined;
  const lists = classFiles(split, NUMBERS.slice(0, 10), /\.(bin|npz)$/);
  return some(lists) ? { form: 'files', files: inTurn(lists) } : undefined;
};

/**
 * cat/cifar10_cat_7.aedat of the archive, .aedat4 of tonic, .npz of SpikingJelly: of each class the first tenth tests.
 */
const cifar10dvs: Look = (folder, which) => {
  const lists = classFiles(folder, EVENT_SET['cifar10-dvs'].classes, /\.(aedat4?|npz)$/);
  const parts = lists.map((list) => {
    const tenth = Math.ceil(list.length / 10);
    return which === 'test' ? list.slice(0, tenth) : list.slice(tenth);
  });
  return some(lists) ? { form: 'files', files: inTurn(parts) } : undefined;
};

/** tonic's ibmGestureTrain/user01_led/3.npy, SpikingJelly's train/3/*.npz, the archive's lists of trials. */
const gesture: Look = (folder, which) => {
  const tonic = join(folder, which === 'train' ? 'ibmGestureTrain' : 'ibmGestureTest');
  if (isFolder(tonic)) {
    const lists = NUMBERS.map((name, label) =>
      visible(tonic)
        .map((user) => ({ path: join(tonic, user, `${name}.npy`), label }))
        .filter(({ path }) => isFile(path)),
    );
    if (some(lists)) return { form: 'files', files: inTurn(lists) };
  }
  const split = within(folder, NAMES[which]);
  const lists = split === undefined ? [] : classFiles(split, NUMBERS, /\.npz$/);
  if (some(lists)) return { form: 'files', files: inTurn(lists) };
  const trials = join(folder, `trials_to_${which}.txt`);
  if (!isFile(trials)) return undefined;
  const recordings = readFileSync(trials, 'utf8')
    .split(/\r?\n/)
    .map((line) => basename(line.trim()))
    .filter((line) => line.endsWith('.aedat'))
    .map((line) => join(folder, line));
  return { form: 'trials', recordings };
};

const sounds =
  (name: 'shd' | 'ssc'): Look =>
  (folder, which) => {
    const path = ['h5', 'hdf5'].map((ending) => join(folder, `${name}_${which}.${ending}`)).find(isFile);
    return path === undefined ? undefined : { form: 'hdf5', path };
  };

const LOOKS: Readonly<Record<EventSetName, { readonly look: Look; readonly folders: readonly string[] }>> = {
  nmnist: { look: nmnist, folders: ['NMNIST', 'N-MNIST', 'nmnist', 'events_np', 'extract'] },
  'dvs-gesture': {
    look: gesture,
    folders: ['DVSGesture', 'DvsGesture', 'DVS128Gesture', 'dvs-gesture', 'events_np', 'extract/DvsGesture'],
  },
  'cifar10-dvs': { look: cifar10dvs, folders: ['CIFAR10DVS', 'cifar10-dvs', 'events_np', 'extract'] },
  shd: { look: sounds('shd'), folders: ['SHD', 'shd', 'hsd', 'HSD', 'extract'] },
  ssc: { look: sounds('ssc'), folders: ['SSC', 'ssc', 'hsd', 'HSD', 'extract'] },
};

/** The sets that lie in a folder, in one of the names they have there, or one level further in. */
export function findEvents(directory: string): FoundEvents[] {
  const found = EVENT_SETS.flatMap((name) => foundIn(name, directory));
  if (found.length > 0 || !isFolder(directory)) return found;
  return foldersIn(directory).flatMap((inside) => EVENT_SETS.flatMap((name) => foundIn(name, inside)));
}

function foundIn(name: EventSetName, directory: string): FoundEvents[] {
  const { look, folders } = LOOKS[name];
  const folder = [directory, ...folders.map((each) => join(directory, each))].find(
    (path) => look(path, 'train') !== undefined || look(path, 'test') !== undefined,
  );
  if (folder === undefined) return [];
  return [{ name, folder, split: (which) => look(folder, which) }];
}
