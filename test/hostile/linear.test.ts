// Every reader takes time in proportion to its file. NIR is counted: what is listed of groups when a graph is twice
// as large. The others are timed by processor time on a file and on one sixteen times as large: in proportion is 16,
// by the square 256, and 64 is refused.

import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate/browser';
import type { Group } from 'h5wasm';
import { describe, expect, test, vi } from 'vitest';
import { readCifar10 } from '../../src/data/cifar';
import { readAedat } from '../../src/data/events/aedat';
import { readNMnist } from '../../src/data/events/nmnist';
import { npyEvents } from '../../src/data/events/numpy';
import { readDat } from '../../src/data/events/read';
import { ungzip } from '../../src/data/gunzip';
import { readIdxImages, readIdxLabels } from '../../src/data/idx';
import { loadHdf5 } from '../../src/formats/hdf5';
import { readNpy, readNpz } from '../../src/formats/numpy';
import { describeNir, integers, type NirNode, nirNode, readNir, writeNir } from '../../src/interop/nir';
import { withoutBatch } from '../../src/interop/nir/batch';
import { describeOnnx } from '../../src/interop/onnx';
import { OnnxGraph } from '../../src/interop/onnx/model';
import { readPyTorch, writePyTorch } from '../../src/interop/pytorch';
import { readSafetensors, type SafetensorsEntry, writeSafetensors } from '../../src/interop/safetensors';
import { parseCell } from '../../src/paper/cell/parse';
import { checkRunSettings, decodeCheckpoint } from '../../src/train';
import { parseMetrics } from '../../src/train/metrics';
import { aedat4 } from '../data/aedat4-file';
import { idxImages, idxLabels, joined } from '../data/sources';
import { cell, SETTINGS } from '../support/records';

/** The larger file has so many times as much. */
const TIMES = 16;

/** A chain of so many nodes that change no shape, behind one another. */
function chain(count: number) {
  const shape = { shape: integers([2]) };
  const nodes = new Map<string, NirNode>([['input', nirNode('Input', shape)]]);
  const edges: [string, string][] = [];
  let last = 'input';
  for (let i = 0; i < count; i++) {
    nodes.set(`n${i}`, nirNode('Threshold', { threshold: integers([1]) }));
    edges.push([last, `n${i}`]);
    last = `n${i}`;
  }
  nodes.set('output', nirNode('Output', shape));
  edges.push([last, 'output']);
  return { nodes, edges, metadata: new Map() };
}

describe('readNir', () => {
  test('lists each group once: twice the nodes, twice the names', async () => {
    const { prototype } = (await loadHdf5('test')).Group;
    const { keys } = prototype;
    const listed = async (count: number) => {
      const bytes = await writeNir(chain(count));
      let names = 0;
      const spy = vi.spyOn(prototype, 'keys').mockImplementation(function (this: Group) {
        const found = keys.call(this);
        names += found.length;
        return found;
      });
      expect((await readNir(bytes)).nodes.size).toBe(count + 2);
      spy.mockRestore();
      return names;
    };
    const [few, many] = [await listed(20), await listed(40)];
    expect(few).toBeGreaterThan(20);
    expect(many / few).toBeLessThan(2.1);
  });
});

/** Seconds of processor. */
async function seconds(read: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await read();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const list = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
const tensors = (count: number) =>
  list(count, (i): [string, SafetensorsEntry] => [
    `layer.${i}.weight`,
    { dtype: 'F32', shape: [1], data: Float32Array.of(i) },
  ]);
const onnx = (count: number) => {
  const graph = new OnnxGraph();
  let last = 'input';
  for (let i = 0; i < count; i++) {
    graph.node('Add', [last, graph.floats(`w${i}`, Float32Array.of(i), [1])], [`y${i}`]);
    last = `y${i}`;
  }
  return graph.finish({ name: 'input', shape: ['N', 1] }, { name: last, shape: ['N', 1] }, {});
};
const cifar = (count: number) => new Uint8Array(3073 * count).map((_, i) => (i % 3073 === 0 ? 3 : 9));
const aedat2 = (count: number) =>
  joined([
    utf8('#!AER-DAT2.0\r\n'),
    new Uint8Array(8 * count).map((_, i) => (i % 8 === 2 ? 3 : i % 8 === 3 ? 6 : 0)),
  ]);
const dat = (count: number) =>
  joined([utf8('% Version 2\n% Width 64\n'), Uint8Array.of(12, 8), new Uint8Array(8 * count)]);
/** Rows of x, y, polarity and time, or whatever the shape says. */
const npy = (...shape: number[]) => {
  const header = `{'descr': '<u2', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117);
  const body = new Uint8Array(2 * shape.reduce((a, b) => a * b, 1));
  return joined([Uint8Array.of(0x93), utf8('NUMPY'), Uint8Array.of(1, 0, 118, 0), utf8(`${header}\n`), body]);
};
const npz = (count: number) =>
  zipSync(Object.fromEntries(list(count, (i) => [`array${i}.npy`, npy(2)])), { level: 0 });
const lines = (count: number) =>
  list(count, (step) => `{"kind":"step","step":${step},"loss":2.5}`).join('\n');
const checkpoint = (changes: number) =>
  writeSafetensors([], {
    format: 'spikegrad 1',
    settings: JSON.stringify(SETTINGS),
    changes: JSON.stringify(list(changes, (i) => `change ${i}`)),
  });
const stretches = (count: number) => ({
  ...SETTINGS,
  continued: list(count, (i) => ({ step: i, epochs: i + 1, lr: 0.1 })),
});

/** A reader with files of any size, the largest of which is `most`. */
function of<File>(name: string, most: number, make: (size: number) => File, read: (file: File) => unknown) {
  const reading = (size: number) => {
    const file = make(size);
    return () => read(file);
  };
  return { name, most, reading };
}

const CASES = [
  of('safetensors, by tensors', 24_000, (n) => writeSafetensors(tensors(n)), readSafetensors),
  of('checkpoints, by lines of changes', 100_000, checkpoint, decodeCheckpoint),
  of(
    'PyTorch files, by tensors',
    4000,
    (n) => writePyTorch(tensors(n)),
    async (file) => readPyTorch(await file),
  ),
  of('arrays in .npz, by arrays', 6000, npz, readNpz),
  of('NumPy arrays, by numbers', 1_600_000, npy, readNpy),
  of('ONNX models, by nodes', 8000, onnx, describeOnnx),
  of('CIFAR-10, by images', 3200, cifar, (file) => readCifar10(file)),
  of(
    'idx images',
    64_000,
    (n) => idxImages(n, 2, 2, new Uint8Array(4 * n)),
    (file) => readIdxImages(file),
  ),
  of(
    'idx labels',
    800_000,
    (n) => idxLabels(n, new Uint8Array(n)),
    (file) => readIdxLabels(file, { classes: 10 }),
  ),
  of('gzip, by bytes', 16_000_000, (n) => gzipSync(new Uint8Array(n), { level: 1 }), drained),
  of(
    'N-MNIST events',
    240_000,
    (n) => new Uint8Array(5 * n).map((_, i) => Number(i % 5 === 4)),
    (file) => readNMnist(file),
  ),
  of('AEDAT 2 events', 160_000, aedat2, (file) => readAedat(file)),
  of(
    'AEDAT 4, by packets',
    4000,
    (n) =>
      aedat4(
        'LZ4',
        list(n, (i) => [[3, 4, 1, i]]),
      ),
    (file) => readAedat(file),
  ),
  of('.dat events', 240_000, dat, (file) => readDat(file)),
  of(
    'events in .npy',
    160_000,
    (n) => npy(n, 4),
    (file) => npyEvents(file, 1, 'npyEvents'),
  ),
  of('metrics, by lines', 40_000, lines, parseMetrics),
  of(
    'records of cells, by epochs',
    24_000,
    (n) => JSON.stringify(cell({ epochs: n }, 0.5)),
    (text) => parseCell(text, 'x'),
  ),
  of('settings, by stretches', 100_000, stretches, (value) => checkRunSettings(value, 'x')),
  of('NIR graphs in words, by nodes', 3200, chain, describeNir),
  of('NIR graphs without the batch, by nodes', 12_000, chain, withoutBatch),
];

/** Reads all of a gzip file. */
async function drained(bytes: Uint8Array): Promise<void> {
  for await (const _ of ungzip([bytes], 'ungzip'));
}

/**
 * What a reader takes for the large file over what it takes for the small one; the least of so many tries that is
 * below `limit`.
 */
async function growth({ most, reading }: ReturnType<typeof of>, limit: number): Promise<number> {
  const [few, many] = [reading(most / TIMES), reading(most)];
  await few(); // compiled
  let ratio = Number.POSITIVE_INFINITY;
  // on a busy machine a measurement may be off; one by the square is never in proportion
  for (let tries = 0; ratio >= limit && tries < 5; tries++) {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) least = Math.min(least, await seconds(few));
    ratio = Math.min(ratio, (await seconds(many)) / Math.max(least, 3e-4));
  }
  return ratio;
}

describe('time in proportion to size', () => {
  test.each(CASES)('$name', async (one) => {
    expect(await growth(one, 4 * TIMES)).toBeLessThan(4 * TIMES);
  });

  test('is not what a reader takes that looks through all that it has for each that comes', async () => {
    const numbers = (count: number) => list(count, (i) => i);
    const distinct = (all: readonly number[]) => all.filter((one, i) => all.indexOf(one) === i);
    expect(await growth(of('by the square', 32_000, numbers, distinct), 4 * TIMES)).toBeGreaterThan(
      4 * TIMES,
    );
  });
});
