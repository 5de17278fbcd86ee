// Folders of pictures (Node only), each named as its class: in train/ and test/, or in one folder that is shared out.

import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { check } from '../../../errors';
import { notice } from '../../../notices';
import { readAll } from '../../bytes';
import type { Dataset } from '../../dataset';
import { split as shareOut, take } from '../../parts';
import { PictureList, setOfClasses } from '../../picture/list';
import { entriesOf, isFile, isFolder, kindAt } from '../file-kind';
import type { OwnForm } from './forms';

const WHERE = 'loadDataset';
const TRAIN = ['train', 'training', 'Train', 'Training', 'TRAIN'];
const TEST = ['test', 'testing', 'val', 'valid', 'validation', 'Test', 'Testing', 'Val', 'TEST'];
/** Of a folder's entries, how many are looked at for a picture. */
const LOOKED_AT = 5;
const SHARE_OF_TEST = 0.2;

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

/** The set that lies in a folder so. */
export function picturesIn(folder: string): OwnForm[] {
  const of = (names: readonly string[]) =>
    names.map((name) => join(folder, name)).find((path) => isFolder(path) && classFolders(path).length > 1);
  const train = of(TRAIN);
  const classes = classFolders(train ?? folder);
  if (classes.length < 2) return [];
  const test = train === undefined ? undefined : of(TEST);
  const read: OwnForm['read'] = async (split, limit) => {
    const from = split === 'train' ? (train ?? folder) : (test ?? train ?? folder);
    const isWhole = split === 'train' ? train !== undefined && test !== undefined : test !== undefined;
    const all = await readClasses(from, classes, isWhole ? limit : undefined);
    return isWhole ? all : shareOf(all, split, limit);
  };
  return [{ name: setOfClasses(classes), folder, form: `folders of pictures (${inWords(classes)})`, read }];
}

function inWords(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', ');
}

/** A split of a set that has none: 4 to 1, the same way each time. */
export function shareOf(all: Dataset, split: 'train' | 'test', limit: number | undefined): Dataset {
  const part = shareOut(all, SHARE_OF_TEST, 0)[split === 'train' ? 0 : 1];
  return limit === undefined ? part : take(part, limit);
}

/** One picture of each class in turn, so that the first so many are of all. */
async function readClasses(
  folder: string,
  classes: readonly string[],
  limit: number | undefined,
): Promise<Dataset> {
  const { decodePicture } = await import('../../picture');
  const stranger = classFolders(folder).find((name) => !classes.includes(name));
  check(
    stranger === undefined,
    WHERE,
    () => `${join(folder, stranger!)} holds pictures of a class that the training images do not have`,
  );
  const files = classes.map((name) =>
    visible(join(folder, name)).filter((file) => isFile(join(folder, name, file))),
  );
  const list = new PictureList();
  let strangers = 0;
  const most = files.reduce((sum, { length }) => Math.max(sum, length), 0);
  for (let i = 0; i < most; i++)
    for (const [label, name] of classes.entries()) {
      const file = files[label]![i];
      if (file === undefined || list.length === limit) continue;
      const path = join(folder, name, file);
      if (!isPicture(path)) strangers++;
      else list.add(await decodePicture(WHERE, await readAll(createReadStream(path), WHERE), path), label);
    }
  if (strangers > 0)
    notice(`${strangers} files in the folders of ${basename(folder)} are no PNG or JPEG, and passed over`);
  return list.finish(WHERE, setOfClasses(classes), classes);
}
