// Data sets of images on disk (Node only), with the file's name in every error: the official files, and the other
// forms that people have them in. Which official files there are stands in layouts.ts, where they are looked for in
// found/, the other forms in own/forms.ts; the formats themselves are read elsewhere.

import { createReadStream } from 'node:fs';
import { check, SpikegradError } from '../../errors';
import { checkKind, oneOf, shown, text } from '../../options';
import type { ByteSource } from '../bytes';
import { readCifar10, readCifar100 } from '../cifar';
import { MNIST_CLASSES } from '../classes';
import { type Dataset, type ReadOptions, readOptions } from '../dataset';
import { mnistFrom, readIdxImages, readIdxLabels } from '../idx';
import { type FileDatasetName, LAYOUTS } from '../layouts';
import { concatDatasets } from '../parts';
import { findFile, foldersOf } from './found';
import { describeFolder } from './found/forms';
import { ownFormOf } from './own/of';

export type { FileDatasetName };

const WHERE = 'loadDataset';

/** Large chunks: with Node's 64 KiB the reading of all CIFAR-10 takes twice as long. */
const CHUNK = 2 ** 18;

/**
 * Reads a split of a public data set, or of images of one's own: the official files, CIFAR's Python version
 * (torchvision), Parquet tables (Hugging Face), one .npz, or folders of pictures named as their classes, in train/
 * and test/ or shared out 4 to 1.
 * @param name `images`: whatever pictures lie there, normalised as (x - 0.5)/0.25
 * @param directory that holds the files, or a folder of the data set's name or the archive's own folder with them
 * @param options `limit`: stop after so many images; files of CIFAR-10 that are not needed then may be missing
 * @throws SpikegradError when a file is missing, naming it, what lies there instead and how to get it; or when one
 * is damaged or cannot be read, naming it
 */
export async function loadDataset(
  name: FileDatasetName,
  split: 'train' | 'test',
  directory: string,
  options: ReadOptions = {},
): Promise<Dataset> {
  const { limit } = readOptions.read(WHERE, options);
  check(
    Object.hasOwn(LAYOUTS, name) || name === 'images',
    WHERE,
    () => `there is no data set ${shown(name)}; one of ${Object.keys(LAYOUTS).join(', ')}, images`,
  );
  checkKind(WHERE, 'split', oneOf(['train', 'test']), split);
  checkKind(WHERE, 'directory', text, directory);
  const own = ownFormOf(WHERE, name, directory);
  if (own !== undefined) return naming(own.folder, () => own.read(split, limit));
  if (name === 'images')
    throw new SpikegradError(
      WHERE,
      `no pictures in folders of their classes, no Parquet table and no .npz of images in ${directory}: ${describeFolder(directory)}`,
    );
  const layout = LAYOUTS[name];
  const folders = foldersOf(name, directory);
  const paths = layout[split].map((names) => findFile(folders, names));
  const missing = layout[split].filter((_, i) => paths[i] === undefined).map((names) => names[0]!);
  const present = (path: string | undefined): string => {
    check(
      path !== undefined,
      WHERE,
      () =>
        `${missing.join(', ')} not found in ${directory}: ${describeFolder(directory, name)}; ` +
        `\`spikegrad data download ${name} --dir ${directory}\` fetches what is missing`,
    );
    return path;
  };

  if (name === 'mnist' || name === 'fashion-mnist') {
    const [imagesPath, labelsPath] = paths.map(present) as [string, string];
    const labels = await readFile(labelsPath, (source) =>
      readIdxLabels(source, { limit, classes: MNIST_CLASSES.length }),
    );
    const images = await readFile(imagesPath, (source) => readIdxImages(source, { limit }));
    return naming(`${imagesPath}, ${labelsPath}`, () => mnistFrom(images, labels, name));
  }
  if (limit === undefined) paths.forEach(present);
  const read = name === 'cifar10' ? readCifar10 : readCifar100;
  const parts: Dataset[] = [];
  let left = limit;
  for (const path of paths) {
    const part = await readFile(present(path), (source) => read(source, { limit: left }));
    parts.push(part);
    if (left === undefined) continue;
    left -= part.length;
    if (left === 0) break;
  }
  return concatDatasets(parts);
}

function readFile<T>(path: string, read: (source: ByteSource) => Promise<T>): Promise<T> {
  return naming(path, () => read(createReadStream(path, { highWaterMark: CHUNK })));
}

/** Puts the file's name in front of what a reader or the file system complains about. */
async function naming<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const isOurs = cause instanceof SpikegradError && cause.where === WHERE;
    const problem = isOurs ? cause.problem : cause instanceof Error ? cause.message : String(cause);
    throw new SpikegradError(WHERE, `${path}: ${problem}`, { cause });
  }
}
