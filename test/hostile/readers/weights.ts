// Readers of weights and models: safetensors, checkpoints, PyTorch's and NumPy's files, ONNX.

import { readFileSync } from 'node:fs';
import { type NpyArray, readNpy, readNpz } from '../../../src/formats/numpy';
import { unpickle } from '../../../src/formats/pickle';
import { describeOnnx } from '../../../src/interop/onnx';
import { OnnxGraph } from '../../../src/interop/onnx/model';
import { readPyTorch } from '../../../src/interop/pytorch';
import { meanings } from '../../../src/interop/pytorch/names';
import { PickledStorage } from '../../../src/interop/pytorch/storage';
import { readSafetensors, type SafetensorsEntry, writeSafetensors } from '../../../src/interop/safetensors';
import { decodeCheckpoint } from '../../../src/train';
import { SETTINGS } from '../../support/records';
import type { Reader } from '../attack';
import { asText, numpy } from './files';

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

export const weightReaders: readonly Reader[] = [
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
];
