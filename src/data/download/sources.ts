// Where the datasets are published, how large they are and what they hash to. A table and two small functions on it:
// nothing here touches the network or the disk.

import { check } from '../../errors';

/** Name that the errors of every download file start with: the public function that was called. */
export const WHERE = 'downloadDataset';

/** A file wanted from an archive. It is unpacked under its last path segment. */
export type ArchiveEntry =
  | { readonly path: string; readonly bytes: number }
  /** For short texts whose exact size is not published. */
  | { readonly path: string; readonly atMost: number };

/** A published file: where it is, and what proves that it arrived whole. */
export interface Archive {
  readonly url: string;
  readonly bytes: number;
  /** Lower-case hexadecimal SHA-256 of the whole file. */
  readonly sha256: string;
  /** What to unpack from a `.tar.gz`; absent where the published file is itself what readers open. */
  readonly entries?: readonly ArchiveEntry[];
  /** Most bytes that the archive may expand to; default: the wanted entries and 16 MiB. */
  readonly unpackedLimit?: number;
}

export type DownloadableDataset = 'cifar10' | 'cifar100' | 'mnist';

const TORONTO = 'https://www.cs.toronto.edu/~kriz';
const MNIST = 'https://ossci-datasets.s3.amazonaws.com/mnist';
const CIFAR10_BATCH = 10_000 * (1 + 3072); // a label and 32·32·3 pixels per image
const CIFAR100_IMAGE = 2 + 3072; // coarse label, fine label, pixels

// Sizes and SHA-256 as in TensorFlow Datasets' url_checksums/{cifar10,cifar100,mnist}.txt. The MD5 sums beside them are
// those of https://www.cs.toronto.edu/~kriz/cifar.html and of torchvision's MNIST.
export const ARCHIVES: Readonly<Record<DownloadableDataset, readonly Archive[]>> = {
  cifar10: [
    {
      url: `${TORONTO}/cifar-10-binary.tar.gz`, // md5 c32a1d4ab5d03f1284b67883e8d87530
      bytes: 170_052_171,
      sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      entries: [
        { path: 'cifar-10-batches-bin/data_batch_1.bin', bytes: CIFAR10_BATCH },
        { path: 'cifar-10-batches-bin/data_batch_2.bin', bytes: CIFAR10_BATCH },
        { path: 'cifar-10-batches-bin/data_batch_3.bin', bytes: CIFAR10_BATCH },
        { path: 'cifar-10-batches-bin/data_batch_4.bin', bytes: CIFAR10_BATCH },
        { path: 'cifar-10-batches-bin/data_batch_5.bin', bytes: CIFAR10_BATCH },
        { path: 'cifar-10-batches-bin/test_batch.bin', bytes: CIFAR10_BATCH },
        { path: 'cifar-10-batches-bin/batches.meta.txt', atMost: 4096 },
      ],
    },
  ],
  cifar100: [
    {
      url: `${TORONTO}/cifar-100-binary.tar.gz`, // md5 03b5dce01913d631647c71ecec9e9cb8
      bytes: 168_513_733,
      sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
      entries: [
        { path: 'cifar-100-binary/train.bin', bytes: 50_000 * CIFAR100_IMAGE },
        { path: 'cifar-100-binary/test.bin', bytes: 10_000 * CIFAR100_IMAGE },
        { path: 'cifar-100-binary/coarse_label_names.txt', atMost: 4096 },
        { path: 'cifar-100-binary/fine_label_names.txt', atMost: 4096 },
      ],
    },
  ],
  mnist: [
    {
      url: `${MNIST}/train-images-idx3-ubyte.gz`, // md5 f68b3c2dcbeaaa9fbdd348bbdeb94873
      bytes: 9_912_422,
      sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
    },
    {
      url: `${MNIST}/train-labels-idx1-ubyte.gz`, // md5 d53e105ee54ea40749a09fcbcd1e9432
      bytes: 28_881,
      sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
    },
    {
      url: `${MNIST}/t10k-images-idx3-ubyte.gz`, // md5 9fb629c4189551a2d022fa330f9573f3
      bytes: 1_648_877,
      sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
    },
    {
      url: `${MNIST}/t10k-labels-idx1-ubyte.gz`, // md5 ec29112dd5afa0611ce80d1b7f02629c
      bytes: 4_542,
      sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
    },
  ],
};

/** The last segment of a path with `/` between its segments. */
export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The file name of an archive: the last segment of its address. */
export function archiveName(archive: Archive): string {
  const name = lastSegment(parseAddress(archive.url).pathname);
  check(name !== '', WHERE, () => `the address ${archive.url} does not end in a file name`);
  return name;
}

/**
 * The same archives, to be fetched elsewhere. Sizes and hashes stay, so a mirror need not be trusted.
 *
 * @param source a folder's address, to which each archive's file name is appended, or, where there is one archive
 *   only, the address of the file itself (it ends in `.gz`)
 */
export function relocate(archives: readonly Archive[], source: string): Archive[] {
  const address = parseAddress(source);
  if (address.pathname.endsWith('.gz')) {
    check(
      archives.length === 1,
      WHERE,
      () =>
        `the dataset has ${archives.length} files, so source must be the folder that holds them, got ${source}`,
    );
    return archives.map((archive) => ({ ...archive, url: address.href }));
  }
  const folder = address.pathname.replace(/\/$/, '');
  return archives.map((archive) => {
    const url = new URL(address);
    url.pathname = `${folder}/${archiveName(archive)}`;
    return { ...archive, url: url.href };
  });
}

function parseAddress(text: string): URL {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  check(
    address !== undefined && (address.protocol === 'https:' || address.protocol === 'http:'),
    WHERE,
    () => `the address must begin with https:// or http://, got ${JSON.stringify(text)}`,
  );
  return address;
}
