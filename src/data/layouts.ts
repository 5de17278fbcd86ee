// Which files the public data sets come in, the names that each may have, and the folders that they may lie in:
// CIFAR's binary and Python versions, and idx files. A table and names only: what is on a disk is found/'s business.

/** The data sets with files of fixed names. */
export type OfficialName = 'cifar10' | 'cifar100' | 'mnist' | 'fashion-mnist';

/** The data sets of images that are read from files; `images` are of one's own. */
export type FileDatasetName = OfficialName | 'images';

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

const IDX = {
  train: [idxNames('train-images-idx3-ubyte'), idxNames('train-labels-idx1-ubyte')],
  test: [idxNames('t10k-images-idx3-ubyte'), idxNames('t10k-labels-idx1-ubyte')],
};

/** The archive's folder, one of the set's own names, and the archive's within that. */
const foldersNamed = (archive: string, ...own: readonly string[]) => [
  archive,
  ...own.flatMap((name) => [name, `${name}/${archive}`]),
];

/** The same of the archives of both versions. */
const foldersOfBoth = (binary: string, python: string, ...own: readonly string[]) => [
  ...new Set([...foldersNamed(binary, ...own), ...foldersNamed(python, ...own)]),
];

export const LAYOUTS: Readonly<Record<OfficialName, Layout>> = {
  cifar10: {
    title: 'CIFAR-10',
    folders: foldersOfBoth(
      'cifar-10-batches-bin',
      'cifar-10-batches-py',
      'cifar10',
      'CIFAR10',
      'cifar-10',
      'CIFAR-10',
    ),
    train: [1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`, `data_batch_${n}`]),
    test: [['test_batch.bin', 'test_batch']],
  },
  cifar100: {
    title: 'CIFAR-100',
    folders: foldersOfBoth(
      'cifar-100-binary',
      'cifar-100-python',
      'cifar100',
      'CIFAR100',
      'cifar-100',
      'CIFAR-100',
    ),
    train: [['train.bin', 'train']],
    test: [['test.bin', 'test']],
  },
  // torchvision puts them into MNIST/raw, of which each part may be the one that is given
  mnist: { title: 'MNIST', folders: ['raw', ...foldersNamed('MNIST/raw', 'mnist', 'MNIST')], ...IDX },
  'fashion-mnist': {
    title: 'Fashion-MNIST',
    folders: [
      'raw',
      ...foldersNamed('FashionMNIST/raw', 'FashionMNIST', 'fashion-mnist', 'fashion_mnist', 'Fashion-MNIST'),
      ...foldersNamed('FashionMNIST/raw', 'fashionmnist', 'fashion', 'data/fashion'),
    ],
    ...IDX,
  },
};

/**
 * Fashion-MNIST's files are called as MNIST's are: a folder with such a name has the one, all others the other.
 * @param folder its path, of which the last two names count
 */
export const isFashion = (folder: string) => /fashion/i.test(folder.split(/[\\/]/).slice(-2).join('/'));

/** The names of the data sets with files of fixed names. */
export const OFFICIAL = Object.keys(LAYOUTS) as OfficialName[];

/** What is often taken for a data set and is another form of it: what a folder or file is called, and the way out. */
export const OTHER_FORMS: readonly {
  readonly names: readonly string[];
  readonly what: string;
  readonly instead?: OfficialName;
}[] = [
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
  { names: ['mnist.pkl.gz', 'mnist.pkl'], what: 'a Python version of MNIST', instead: 'mnist' },
  { names: ['mnist-original.mat'], what: 'the MATLAB version of MNIST', instead: 'mnist' },
  {
    names: ['mnist_train.csv', 'mnist_test.csv'],
    what: 'MNIST as tables of numbers',
    instead: 'mnist',
  },
  { names: ['training.pt', 'processed'], what: "torchvision's own version of MNIST", instead: 'mnist' },
];
