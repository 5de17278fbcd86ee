// The official files of CIFAR-10, CIFAR-100 and MNIST on disk (Node only).

import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { SpikegradError } from '../errors';
import { readCifar10, readCifar100 } from './cifar';
import { concatDatasets, type Dataset, type ReadOptions } from './dataset';
import { readMnist } from './idx';

export type FileDatasetName = 'cifar10' | 'cifar100' | 'mnist';

/** Files of a split, each with the names it may have; the folder that the archive unpacks to. */
interface Layout {
  readonly folder: string;
  readonly train: readonly (readonly string[])[];
  readonly test: readonly (readonly string[])[];
}

const plainOrGz = (name: string) => [name, `${name}.gz`];

const layouts: Record<FileDatasetName, Layout> = {
  cifar10: {
    folder: 'cifar-10-batches-bin',
    train: [1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`]),
    test: [['test_batch.bin']],
  },
  cifar100: { folder: 'cifar-100-binary', train: [['train.bin']], test: [['test.bin']] },
  mnist: {
    folder: 'MNIST/raw',
    train: [plainOrGz('train-images-idx3-ubyte'), plainOrGz('train-labels-idx1-ubyte')],
    test: [plainOrGz('t10k-images-idx3-ubyte'), plainOrGz('t10k-labels-idx1-ubyte')],
  },
};

/** Puts the file's name in front of what a reader complains about. */
async function naming<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new SpikegradError(
      'loadDataset',
      `${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

/**
 * @param directory that holds the files, or the archive's own folder with them
 * @param options.limit stop after so many images, leaving later files unread
 * @throws when a file is missing, naming it, where it was looked for and how to get it; or when one is damaged
 */
export async function loadDataset(
  name: FileDatasetName,
  split: 'train' | 'test',
  directory: string,
  { limit }: ReadOptions = {},
): Promise<Dataset> {
  const layout = layouts[name];
  const wanted = layout[split];
  const folders = [directory, join(directory, layout.folder)];
  const find = (names: readonly string[]) =>
    folders.flatMap((folder) => names.map((file) => join(folder, file))).find((path) => existsSync(path));
  const paths = wanted.map(find);
  const missing = wanted.filter((_, i) => paths[i] === undefined).map(([file]) => file);
  // with a limit, later files of CIFAR-10 may never be needed
  if (
    paths[0] === undefined ||
    (missing.length > 0 && limit === undefined) ||
    (name === 'mnist' && missing.length > 0)
  ) {
    throw new SpikegradError(
      'loadDataset',
      `${missing.join(', ')} not found in ${folders.join(' or ')}; \`spikegrad data download ${name} --dir ${directory}\` fetches them`,
    );
  }
  if (name === 'mnist') {
    const [images, labels] = paths as [string, string];
    return naming(`${images} with ${labels}`, () =>
      readMnist(createReadStream(images), createReadStream(labels), { limit }),
    );
  }
  const read = name === 'cifar10' ? readCifar10 : readCifar100;
  const parts: Dataset[] = [];
  let left = limit;
  for (const [i, path] of paths.entries()) {
    if (left === 0) break;
    if (path === undefined) {
      throw new SpikegradError(
        'loadDataset',
        `${wanted[i]![0]} not found in ${folders.join(' or ')}, and --limit needs it`,
      );
    }
    const part = await naming(path, () => read(createReadStream(path), { limit: left }));
    parts.push(part);
    if (left !== undefined) left -= part.length;
  }
  return concatDatasets(parts);
}
