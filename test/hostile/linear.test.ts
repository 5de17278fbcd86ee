// Every reader takes time in proportion to its file. NIR is counted: what is listed of groups when a graph is twice as large.
// The others are timed on a file and on one eight times as large, by processor time, the least of several: in proportion is 8,
// by the square 64, and 32 is refused.

import type { Group } from 'h5wasm';
import { describe, expect, test, vi } from 'vitest';
import { readCifar10 } from '../../src/data/cifar';
import { readAedat } from '../../src/data/events/aedat';
import { readNMnist } from '../../src/data/events/nmnist';
import { readIdxImages, readIdxLabels } from '../../src/data/idx';
import { loadHdf5 } from '../../src/formats/hdf5';
import { describeNir, integers, type NirNode, nirNode, readNir, writeNir } from '../../src/interop/nir';
import { withoutBatch } from '../../src/interop/nir/batch';
import { describeOnnx } from '../../src/interop/onnx';
import { OnnxGraph } from '../../src/interop/onnx/model';
import { readSafetensors, type SafetensorsEntry, writeSafetensors } from '../../src/interop/safetensors';
import { parseCell } from '../../src/paper/cell/parse';
import { checkRunSettings } from '../../src/train';
import { parseMetrics } from '../../src/train/metrics';
import { idxImages, idxLabels, joined } from '../data/sources';
import { cell, SETTINGS } from '../support/records';

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

/** Least seconds of processor of several readings. */
async function seconds(read: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const before = process.cpuUsage();
    await read();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}

const tensors = (count: number) => {
  const list = Array.from({ length: count }, (_, i): [string, SafetensorsEntry] => [
    `layer.${i}.weight`,
    { dtype: 'F32', shape: [1], data: Float32Array.of(i) },
  ]);
  return writeSafetensors(list);
};
const onnx = (count: number) => {
  const graph = new OnnxGraph();
  let last = 'input';
  for (let i = 0; i < count; i++) {
    graph.node('Add', [last, graph.floats(`w${i}`, Float32Array.of(i), [1])], [`y${i}`]);
    last = `y${i}`;
  }
  return graph.finish({ name: 'input', shape: ['N', 1] }, { name: last, shape: ['N', 1] }, {});
};
const cifar = (count: number) => {
  const bytes = new Uint8Array(3073 * count).fill(9);
  for (let i = 0; i < count; i++) bytes[3073 * i] = i % 10;
  return bytes;
};
const aedat = (count: number) =>
  joined([
    new TextEncoder().encode('#!AER-DAT2.0\r\n'),
    new Uint8Array(8 * count).map((_, i) => (i % 8 === 2 ? 3 : i % 8 === 3 ? 6 : 0)),
  ]);
const lines = (count: number) =>
  Array.from({ length: count }, (_, step) => `{"kind":"step","step":${step},"loss":2.5}`).join('\n');
const record = (count: number) => {
  const one = cell({ epochs: count }, 0.5);
  return JSON.stringify(one);
};
const stretches = (count: number) => ({
  ...SETTINGS,
  continued: Array.from({ length: count }, (_, i) => ({ step: i, epochs: i + 1, lr: 0.1 })),
});

describe('time in proportion to size', () => {
  test.each<[string, number, (size: number) => () => unknown]>([
    [
      'safetensors, by tensors',
      4000,
      (n) =>
        (
          (file) => () =>
            readSafetensors(file)
        )(tensors(n)),
    ],
    [
      'ONNX models, by nodes',
      3000,
      (n) =>
        (
          (file) => () =>
            describeOnnx(file)
        )(onnx(n)),
    ],
    [
      'CIFAR-10',
      400,
      (n) =>
        (
          (file) => () =>
            readCifar10(file)
        )(cifar(n)),
    ],
    [
      'idx images',
      4000,
      (n) =>
        (
          (file) => () =>
            readIdxImages(file)
        )(idxImages(n, 20, 20, new Uint8Array(400 * n).fill(7))),
    ],
    [
      'idx labels',
      400_000,
      (n) =>
        (
          (file) => () =>
            readIdxLabels(file, { classes: 10 })
        )(idxLabels(n, new Uint8Array(n))),
    ],
    [
      'N-MNIST events',
      60_000,
      (n) =>
        (
          (file) => () =>
            readNMnist(file)
        )(new Uint8Array(5 * n).map((_, i) => (i % 5 === 4 ? 1 : 0))),
    ],
    [
      'AEDAT events',
      40_000,
      (n) =>
        (
          (file) => () =>
            readAedat(file)
        )(aedat(n)),
    ],
    [
      'metrics, by lines',
      5000,
      (n) =>
        (
          (text) => () =>
            parseMetrics(text)
        )(lines(n)),
    ],
    [
      'records of cells, by epochs',
      3000,
      (n) =>
        (
          (text) => () =>
            parseCell(text, 'x')
        )(record(n)),
    ],
    [
      'settings, by stretches',
      20_000,
      (n) =>
        (
          (value) => () =>
            checkRunSettings(value, 'x')
        )(stretches(n)),
    ],
    [
      'NIR graphs in words, by nodes',
      400,
      (n) =>
        (
          (graph) => () =>
            describeNir(graph)
        )(chain(n)),
    ],
    [
      'NIR graphs without the batch, by nodes',
      1500,
      (n) =>
        (
          (graph) => () =>
            withoutBatch(graph)
        )(chain(n)),
    ],
  ])('%s', async (_, size, reading) => {
    const [once, eightfold] = [reading(size), reading(8 * size)];
    await once(); // compiled
    let ratio = Number.POSITIVE_INFINITY;
    // on a busy machine a measurement may be off; one by the square is never in proportion
    for (let tries = 0; ratio >= 32 && tries < 4; tries++)
      ratio = (await seconds(eightfold)) / Math.max(await seconds(once), 5e-4);
    expect(ratio).toBeLessThan(32);
  });
});
