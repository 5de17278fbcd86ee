import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findDatasets } from '../../src/data/node/found';
import { describeFolder } from '../../src/data/node/found/forms';

/** The first bytes of an archive with one array. */
function npz(): Buffer {
  const head = Buffer.alloc(30);
  head.write('PK\x03\x04', 'latin1');
  head.writeUInt16LE('x_train.npy'.length, 26);
  return Buffer.concat([head, Buffer.from('x_train.npy')]);
}

describe('what lies in a folder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'spikegrad-found-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const put = (...files: string[]) => {
    for (const file of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), 'x');
    }
  };

  test.each([
    ['cifar10', 'data_batch_1.bin'],
    ['cifar10', 'cifar10/test_batch.bin'],
    ['cifar10', 'cifar-10-batches-bin/data_batch_1.bin'],
    ['cifar10', 'cifar10/cifar-10-batches-bin/data_batch_1.bin'],
    ['cifar100', 'train.bin'],
    ['cifar100', 'cifar-100-binary/test.bin'],
    ['mnist', 'train-images-idx3-ubyte.gz'],
    ['mnist', 'MNIST/raw/t10k-labels-idx1-ubyte'],
    ['mnist', 'train-images.idx3-ubyte'],
    ['mnist', 'mnist/t10k-images.idx3-ubyte.gz'],
    ['mnist', 'raw/train-images-idx3-ubyte'],
    ['mnist', 'mnist/MNIST/raw/train-images-idx3-ubyte'],
    ['cifar10', 'CIFAR-10/cifar-10-batches-bin/test_batch.bin'],
    ['cifar10', 'my images/data_batch_1.bin'],
    ['cifar100', 'downloads/cifar-100-binary/train.bin'],
    ['cifar10', 'cifar-10-batches-py/data_batch_1'],
    ['cifar10', 'data/cifar-10-batches-py/test_batch'],
    ['fashion-mnist', 'FashionMNIST/raw/train-images-idx3-ubyte.gz'],
    ['fashion-mnist', 'fashion-mnist/t10k-labels-idx1-ubyte'],
  ])('%s is known by %s', (name, file) => {
    put(file);
    expect(findDatasets(root)).toEqual([{ name, folder: dirname(join(root, file)) }]);
  });

  test('CIFAR-100’s train is a pickle; any other file of that name is none', () => {
    put('cifar-100-python/test');
    expect(findDatasets(root)).toEqual([]);
    writeFileSync(
      join(root, 'cifar-100-python/train'),
      Buffer.from('\x80\x02}q\x01(U\tfilenamesq\x02', 'latin1'),
    );
    expect(findDatasets(root)).toEqual([{ name: 'cifar100', folder: join(root, 'cifar-100-python') }]);
  });

  test('a file of MNIST may lie in a folder of its own name, as Kaggle unpacks it', () => {
    put('t10k-images-idx3-ubyte/t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte/t10k-labels-idx1-ubyte');
    expect(findDatasets(root)).toEqual([{ name: 'mnist', folder: root }]);
    expect(findDatasets(join(root, 't10k-images-idx3-ubyte'))).toEqual([{ name: 'mnist', folder: root }]);
  });

  test('an inner folder finds the files around it, but never those of a folder beside it', () => {
    put('cifar10/data_batch_1.bin', 'cifar10/notes/readme', 'mine/readme');
    expect(findDatasets(join(root, 'cifar10/notes'))).toEqual([
      { name: 'cifar10', folder: join(root, 'cifar10') },
    ]);
    expect(findDatasets(join(root, 'mine'))).toEqual([]);
  });

  test('of two folders with the same data set none is taken, and both are named', () => {
    put('old/test_batch.bin', 'new/test_batch.bin');
    expect(findDatasets(root)).toEqual([]);
    expect(describeFolder(root)).toBe(
      `${join(root, 'new')} holds CIFAR-10 (cifar10), ${join(root, 'old')} holds CIFAR-10 (cifar10); give that folder`,
    );
  });

  test('files are told by their first bytes where names say nothing', () => {
    writeFileSync(join(root, 'train'), Buffer.from('PAR1'));
    writeFileSync(join(root, 'weights'), Buffer.from('PK\x03\x04'));
    expect(describeFolder(root)).toBe(`${root} holds train (a Parquet table), weights (a zip archive)`);
    expect(describeFolder(join(root, 'train'))).toMatch(
      /train is a file \(a Parquet table\); give the folder/,
    );
  });

  test('folders of pictures are a data set, a table and an archive of arrays too', () => {
    put('run/metrics.jsonl', 'run/model.safetensors', 'photos/cat/a', 'photos/dog/b', 'hf/note', 'np/note');
    put('photos/.thumbnails/c'); // what a desktop leaves is no class
    for (const file of ['photos/cat/a', 'photos/dog/b', 'photos/.thumbnails/c'])
      writeFileSync(join(root, file), Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    writeFileSync(join(root, 'hf/train-00000-of-00001.parquet'), Buffer.from('PAR1'));
    writeFileSync(join(root, 'np/fashion_mnist.npz'), npz());
    expect(findDatasets(root).map(({ name, form }) => [name, form])).toEqual([
      ['images', 'Parquet tables of pictures'],
      ['fashion-mnist', 'images and labels in a .npz'],
      ['images', 'folders of pictures (cat, dog)'],
    ]);
    expect(describeFolder(join(root, 'run'))).toMatch(
      /is the folder of a run, with its weights and no images/,
    );
  });

  test('several are all found; folders of such names and other forms are none', () => {
    put('cifar10/data_batch_1.bin', 'mnist/train-labels-idx1-ubyte', 'train.bin/inside');
    put('cifar-100-matlab/train.mat');
    expect(findDatasets(root).map(({ name }) => name)).toEqual(['cifar10', 'mnist']);
  });

  test.each([
    [['cifar-10-batches-mat/data_batch_1.mat'], '', /cifar-10-batches-mat is the MATLAB version of CIFAR-10/],
    [['a/cifar-10-batches-mat/data_batch_1.mat'], '', /a.cifar-10-batches-mat is.*data download cifar10/],
    [['cifar-10-python.tar.gz'], '', /archive of the Python version/],
    [['cifar-100-binary.tar.gz'], '', /an archive that is not unpacked/],
    [['MNIST/processed/training.pt'], '', /torchvision's own version of MNIST/],
    [['mnist_train.csv', 'mnist_test.csv'], '', /MNIST as tables of numbers/],
    [['train-images-idx3-ubyte'], '', /holds MNIST \(mnist\)/],
    [['mine/data_batch_1.bin'], '', /mine holds CIFAR-10 \(cifar10\)$/],
    [['photo.png', 'b', 'c', 'd', 'e', 'f'], '', /holds b, c, d, e and 2 more/],
    [['data_batch_1.bin'], 'data_batch_1.bin', /is a file; give the folder that holds the files/],
  ])('%j is told in words', (files, inside, words) => {
    put(...files);
    expect(describeFolder(join(root, inside))).toMatch(words);
    if (inside !== '') expect(findDatasets(join(root, inside))).toEqual([]);
  });

  test('what is wanted is not offered as something else', () => {
    put('data_batch_1.bin');
    expect(describeFolder(root, 'cifar10')).toBe(`${root} holds data_batch_1.bin`);
  });

  test('an empty folder, none, and one of the shell are told apart', () => {
    expect(describeFolder(root)).toBe(`${root} is empty`);
    expect(describeFolder(join(root, 'no'))).toBe(`there is no folder ${join(root, 'no')}`);
    expect(describeFolder('~/no-such-data')).toContain(`write ${join(homedir(), 'no-such-data')}`);
  });
});
