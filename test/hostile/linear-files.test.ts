// Readers of weights, pictures and recordings in other tools' forms take time in proportion to their files: by
// tensors, entries, rows, pixels, packets and recordings.

import { readFileSync } from 'node:fs';
import { encode } from 'fast-png';
import { strToU8, zipSync } from 'fflate';
import { ready } from 'h5wasm/node';
import jpeg from 'jpeg-js';
import { describe, test } from 'vitest';
import { readCifar10 } from '../../src/data/cifar';
import { readAedat } from '../../src/data/events/aedat';
import { npzEvents } from '../../src/data/events/numpy';
import { eventRecordings, readDat } from '../../src/data/events/read';
import { readParquetImages } from '../../src/data/images';
import { decodePicture } from '../../src/data/picture';
import { loadHdf5, temporaryPath } from '../../src/formats/hdf5';
import { loadLz4 } from '../../src/formats/lz4';
import { readNpy, readNpz } from '../../src/formats/numpy';
import { unpickle } from '../../src/formats/pickle';
import { PickleWriter } from '../../src/formats/pickle/writer';
import { loadZstd } from '../../src/formats/zstd';
import { init } from '../../src/init';
import { fromMap } from '../../src/interop/maps';
import { readPyTorch, writePyTorch } from '../../src/interop/pytorch';
import type { SafetensorsEntry } from '../../src/interop/safetensors';
import { aedat4 } from '../data/aedat4-file';
import { aedat3, joined } from '../data/sources';
import { zstdFrame } from '../data/zstd-frame';
import { expectLinear } from './growth';

const scalars = (count: number) =>
  Array.from({ length: count }, (_, i): [string, SafetensorsEntry] => [
    `layer.${i}.weight`,
    { dtype: 'F32', shape: [1], data: Float32Array.of(i) },
  ]);

/** A list of numbers in a dictionary. */
function pickle(count: number): Uint8Array {
  const writer = new PickleWriter();
  return writer
    .dictionary(() => {
      for (let i = 0; i < count; i++) writer.text(`k${i}`).count(2 ** 40 + i);
    })
    .finish();
}

/** An array of NumPy in its file. */
function npy(descr: string, shape: string, data: Uint8Array, fortran = false): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`;
  const header = strToU8(text.padEnd(117, ' ') + String.fromCharCode(10));
  return joined([Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0), header, data]);
}

const events = (count: number) =>
  Array.from({ length: count }, (_, i): [number, number, number, number] => [i % 100, i % 90, i % 2, i]);

function recordings(count: number): Promise<Uint8Array> {
  return loadHdf5('test').then(({ File, files }) => {
    const path = temporaryPath();
    const file = new File(path, 'w');
    for (let i = 0; i < count; i++) {
      const group = file.create_group(String(i));
      group.create_dataset({ name: 'time', data: Int32Array.of(1, 2) });
      group.create_dataset({ name: 'pos', data: Int32Array.of(1, 2, 0, 3, 4, 1), shape: [2, 3] });
    }
    file.close();
    const bytes = files.readFile(path);
    files.unlink(path);
    return bytes;
  });
}

async function each(bytes: Uint8Array): Promise<number> {
  let sum = 0;
  for await (const { events: one } of eventRecordings(bytes)) sum += one.length;
  return sum;
}

function dat(count: number): Uint8Array {
  const words = new Uint32Array(2 * count).map((_, i) => (i % 2 === 0 ? i : (5 << 14) | 7));
  return joined([strToU8('% Version 2\n'), Uint8Array.of(12, 8), new Uint8Array(words.buffer)]);
}

function numbers(count: number): Uint8Array {
  const list = () => npy('<i8', `(${count},)`, new Uint8Array(8 * count));
  return zipSync({ 't.npy': list(), 'x.npy': list(), 'y.npy': list(), 'p.npy': list() }, { level: 0 });
}

/** CIFAR-10 as Python 2 pickled it. */
function cifar(count: number): Uint8Array {
  const word = (value: number) => String.fromCharCode(value & 255, value >> 8);
  const size = 3072 * count;
  const long = String.fromCharCode(...new Uint8Array(Uint32Array.of(size).buffer));
  const labels = Array.from({ length: count }, (_, i) => `K${String.fromCharCode(i % 10)}`).join('');
  const type = 'cnumpy\ndtype\nU\x02u1K\0K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb';
  const array = `cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R(K\x01M${word(count)}M${word(3072)}\x86${type}\x89T${long}${'\x07'.repeat(size)}tb`;
  return new Uint8Array(Buffer.from(`\x80\x02}(U\x06labels](${labels}eU\x04data${array}u.`, 'latin1'));
}

const chain = (count: number) => ({
  map: {
    inputShape: [1, 1, 4] as [number, number, number],
    layers: [{ flatten: true }, ...Array.from({ length: count }, (_, i) => ({ linear: `l${i}` }))],
  },
  tensors: new Map(
    Array.from({ length: count }, (_, i): [string, SafetensorsEntry] => [
      `l${i}.weight`,
      { dtype: 'F32', shape: [4, 4], data: new Float32Array(16) },
    ]),
  ),
});

type Making = (size: number) => (() => unknown) | Promise<() => unknown>;

describe('time in proportion to size', () => {
  test.each<[string, number, Making]>([
    [
      'PyTorch files, by tensors',
      300,
      async (n) => {
        const file = await writePyTorch(scalars(n));
        return () => readPyTorch(file);
      },
    ],
    [
      'pickles, by values',
      3000,
      (n) => {
        const file = pickle(n);
        return () => unpickle('unpickle', file, { meanings: {}, unlisted: (name) => name });
      },
    ],
    [
      'archives of arrays, by arrays',
      400,
      (n) => {
        const one = npy('<f4', '(1,)', new Uint8Array(4));
        const file = zipSync(Object.fromEntries(scalars(n).map(([name]) => [`${name}.npy`, one])));
        return () => readNpz(file);
      },
    ],
    [
      'arrays in the order of Fortran, by numbers',
      8000,
      (n) => {
        const file = npy('>f8', `(2, ${n})`, new Uint8Array(16 * n), true);
        return () => readNpy(file);
      },
    ],
    [
      'tables of pictures, by rows in groups',
      16,
      (n) => {
        const file = new Uint8Array(readFileSync(`test/data/fixtures/parquet/rows-${n}.parquet`));
        return () => readParquetImages(file);
      },
    ],
    [
      'PNG pictures, by rows',
      60,
      (n) => {
        const data = new Uint8Array(3 * 100 * n).map((_, i) => (i * i) % 251);
        const file = encode({ width: 100, height: n, data, channels: 3 });
        return () => decodePicture('read', file, 'it');
      },
    ],
    [
      'JPEG pictures, by rows',
      40,
      (n) => {
        const data = new Uint8Array(4 * 100 * n).map((_, i) => (i * i) % 251);
        const file = jpeg.encode({ width: 100, height: n, data }).data;
        return () => decodePicture('read', new Uint8Array(file), 'it');
      },
    ],
    [
      'AEDAT 3.1, by packets',
      300,
      (n) => {
        const whole = aedat3([[1, 2, 1, 5]]);
        const packet = whole.subarray(whole.length - 36);
        const file = joined([whole, ...new Array<Uint8Array>(n).fill(packet)]);
        return () => readAedat(file);
      },
    ],
    [
      'AEDAT 4, by packets',
      100,
      (n) => {
        const file = aedat4(
          'LZ4',
          events(n).map((event) => [event]),
        );
        return () => readAedat(file);
      },
    ],
    [
      'AEDAT 4, by events of a packet',
      3000,
      (n) => {
        const file = aedat4('Zstandard', [events(n)]);
        return () => readAedat(file);
      },
    ],
    [
      '.dat, by events',
      40_000,
      (n) => {
        const file = dat(n);
        return () => readDat(file);
      },
    ],
    [
      'events in .npz, by events',
      8000,
      (n) => {
        const file = numbers(n);
        return () => npzEvents(file, 'read');
      },
    ],
    [
      'events in HDF5, by recordings',
      15,
      async (n) => {
        await ready;
        const file = await recordings(n);
        return () => each(file);
      },
    ],
    [
      "CIFAR's pickles, by records",
      30,
      (n) => {
        const file = cifar(n);
        return () => readCifar10(file);
      },
    ],
    [
      'LZ4, by bytes',
      40_000,
      async (n) => {
        const unpack = await loadLz4('read');
        const frame = lz4Frame(n);
        return () => unpack(frame, 2 ** 28);
      },
    ],
    [
      'Zstandard, by bytes',
      10_000,
      async (n) => {
        const unpack = await loadZstd('read');
        const frame = zstdFrame(new Uint8Array(n).fill(7));
        return () => unpack(frame, 2 ** 28);
      },
    ],
    [
      'networks of maps, by layers',
      40,
      async (n) => {
        await init({ backend: 'cpu' });
        const { map, tensors } = chain(n);
        return () => fromMap(map, tensors);
      },
    ],
  ])('%s', (_, size, reading) => expectLinear(reading, size));
});

/** Blocks of at most 64 kB: a letter, and copies of it as long as a block allows. */
function lz4Frame(size: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let left = size; left > 0; left -= 60_000) {
    const copies = Math.min(left, 60_000) - 1 - 5 - 4 - 15;
    const rest = [
      ...new Array<number>(Math.max(0, Math.floor(copies / 255))).fill(255),
      Math.max(0, copies % 255),
    ];
    const block = Uint8Array.of(0x1f, 7, 1, 0, ...rest, 0x50, 1, 2, 3, 4, 5);
    const head = new DataView(new ArrayBuffer(4));
    head.setUint32(0, block.length, true);
    blocks.push(new Uint8Array(head.buffer), block);
  }
  return joined([Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82), ...blocks, new Uint8Array(4)]);
}
