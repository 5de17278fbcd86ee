// Which files the public data sets come in, the names that each may have, and the folders that they may lie in. A table and
// names only: what is on a disk is found.ts's business.

/** The data sets that are read from files. */
export type FileDatasetName = 'cifar10' | 'cifar100' | 'mnist';

/** Files of a split, each with the names it may have, and a folder that the files come in. */
export interface Layout {
  /** As people write it. */
  readonly title: string;
  readonly folder: string;
  readonly train: readonly (readonly string[])[];
  readonly test: readonly (readonly string[])[];
}

/** MNIST's `images-idx3` is `images.idx3` in many archives. */
const idxNames = (name: string) =>
  [name, name.replace('-idx', '.idx')].flatMap((known) => [known, `${known}.gz`]);

export const LAYOUTS: Readonly<Record<FileDatasetName, Layout>> = {
  cifar10: {
    title: 'CIFAR-10',
    folder: 'cifar-10-batches-bin',
    train: [1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`]),
    test: [['test_batch.bin']],
  },
  cifar100: {
    title: 'CIFAR-100',
    folder: 'cifar-100-binary',
    train: [['train.bin']],
    test: [['test.bin']],
  },
  mnist: {
    title: 'MNIST',
    folder: 'MNIST/raw', // where torchvision puts them
    train: [idxNames('train-images-idx3-ubyte'), idxNames('train-labels-idx1-ubyte')],
    test: [idxNames('t10k-images-idx3-ubyte'), idxNames('t10k-labels-idx1-ubyte')],
  },
};

/** The names of the data sets that are read from files. */
export const FILE_DATASETS = Object.keys(LAYOUTS) as FileDatasetName[];

/** What is often taken for a data set and is another form of it: what a folder or file is called, and the way out. */
export const OTHER_FORMS: readonly {
  readonly names: readonly string[];
  readonly what: string;
  readonly instead?: FileDatasetName;
}[] = [
  {
    names: ['cifar-10-batches-py', 'data_batch_1', 'batches.meta'],
    what: 'the Python version of CIFAR-10, which torchvision leaves',
    instead: 'cifar10',
  },
  {
    names: ['cifar-100-python'],
    what: 'the Python version of CIFAR-100, which torchvision leaves',
    instead: 'cifar100',
  },
  {
    names: ['cifar-10-batches-mat', 'data_batch_1.mat'],
    what: 'the MATLAB version of CIFAR-10',
    instead: 'cifar10',
  },
  { names: ['cifar-100-matlab'], what: 'the MATLAB version of CIFAR-100', instead: 'cifar100' },
  {
    names: ['cifar-10-python.tar.gz'],
    what: 'the archive of the Python version of CIFAR-10',
    instead: 'cifar10',
  },
  {
    names: ['cifar-100-python.tar.gz'],
    what: 'the archive of the Python version of CIFAR-100',
    instead: 'cifar100',
  },
  {
    names: ['cifar-10-binary.tar.gz', 'cifar-100-binary.tar.gz'],
    what: 'an archive that is not unpacked (tar xzf)',
  },
];
