// Which files the public data sets come in, the names that each may have, and the folders that they may lie in. A table and
// names only: what is on a disk is found.ts's business.

/** The data sets that are read from files. */
export type FileDatasetName = 'cifar10' | 'cifar100' | 'mnist';

/** Files of a split, each with the names it may have, and a folder that the files come in. */
export interface Layout {
  /** As people write it. */
  readonly title: string;
  /** What a folder of it is called: its own, or within that the archive's. */
  readonly folders: readonly string[];
  readonly train: readonly (readonly string[])[];
  readonly test: readonly (readonly string[])[];
}

/** MNIST's `images-idx3` is `images.idx3` in many archives; some unpack into a folder of the file's name. */
const idxNames = (name: string) => {
  const plain = [name, name.replace('-idx', '.idx')];
  return [
    ...plain.flatMap((known) => [known, `${known}.gz`]),
    ...plain.flatMap((folder) => plain.map((known) => `${folder}/${known}`)),
  ];
};

/** The archive's folder, one of the set's own names, and the archive's within that. */
const foldersNamed = (archive: string, ...own: readonly string[]) => [
  archive,
  ...own.flatMap((name) => [name, `${name}/${archive}`]),
];

export const LAYOUTS: Readonly<Record<FileDatasetName, Layout>> = {
  cifar10: {
    title: 'CIFAR-10',
    folders: foldersNamed('cifar-10-batches-bin', 'cifar10', 'CIFAR10', 'cifar-10', 'CIFAR-10'),
    train: [1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`]),
    test: [['test_batch.bin']],
  },
  cifar100: {
    title: 'CIFAR-100',
    folders: foldersNamed('cifar-100-binary', 'cifar100', 'CIFAR100', 'cifar-100', 'CIFAR-100'),
    train: [['train.bin']],
    test: [['test.bin']],
  },
  mnist: {
    title: 'MNIST',
    // torchvision puts them into MNIST/raw, of which each part may be the one that is given
    folders: ['raw', ...foldersNamed('MNIST/raw', 'mnist', 'MNIST')],
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
  { names: ['mnist.npz'], what: 'the NumPy version of MNIST, as Keras keeps it', instead: 'mnist' },
  { names: ['mnist.pkl.gz', 'mnist.pkl'], what: 'a Python version of MNIST', instead: 'mnist' },
  { names: ['mnist-original.mat'], what: 'the MATLAB version of MNIST', instead: 'mnist' },
  {
    names: ['mnist_train.csv', 'mnist_test.csv'],
    what: 'MNIST as tables of numbers',
    instead: 'mnist',
  },
  { names: ['training.pt', 'processed'], what: "torchvision's own version of MNIST", instead: 'mnist' },
];
