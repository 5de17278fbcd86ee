// Folders of pictures (Node only), each named as its class: in train/ and test/, or in one folder that is shared out.

import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { check } from '../../../errors';
import { notice } from '../../../notices';
import { readAll } from '../../bytes';
import type { Dataset } from '../../dataset';
import { partOfSplit } from '../../parts';
import { PictureList, setOfClasses } from '../../picture/list';
import { entriesOf, isFile, isFolder, kindAt } from '../file-kind';
import type { OwnForm } from './forms';

const WHERE = 'loadDataset';
const TRAIN = ['train', 'training', 'Train', 'Training', 'TRAIN'];
const TEST = ['test', 'testing', 'val', 'valid', 'validation', 'Test', 'Testing', 'Val', 'TEST'];
/** Of a folder's entries, how many are looked at for a picture. */
const LOOKED_AT = 5;
const isPicture = (path: string) => ['png', 'jpeg'].includes(kindAt(path) ?? '');
/** What systems leave in folders is no class and no picture: .DS_Store, .ipynb_checkpoints, ._1.png, __MACOSX. */
const LEFT = /^\.|^__MACOSX$|^__pycache__$/;
const visible = (folder: string) => entriesOf(folder).filter((entry) => !LEFT.test(entry));

/** Sub-folders with pictures, by the order of their names: numbers by size. */
function classFolders(folder: string): string[] {
  const names = visible(folder).filter((entry) => {
    const path = join(folder, entry);
    return (
      isFolder(path) &&
      visible(path)
        .slice(0, LOOKED_AT)
        .some((file) => isPicture(join(path, file)))
    );
  });
  return names.every((name) => /^\d+$/.test(name)) ? names.sort((a, b) => Number(a) - Number(b)) : names;
}

/** A class whose pictures are of another kind, or which is empty, would be missing unseen. */
function tellOfOthers(folder: string, classes: readonly string[]): void {
  const others = visible(folder).filter((name) => !classes.includes(name) && isFolder(join(folder, name)));
  if (others.length > 0)
    notice(
      `the folders ${inWords(others)} in ${folder} begin with no PNG or JPEG, and are taken for no classes`,
    );
}

/** Whether a folder is one split of the set around it. */
export const isSplit = (folder: string): boolean => [...TRAIN, ...TEST].includes(basename(folder));

/** The set that lies in a folder so. */
export function picturesIn(folder: string): OwnForm[] {
  const of = (names: readonly string[]) =>
    names.map((name) => join(folder, name)).find((path) => isFolder(path) && classFolders(path).length > 1);
  const train = of(TRAIN);
  const classes = classFolders(train ?? folder);
  if (classes.length < 2) return [];
  const test = train === undefined ? undefined : of(TEST);
  const placeOf = (split: 'train' | 'test') => ({
    from: split === 'train' ? (train ?? folder) : (test ?? train ?? folder),
    isWhole: split === 'train' ? train !== undefined && test !== undefined : test !== undefined,
  });
  const read: OwnForm['read'] = async (split, limit) => {
    const { from, isWhole } = placeOf(split);
    tellOfOthers(from, classes);
    const all = await readClasses(from, classes, isWhole ? limit : undefined);
    return isWhole ? all : partOfSplit(all, split, limit);
  };
  const stream: OwnForm['stream'] = async (split, memory) => {
    const { from, isWhole } = placeOf(split);
    tellOfOthers(from, classes);
    const { streamPictures } = await import('../../stream/node/pictures');
    const files = [...filesInTurn(from, classes, isPicture)];
    const all = await streamPictures(files, setOfClasses(classes), classes, memory);
    return isWhole ? all : partOfSplit(all, split);
  };
  const form = `folders of pictures (${inWords(classes)})`;
  return [{ name: setOfClasses(classes), folder, form, read, stream }];
}

function inWords(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', ');
}

/** A picture's file, and which class it is. */
export interface LabelledPicture {
  readonly path: string;
  readonly label: number;
}

/**
 * One file of each class in turn, so that the first so many are of all.
 * @param isWanted of files, which
 */
function* filesInTurn(
  folder: string,
  classes: readonly string[],
  isWanted: (path: string) => boolean,
): Generator<LabelledPicture> {
  const stranger = classFolders(folder).find((name) => !classes.includes(name));
  check(
    stranger === undefined,
    WHERE,
    () => `${join(folder, stranger!)} holds pictures of a class that the training images do not have`,
  );
  const files = classes.map((name) =>
    visible(join(folder, name)).filter((file) => isFile(join(folder, name, file))),
  );
  let strangers = 0;
  const most = files.reduce((sum, { length }) => Math.max(sum, length), 0);
  try {
    for (let i = 0; i < most; i++)
      for (const [label, name] of classes.entries()) {
        const file = files[label]![i];
        if (file === undefined) continue;
        const path = join(folder, name, file);
        if (isWanted(path)) yield { path, label };
        else strangers++;
      }
  } finally {
    // also where no more are wanted
    if (strangers > 0)
      notice(`${strangers} files in the folders of ${basename(folder)} are no PNG or JPEG, and passed over`);
  }
}

async function readClasses(
  folder: string,
  classes: readonly string[],
  limit: number | undefined,
): Promise<Dataset> {
  const { decodePicture } = await import('../../picture');
  const list = new PictureList();
  for (const { path, label } of filesInTurn(folder, classes, isPicture)) {
    list.add(await decodePicture(WHERE, await readAll(createReadStream(path), WHERE), path), label);
    if (list.length === limit) break;
  }
  return list.finish(WHERE, setOfClasses(classes), classes);
}
