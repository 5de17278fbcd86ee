// The official files of CIFAR-10, CIFAR-100 and MNIST on disk (Node only): which files a split has, where they may lie,
// and the file's name in every error. The formats themselves are read elsewhere.

import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { check, SpikegradError } from '../errors';
import { checkKind, oneOf, shown, text } from '../options';
import type { ByteSource } from './bytes';
import { readCifar10, readCifar100 } from './cifar';
import { MNIST_CLASSES } from './classes';
import { concatDatasets, type Dataset, type ReadOptions, readOptions } from './dataset';
import { mnistFrom, readIdxImages, readIdxLabels } from './idx';

/** The data sets that are read from files. */
export type FileDatasetName = 'cifar10' | 'cifar100' | 'mnist';

/** Files of a split, each with the names it may have, and a folder that the files come in. */
interface Layout {
  readonly folder: string;
  readonly train: readonly (readonly string[])[];
  readonly test: readonly (readonly string[])[];
}

const plainOrGz = (name: string) => [name, `${name}.gz`];

const layouts: Readonly<Record<FileDatasetName, Layout>> = {
  cifar10: {
    folder: 'cifar-10-batches-bin',
    train: [1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`]),
    test: [['test_batch.bin']],
  },
  cifar100: { folder: 'cifar-100-binary', train: [['train.bin']], test: [['test.bin']] },
  mnist: {
    folder: 'MNIST/raw', // where torchvision puts them
    train: [plainOrGz('train-images-idx3-ubyte'), plainOrGz('train-labels-idx1-ubyte')],
    test: [plainOrGz('t10k-images-idx3-ubyte'), plainOrGz('t10k-labels-idx1-ubyte')],
  },
};

const WHERE = 'loadDataset';

/** Large chunks: with Node's 64 KiB the reading of all CIFAR-10 takes twice as long. */
const CHUNK = 2 ** 18;

/**
 * Reads a split of a public data set.
 * @param directory that holds the files, or the archive's own folder with them
 * @param options `limit`: stop after so many images; files of CIFAR-10 that are not needed then may be missing
 * @throws SpikegradError when a file is missing, naming it, where it was looked for and how to get it; or when one
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
    Object.hasOwn(layouts, name),
    WHERE,
    () => `there is no data set ${shown(name)}; one of ${Object.keys(layouts).join(', ')}`,
  );
  checkKind(WHERE, 'split', oneOf(['train', 'test']), split);
  checkKind(WHERE, 'directory', text, directory);
  const layout = layouts[name];
  const folders = [directory, join(directory, layout.folder)];
  const paths = layout[split].map((names) =>
    folders.flatMap((folder) => names.map((file) => join(folder, file))).find((path) => existsSync(path)),
  );
  const missing = layout[split].filter((_, i) => paths[i] === undefined).map((names) => names.join(' or '));
  const present = (path: string | undefined): string => {
    check(
      path !== undefined,
      WHERE,
      () =>
        `${missing.join(', ')} not found in ${folders.join(' or ')}; ` +
        `\`spikegrad data download ${name} --dir ${directory}\` fetches what is missing`,
    );
    return path;
  };

  if (name === 'mnist') {
    const [imagesPath, labelsPath] = paths.map(present) as [string, string];
    const labels = await readFile(labelsPath, (source) =>
      readIdxLabels(source, { limit, classes: MNIST_CLASSES.length }),
    );
    const images = await readFile(imagesPath, (source) => readIdxImages(source, { limit }));
    return naming(`${imagesPath}, ${labelsPath}`, () => mnistFrom(images, labels));
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
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new SpikegradError(WHERE, `${path}: ${problem}`, { cause });
  }
}
