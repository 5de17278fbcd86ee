// Files told for what they are. The bytes are those that the tools themselves write; where a real file is at hand, it
// is it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readCifar10, readCifar100 } from '../../src/data/cifar';
import { readAedat } from '../../src/data/events/aedat';
import { readNMnist } from '../../src/data/events/nmnist';
import { readIdxImages } from '../../src/data/idx';
import { readSafetensors, writeSafetensors } from '../../src/interop/safetensors';
import { type FileKind, fileKind } from '../../src/magic';
import { KINDS } from '../../src/magic/kinds';
import { decodeCheckpoint } from '../../src/train';
import { cifarBytes, idxImages, randomBytes } from '../data/sources';
import { sharedFolder } from '../support/shared';

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const utf8 = (text: string) => new TextEncoder().encode(text);
/** The first entry of a zip file. */
const zip = (name: string) =>
  latin1(`PK\x03\x04${'\0'.repeat(22)}${String.fromCharCode(name.length)}\0\0\0${name}`);
const at = (place: number, mark: string) => latin1('\xee'.repeat(place) + mark);

const FILES: readonly (readonly [FileKind | undefined, string, Uint8Array])[] = [
  ['empty', 'nothing', new Uint8Array(0)],
  ['zeros', 'a download that reserved its room', new Uint8Array(4096)],
  ['pytorch', 'torch.save', zip('archive/data.pkl')],
  ['pytorch', 'torch.save of version 2.6', zip('model/.format_version')],
  ['pytorch', 'torch.jit.save', zip('net/code/__torch__.py')],
  ['npz', 'numpy.savez', zip('arr_0.npy')],
  ['keras', 'model.save of Keras 3', zip('metadata.json')],
  ['zip', 'any other zip', zip('photos/cat.jpg')],
  [
    'oldPytorch',
    'torch.save before 1.6',
    latin1('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.'),
  ],
  ['pickle', 'pickle.dump', latin1('\x80\x04\x95\x0e\0\0\0\0\0\0\0}\x94\x8c\x01a\x94K\x01s.')],
  ['pickle', 'pickle of protocol 0', utf8("(dp0\nS'a'\np1\nI1\ns.")],
  [
    'cifarPython',
    'a batch of CIFAR-10',
    latin1('\x80\x02}q\x01(U\x0bbatch_labelq\x02U\x15training batch 1 of 5'),
  ],
  ['cifarPython', 'CIFAR-100', latin1('\x80\x02}q\x01(U\tfilenamesq\x02]q\x03(U\x11bos_taurus_s_000507.png')],
  ['npy', 'numpy.save', latin1("\x93NUMPY\x01\0v\0{'descr': '<f4'")],
  ['onnx', 'torch.onnx.export', latin1('\x08\x08\x12\x07pytorch\x1a\x052.1.0:\xa1\x02')],
  ['hdf5', 'HDF5', latin1('\x89HDF\r\n\x1a\n\0')],
  ['gzip', 'gzip', gzipSync('abc')],
  ['tar', 'tar', at(257, 'ustar\0')],
  ['png', 'PNG', latin1('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
  ['jpeg', 'JPEG', latin1('\xff\xd8\xff\xe0\0\x10JFIF')],
  ['gif', 'GIF', latin1('GIF89a\x01\0')],
  ['webp', 'WebP', latin1('RIFF\x24\0\0\0WEBPVP8 ')],
  ['parquet', 'Parquet', latin1('PAR1\x15\x04\x15')],
  ['aedat2', 'AEDAT 3.1', utf8('#!AER-DAT3.1\r\n#Format: RAW\r\n')],
  ['aedat4', 'AEDAT 4', latin1('#!AER-DAT4.0\r\n\x0c\0\0\0')],
  ['prophesee', 'a Prophesee recording', utf8('% Data file containing CD events.\n% Version 2\n')],
  ['eventStream', 'an Event Stream recording', utf8('Event Stream\x02\x00\x00')],
  ['idx', 'images of MNIST', idxImages(2, 3, 4, randomBytes(24, 1))],
  ['cifar10', 'records of CIFAR-10', cifarBytes([[1], [9]])],
  ['cifar100', 'records of CIFAR-100', cifarBytes([[1, 99]])],
  [
    'safetensors',
    'safetensors',
    writeSafetensors([['a', { dtype: 'U8', shape: [1], data: Uint8Array.of(1) }]]),
  ],
  ['lfs', 'Git LFS', utf8('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n')],
  ['html', 'a page of a proxy', utf8('\n<!DOCTYPE html>\n<html><head><title>Sign in</title>')],
  ['xml', "a store's refusal", utf8('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')],
  ['json', 'JSON', utf8('{"arch":"resnet20"}')],
  [
    'index',
    "Hugging Face's index",
    utf8('{"metadata":{"total_size":9},"weight_map":{"a":"model-00001.safetensors"}}'),
  ],
  ['notebook', 'a notebook', utf8('{"cells":[{"cell_type":"code"}],"nbformat":4}')],
  ['text', 'text with accents', utf8(`Grüße, ${'ä'.repeat(400)}`)],
  ['text', 'text in UTF-16', Uint8Array.from([0xff, 0xfe, 0x61, 0, 0x62, 0])],
  [undefined, 'noise', randomBytes(600, 5)],
];

describe('by its first bytes', () => {
  test.each(FILES)('%s: %s', (kind, _, bytes) => {
    expect(fileKind(bytes)).toBe(kind);
  });

  test('records of CIFAR are known from their beginning and the length of the file', () => {
    const start = cifarBytes([[3]]);
    expect(fileKind(start, 10 * 3073)).toBe('cifar10');
    expect(fileKind(start, 10 * 3073 + 1)).toBeUndefined();
  });

  test('every kind is said in words that fit behind "this is"', () => {
    for (const { is } of Object.values(KINDS)) expect(is).toMatch(/^(an?|the|packed|text|JSON|XML|NumPy) ?/);
  });
});

describe('a reader that is given another file', () => {
  const foreign = FILES.filter(([kind]) => kind !== undefined && kind !== 'empty');

  test.each(foreign.filter(([kind]) => kind !== 'safetensors'))(
    'readSafetensors says that it is %s: %s',
    (kind, _, bytes) => {
      if (bytes.length < 8) return;
      expect(() => readSafetensors(bytes)).toThrow(`this is ${KINDS[kind!].is}, not a safetensors file; `);
    },
  );

  test.each([
    ['PyTorch', zip('archive/data.pkl'), /readPyTorch reads it/],
    ['HDF5', latin1('\x89HDF\r\n\x1a\n\0'), /inspect --nir/],
    ['npz', zip('w.npy'), /readNpz reads it/],
    ['LFS', utf8('version https://git-lfs.github.com/spec/v1\n'), /git lfs pull/],
  ])('with the way out: %s', (_, bytes, way) => {
    expect(() => decodeCheckpoint(bytes)).toThrow(way);
  });

  const png = latin1('\x89PNG\r\n\x1a\n\0\0\0\rIHDR');
  const long = (start: Uint8Array) => Uint8Array.from({ length: 20 * 3074 }, (_, i) => start[i] ?? 200);
  test.each([
    ['readCifar10', () => readCifar10([png]), 'this is a PNG picture, not a file of CIFAR-10 records'],
    ['readCifar10', () => readCifar10([long(FILES[11]![2])]), 'the pickle is damaged or cut off'],
    [
      'readCifar10',
      () =>
        readCifar10([
          cifarBytes([
            [1, 50],
            [2, 60],
            [3, 70],
          ]),
        ]),
      'this is a file of CIFAR-100 records, not a file of CIFAR-10 records; readCifar100 reads it',
    ],
    [
      'readCifar100',
      () => readCifar100([cifarBytes([[1], [2], [3]])]),
      'this is a file of CIFAR-10 records, not',
    ],
    ['readCifar100', () => readCifar100([long(png)]), 'this is a PNG picture, not a file of CIFAR-100'],
    ['readIdxImages', () => readIdxImages([zip('a.npy')]), 'this is NumPy arrays (.npz), not an idx file'],
    [
      'readIdxImages',
      () => readIdxImages([Uint8Array.of(0, 0, 13, 2, 0)]),
      'an idx file of floats with 2 axes',
    ],
    ['readAedat', () => readAedat([zip('a/data.pkl')]), 'this is a PyTorch file'],
    ['readNMnist', () => readNMnist([png]), 'this is a PNG picture, not a recording of events'],
  ])('%s', async (_, read, words) => {
    await expect(read()).rejects.toThrow(words);
  });

  test('dtypes that are not read are no damage', () => {
    const header = '{"w":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}';
    const file = new Uint8Array(8 + header.length + 2);
    new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
    file.set(utf8(header), 8);
    expect(() => readSafetensors(file)).toThrow(
      /F8_E4M3" is not read here.*the file may be whole.*torch\.float32/,
    );
  });
});

const real = sharedFolder('files');
describe.skipIf(real.missing)(`real files${real.note}`, () => {
  test.each([
    ['sinabs-mnist_params.pt', 'pytorch'],
    ['spikingjelly-v_t_array.npy', 'npy'],
    ['mnist-tinygrad.safetensors', 'safetensors'],
    ['cifar-10-batches-py.batches.meta', 'cifarPython'],
    ['dvs_gestures_unittest.hdf5', 'hdf5'],
    ['sample.aedat4', 'aedat4'],
    ['dvs128-walk-1.aedat', 'aedat2'],
    ['ncars-sample.dat', 'prophesee'],
    ['nmnist-sample.bin', undefined],
  ])('%s', (name, kind) => {
    const file = join(real.path, name);
    if (!existsSync(file)) return;
    const bytes = readFileSync(file);
    expect(fileKind(bytes.subarray(0, 4096), bytes.length)).toBe(kind);
  });

  test('every NIR graph is HDF5', () => {
    for (const name of readdirSync(join(real.path, 'nir')))
      expect(fileKind(readFileSync(join(real.path, 'nir', name))), name).toBe('hdf5');
  });
});
