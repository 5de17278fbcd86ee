// Every reader of the library with small valid files. A new format joins by one entry here.

import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { readCifar10, readCifar100 } from '../../src/data/cifar';
import type { Dataset } from '../../src/data/dataset';
import { unpackTarGz } from '../../src/data/download/node/unpack';
import { readAedat } from '../../src/data/events/aedat';
import { readNMnist } from '../../src/data/events/nmnist';
import { npyEvents, npzEvents } from '../../src/data/events/numpy';
import { readDat } from '../../src/data/events/read';
import type { EventStream } from '../../src/data/events/stream';
import { ungzip } from '../../src/data/gunzip';
import { readIdxImages, readIdxLabels } from '../../src/data/idx';
import { readImageArrays, readParquetImages } from '../../src/data/images';
import { decodePicture } from '../../src/data/picture';
import { SpikegradError } from '../../src/errors';
import { crc32 } from '../../src/formats/crc32';
import { loadLz4 } from '../../src/formats/lz4';
import { type NpyArray, readNpy, readNpz } from '../../src/formats/numpy';
import { unpickle } from '../../src/formats/pickle';
import { unzip } from '../../src/formats/zip';
import { loadZstd } from '../../src/formats/zstd';
import { describeOnnx } from '../../src/interop/onnx';
import { OnnxGraph } from '../../src/interop/onnx/model';
import { readPyTorch } from '../../src/interop/pytorch';
import { meanings } from '../../src/interop/pytorch/names';
import { PickledStorage } from '../../src/interop/pytorch/storage';
import { readSafetensors, type SafetensorsEntry, writeSafetensors } from '../../src/interop/safetensors';
import { tellNotices } from '../../src/notices';
import { parseCell } from '../../src/paper/cell/parse';
import { checkRunSettings, decodeCheckpoint } from '../../src/train';
import { parseMetrics } from '../../src/train/metrics';
import { aedat4 } from '../data/aedat4-file';
import { makeTarGz } from '../data/download-helpers';
import { aedat3, bigEndian, cifarBytes, idxImages, idxLabels, joined, randomBytes } from '../data/sources';
import { LZ4_WITHOUT_SUM, ZSTD_WITHOUT_SUM } from '../formats/packed-frames';
import { cell, SETTINGS } from '../support/records';
import type { Reader, Source } from './attack';

const utf8 = (text: string) => new TextEncoder().encode(text);
const base64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const gz = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));
const heldBy = ({ pixels, labels }: Dataset) => pixels.byteLength + labels.byteLength;
const eventsOf = ({ x, y, polarity, time }: EventStream) =>
  x.byteLength + y.byteLength + polarity.byteLength + time.byteLength;
/** Text that was understood holds no more than a small multiple of itself. */
const asText = (length: number) => 4 * length + 100;

const weights: [string, SafetensorsEntry][] = [
  ['fc.weight', { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ['fc.bias', { dtype: 'F16', shape: [2], data: Float32Array.of(0.5, -1) }],
  ['steps', { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) }],
];
const progress = {
  epoch: 1,
  batch: 0,
  step: 5,
  lossSum: 0.5,
  correct: 3,
  images: 8,
  history: [{ epoch: 0 }],
};
const checkpoint = writeSafetensors(weights.slice(0, 1), {
  format: 'spikegrad 1',
  settings: JSON.stringify(SETTINGS),
  progress: JSON.stringify(progress),
  random: '[1,2,3,4]',
  seconds: '1.5',
});

/** A graph of one product and one sum, with metadata. */
function onnxModel(): Uint8Array {
  const graph = new OnnxGraph();
  graph.node('MatMul', ['input', graph.floats('weight', Float32Array.of(1, 2), [2, 1])], ['product']);
  graph.node('Add', ['product', graph.integers('one', [1])], ['output'], { axis: 0 });
  const notes = { mean: '[0.5]', deviation: '[0.25]', classes: '["a"]', input_shape: '[2]' };
  return graph.finish({ name: 'input', shape: ['N', 2] }, { name: 'output', shape: ['N', 1] }, notes);
}

const tensorBytes = (tensors: ReadonlyMap<string, SafetensorsEntry>) =>
  [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);

/** Texts count with two bytes a letter. */
const arrayBytes = ({ dtype, data }: NpyArray) =>
  dtype === 'text' ? data.reduce((sum, text) => sum + 2 * text.length, 0) : data.byteLength;
const pytorch = (name: string) => new Uint8Array(readFileSync(`test/interop/pytorch/files/${name}`));
/** An archive's own, which lies in it unpacked behind the first header. */
function pickleOf(name: string): Uint8Array {
  const archive = pytorch(name);
  const begin = archive.indexOf(0x80, 30);
  return archive.slice(begin, Buffer.from(archive).indexOf('PK\x07\x08', begin, 'latin1'));
}
const numpy = (name: string) => new Uint8Array(readFileSync(`test/formats/files/${name}`));

/** JSON.parse belongs to the caller of checkRunSettings; what is no JSON counts as refused. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SpikegradError('settings', 'settings. is not JSON', { cause });
  }
}

const images = idxImages(5, 3, 4, randomBytes(60, 1));
const labels = idxLabels(5, Uint8Array.of(1, 2, 3, 4, 9));
/** Bytes of the colours. */
async function decoded(bytes: Uint8Array): Promise<number> {
  const { height, width, pixel } = await decodePicture('decodePicture', bytes, 'the picture');
  if (height * width > 0) pixel(height * width - 1);
  return 4 * height * width;
}

/** A PNG whose chunks have the check sums of what they hold now, so that damage gets past them. */
function withSums(png: Uint8Array): Uint8Array {
  const bytes = png.slice();
  const view = new DataView(bytes.buffer);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) break;
    view.setUint32(end, crc32(bytes.subarray(at + 4, end)));
    at = end + 4;
  }
  return bytes;
}

/** A mutated recording may be a cut one, which is told each time. */
tellNotices(() => undefined);

const fixture = (name: string) => new Uint8Array(readFileSync(`test/data/fixtures/${name}`));
const packets: [number, number, number, number][] = [
  [3, 4, 1, 1000],
  [5, 6, 0, 2000],
];
/** Rows of x, y, polarity and time. */
const rows = fixture('gesture/DVSGesture/ibmGestureTest/user01_led/3.npy');

export const readers: readonly Reader[] = [
  {
    name: 'safetensors',
    files: [writeSafetensors(weights, { format: 'pt' }), writeSafetensors([], {})],
    read: ({ bytes }) => tensorBytes(readSafetensors(bytes).tensors),
    place: /byte|offset|tensor|key|__metadata__|header/,
    most: (length) => 2 * length,
  },
  {
    name: 'checkpoints',
    files: [checkpoint],
    read: ({ bytes }) => tensorBytes(decodeCheckpoint(bytes).tensors),
    place: /byte|offset|tensor|key|metadata|header|settings\.\w|progress\.\w/,
    most: (length) => 2 * length,
  },
  {
    name: 'PyTorch files',
    files: [pytorch('types.pth'), pytorch('protocol4.pth'), pytorch('checkpoint.pth')],
    async read({ bytes }) {
      const { tensors, others } = await readPyTorch(bytes);
      return tensorBytes(tensors) + tensorBytes(others);
    },
    place: /byte|entry|archive|pickle|tensor|storage|names |file/,
    most: (length) => 16 * length + 2 ** 20,
  },
  {
    name: 'pickles',
    files: [pickleOf('types.pth'), pickleOf('protocol5.pth')],
    async read({ bytes }) {
      await unpickle('unpickle', bytes, {
        meanings: meanings('unpickle'),
        persistent: () => new PickledStorage('0', 'F32', 1),
        unlisted: (name) => `names ${name}`,
      });
      return 0;
    },
    place: /byte|tensor|names |pickle/,
    most: () => 0,
  },
  {
    name: 'NumPy arrays',
    files: [numpy('plain.npy'), numpy('version3.npy')],
    read: async ({ bytes }) => arrayBytes(await readNpy(bytes)),
    place: /byte|header|array|version|file/,
    most: (length) => 4 * length,
  },
  {
    name: 'archives of NumPy arrays',
    files: [numpy('types.npz'), numpy('packed.npz')],
    async read({ bytes }) {
      let held = 0;
      for (const array of (await readNpz(bytes)).values()) held += arrayBytes(array);
      return held;
    },
    place: /byte|entry|archive|header|array|version|file/,
    most: (length) => 1100 * length,
  },
  {
    name: 'ONNX models',
    files: [onnxModel()],
    read: ({ bytes }) => asText(JSON.stringify(describeOnnx(bytes)).length),
    place: /byte \d+|metadata "/,
    most: (length) => asText(20 * length + 1000),
  },
  {
    name: 'CIFAR-10',
    files: [cifarBytes([[1], [9]])],
    read: async (source) => heldBy(await readCifar10(source)),
    place: /byte|empty/,
    most: (length) => length,
  },
  {
    name: 'CIFAR-100',
    files: [cifarBytes([[1, 99]])],
    read: async (source) => heldBy(await readCifar100(source)),
    place: /byte|empty/,
    most: (length) => length,
  },
  {
    name: 'idx images',
    files: [images, gz(images)],
    read: async (source) => (await readIdxImages(source)).pixels.byteLength,
    place: /byte/,
    most: (length) => 1100 * length,
  },
  {
    name: 'idx labels',
    files: [labels, gz(labels)],
    read: async (source) => (await readIdxLabels(source, { classes: 10 })).labels.byteLength,
    place: /byte/,
    most: (length) => 1100 * length,
  },
  {
    name: 'gzip',
    files: [gz(randomBytes(300, 2)), gz(new Uint8Array(5000))],
    async read(source) {
      let bytes = 0;
      for await (const chunk of ungzip(source, 'ungzip')) bytes += chunk.length;
      return bytes;
    },
    place: /byte/,
    most: (length) => 1100 * length, // deflate cannot do better than 1,032 to one
  },
  {
    name: 'N-MNIST events',
    files: [joined([bigEndian(0x05060000, 0x01070a80), Uint8Array.of(0, 9, 8, 7, 0, 0, 1)])],
    read: async (source) => eventsOf(await readNMnist(source)),
    place: /byte|event/,
    most: (length) => 8 * length,
  },
  {
    name: 'AEDAT events',
    files: [
      aedat3([
        [3, 2, 1, 5],
        [3, 2, 1, 9],
      ]),
      joined([utf8('#!AER-DAT2.0\r\n'), bigEndian(0x0506, 7, 0x0307, 9)]),
    ],
    read: async (source) => eventsOf(await readAedat(source)),
    place: /byte|version|event/,
    most: (length) => 8 * length,
  },
  {
    name: 'AEDAT 4 events',
    files: [aedat4('none', [packets]), aedat4('LZ4', [packets, packets]), aedat4('Zstandard', [packets])],
    read: async (source) => eventsOf(await readAedat(source)),
    place: /byte|version|packed|event|frame|stream/,
    most: (length) => 255 * length,
  },
  {
    name: '.dat events',
    files: [
      joined([utf8('% Version 2\n% Width 64\n'), Uint8Array.of(12, 8), bigEndian(0x05000000, 0x10000, 9, 7)]),
    ],
    read: async (source) => eventsOf(await readDat(source)),
    place: /byte|events/,
    most: (length) => 8 * length,
  },
  {
    name: 'events in .npy',
    files: [rows],
    read: async ({ bytes }) => eventsOf(await npyEvents(bytes, 1000, 'npyEvents')),
    place: /array|header|byte|event/,
    most: (length) => 8 * length,
  },
  {
    name: 'events in .npz',
    files: [fixture('cifar10dvs/events_np/cat/cifar10_cat_0.npz')],
    read: async ({ bytes }) => eventsOf(await npzEvents(bytes, 'npzEvents')),
    place: /archive|array|entry|byte|event/,
    most: (length) => 1100 * length,
  },
  {
    name: "CIFAR's pickles",
    files: [fixture('cifar10-python2'), fixture('cifar10-protocol-4')],
    read: async (source) => heldBy(await readCifar10(source)),
    place: /pickle|byte|empty/,
    most: (length) => length,
  },
  {
    name: 'Parquet tables',
    files: ['snappy', 'zstd'].map((packing) => fixture(`parquet/${packing}/train-00000-of-00001.parquet`)),
    read: async ({ bytes }) => heldBy(await readParquetImages(bytes)),
    place: /table|picture|Zstandard|row/,
    most: (length) => 1100 * length,
  },
  {
    name: 'PNG pictures',
    files: ['colours', 'palette', 'deep', 'opacity'].map((name) => fixture(`png/${name}.png`)),
    read: async ({ bytes }) => decoded(withSums(bytes)),
    place: /picture/,
    most: (length) => 8 * 1032 * length,
  },
  {
    name: 'JPEG pictures',
    files: ['plain', 'progressive', 'grey', 'cmyk'].map((name) => fixture(`jpeg/${name}.jpg`)),
    read: async ({ bytes }) => decoded(bytes),
    place: /picture/,
    most: (length) => 8 * 512 * length,
  },
  {
    name: 'zip archives',
    files: [numpy('types.npz'), numpy('packed.npz')],
    async read({ bytes }) {
      const entries = await unzip('unzip', bytes);
      return [...entries.values()].reduce((sum, { length }) => sum + length, 0);
    },
    place: /archive/,
    most: (length) => 1100 * length,
  },
  {
    name: 'LZ4 frames',
    files: [numpy('linked.lz4'), base64(LZ4_WITHOUT_SUM)],
    read: async ({ bytes }) => (await loadLz4('unpack'))(bytes, 2 ** 24).length,
    place: /LZ4/,
    most: (length) => 255 * length,
  },
  {
    name: 'Zstandard frames',
    files: [numpy('text.zst'), base64(ZSTD_WITHOUT_SUM)],
    read: async ({ bytes }) => (await loadZstd('unpack'))(bytes, 2 ** 24).length,
    place: /Zstandard/,
    most: () => 2 ** 24,
  },
  {
    name: 'images in .npz',
    files: [fixture('keras.npz'), fixture('first-channels.npz')],
    read: async ({ bytes }) => heldBy(await readImageArrays(bytes)),
    place: /archive|array|record|entry|byte/,
    most: (length) => 1100 * length,
  },
  {
    name: 'settings',
    files: [utf8(JSON.stringify(SETTINGS, null, 2))],
    read: ({ text }) => JSON.stringify(checkRunSettings(json(text), 'settings')).length,
    place: /settings\.\w*/,
    most: asText,
  },
  {
    name: 'metrics',
    files: [utf8('{"kind":"step","step":1,"loss":2.5}\n{"kind":"epoch","step":1,"epoch":0,"trainLoss":2}\n')],
    read: ({ text }) => {
      const lines = parseMetrics(text);
      for (const { kind, step } of lines)
        if (!['step', 'epoch'].includes(kind) || typeof step !== 'number')
          throw new Error('no line of metrics');
      return JSON.stringify(lines).length;
    },
    place: /./,
    most: asText,
  },
  {
    name: 'records of cells',
    files: [utf8(JSON.stringify(cell({}, 0.5), null, 1))],
    read: ({ text }) => JSON.stringify(parseCell(text, 'cell.json')).length,
    place: /cell\.json/,
    most: asText,
  },
];

/** A folder in memory, where there is one: every unpacked file is synced, which takes a disk milliseconds. */
const MEMORY = '/dev/shm';

/** The archive reader writes files, so it comes with a folder of its own. */
export async function tarReader(): Promise<{ reader: Reader; remove: () => Promise<void> }> {
  const root = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'spikegrad-hostile-'));
  const directory = join(root, 'in/data');
  await mkdir(directory, { recursive: true });
  const archive = join(root, 'archive');
  const entries = [
    { path: 'small/a.bin', bytes: 700 },
    { path: 'small/names.txt', atMost: 100 },
  ];
  const members = [
    { path: 'small/', type: '5' },
    { path: 'small/a.bin', data: Buffer.from(randomBytes(700, 3)) },
    { path: 'small/readme', data: Buffer.from('hello') },
    { path: 'small/names.txt', data: Buffer.from('one\ntwo\n') },
  ];
  const limit = 2 ** 16;
  const names = async (folder: string) => (await readdir(folder)).sort().join();
  // the tar layer is mutated before it is compressed: few mutated gzip streams get past their checksum
  const plain = gunzipSync(makeTarGz(members));
  const read = async ({ bytes }: Source) => {
    await writeFile(archive, gzipSync(bytes, { level: 1 }));
    const signal = undefined;
    const scratch = join(directory, 'scratch');
    const unpacking = unpackTarGz({
      archive,
      directory,
      scratch,
      entries,
      limit,
      signal,
      onBytes: () => undefined,
    });
    const failure = await unpacking.then(
      () => undefined,
      (error: unknown) => error,
    );
    const [top, middle, left] = [await names(root), await names(join(root, 'in')), await names(directory)];
    expect([top, middle], 'what lies outside').toEqual(['archive,in', 'data']);
    expect(left, 'what is left inside').toBe(failure === undefined ? 'a.bin,names.txt' : '');
    let held = 0;
    for (const name of left === '' ? [] : left.split(',')) {
      held += readFileSync(join(directory, name)).length;
      await rm(join(directory, name));
    }
    if (failure !== undefined) throw failure;
    return held;
  };
  const reader: Reader = {
    name: 'tar archives',
    files: [new Uint8Array(plain)],
    read,
    place: /archive/,
    most: () => 800,
  };
  return { reader, remove: () => rm(root, { recursive: true, force: true }) };
}
