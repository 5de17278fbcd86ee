// Graphs that count the batch, that are broken, and files that the HDF5 library cannot read whole.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../../src/core/create';
import { noGrad } from '../../../src/core/tape';
import { loadHdf5, temporaryPath } from '../../../src/formats/hdf5';
import { init } from '../../../src/init';
import {
  describeNir,
  floats,
  fromNir,
  integers,
  type NirGraph,
  type NirNode,
  nirNode,
  readNir,
} from '../../../src/interop/nir';
import { Faults } from '../../../src/interop/nir/faults';
import { readBrokenNir } from '../../../src/interop/nir/read';
import { tryNir } from '../../../src/interop/nir/trial';
import { sharedFolder } from '../../support/shared';

const graphOf = (nodes: Record<string, NirNode>, edges?: [string, string][]): NirGraph => {
  const names = Object.keys(nodes);
  return {
    nodes: new Map(Object.entries(nodes)),
    edges: edges ?? names.slice(1).map((name, i) => [names[i]!, name]),
    metadata: new Map(),
  };
};
const whole = (...values: number[]) => integers(values);
const one = (value: number) => integers([value], []);
const full = (value: number, ...shape: number[]) =>
  floats(new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape);
const input = (...shape: number[]) => nirNode('Input', { shape: whole(...shape) });
const output = (...shape: number[]) => nirNode('Output', { shape: whole(...shape) });
const fire = (...shape: number[]) =>
  nirNode('IF', { r: full(1, ...shape), v_threshold: full(0.5, ...shape) });
const conv = nirNode('Conv2d', {
  weight: floats(Float64Array.of(1, -1, 2, 0.5), [2, 2, 1, 1]),
  bias: full(0, 2),
  stride: whole(1, 1),
  padding: whole(0, 0),
  dilation: whole(1, 1),
  groups: one(1),
});
const linear = nirNode('Linear', {
  weight: floats(
    Float64Array.from({ length: 16 }, (_, i) => i - 7),
    [2, 8],
  ),
});
const flatten = (start: number, end: number) =>
  nirNode('Flatten', { start_dim: one(start), end_dim: one(end) });

/** Two channels of 2x2, as the batch is counted or not. */
const graph = (batch: readonly number[], start: number, end = -1) =>
  graphOf({
    input: input(...batch, 2, 2, 2),
    conv,
    neuron: fire(...batch, 2, 2, 2),
    flat: flatten(start, end),
    fc: linear,
    output: output(...batch, 2),
  });
const x = () =>
  tensor(
    Float64Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    [3, 1, 2, 2, 2],
  );
const run = (of: NirGraph) => Array.from(noGrad(() => fromNir(of, { dt: 1 }).call(x())).dataSync());

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));

describe('a graph that counts the batch', () => {
  test('runs as the one that does not', () => {
    const expected = run(graph([], 0));
    expect(new Set(expected).size).toBeGreaterThan(2);
    expect(run(graph([1], 1))).toEqual(expected);
    expect(run(graph([1], 1, 3))).toEqual(expected);
    expect(run(graph([1], -3))).toEqual(expected);
    // an Input that does not, before a Flatten of PyTorch, which does
    expect(run(graph([], 1))).toEqual(expected);
    expect(fromNir(graph([1], 1), { dt: 1 }).inputShape).toEqual([2, 2, 2]);
  });

  test('also where only lists of numbers pass', () => {
    const of = (...batch: number[]) =>
      graphOf({
        input: input(...batch, 8),
        fc: linear,
        neuron: fire(...batch, 2),
        output: output(...batch, 2),
      });
    const values = tensor(
      Float64Array.from({ length: 16 }, (_, i) => i % 3),
      [2, 1, 8],
    );
    const result = (of: NirGraph) => Array.from(noGrad(() => fromNir(of, { dt: 1 }).call(values)).dataSync());
    expect(result(of(1))).toEqual(result(of()));
  });

  test('is told by node, and one of several samples is refused', () => {
    const rows = describeNir(graph([1], 1));
    expect(rows.filter(({ countsBatch }) => countsBatch).map(({ name }) => name)).toEqual([
      'input',
      'neuron',
      'flat',
      'output',
    ]);
    expect(describeNir(graph([], 0)).some(({ countsBatch }) => countsBatch)).toBe(false);
    expect(() => fromNir(graph([4], 1))).toThrow(
      /node "neuron" \(IF\): "r" \[4,2,2,2\] seems to count a batch of 4/,
    );
  });

  test('a Flatten that keeps an axis where nothing else is wanted is left alone', () => {
    const kept = graphOf({ input: input(2, 2, 2), flat: flatten(1, 2), output: output(2, 4) });
    expect(noGrad(() => fromNir(kept).call(x())).shape).toEqual([3, 1, 4, 2]);
  });
});

describe('a broken graph', () => {
  const faultsOf = (of: NirGraph) =>
    Object.fromEntries(
      describeNir(of, { dt: 1 }).flatMap(({ name, faults }) =>
        faults.length === 0 ? [] : [[name, faults.join(' | ')]],
      ),
    );

  test('is described, with what is wrong at its nodes', () => {
    const of = graphOf(
      {
        input: input(1),
        spline: nirNode('Spline', {}),
        lif: nirNode('LIF', {
          tau: full(-0.1, 1),
          r: full(1, 1),
          v_leak: full(0, 1),
          v_threshold: full(1, 1),
        }),
        uneven: nirNode('IF', { r: full(1, 2), v_threshold: full(1, 3) }),
        nested: { type: 'NIRGraph', attributes: new Map(), graph: graphOf({ a: fire(1) }) },
      },
      [
        ['input', 'lif'],
        ['lif', 'lost'],
        ['gone', 'spline'],
      ],
    );
    expect(faultsOf(of)).toEqual({
      lif: expect.stringMatching(
        /an edge leads to "lost", which is no node \| .*every "tau" must be above 0, got -0\.1/,
      ),
      spline: expect.stringMatching(/an edge comes from "gone".* \| no node of type Spline runs here/),
      uneven: 'node "uneven" (IF): "r" [2] and "v_threshold" [3] are not of as many neurons',
    });
    expect(describeNir(of).find(({ name }) => name === 'spline')!.from).toEqual(['gone (no such node)']);
  });

  test('is found out at the node where a run of zeros ends', () => {
    const faults = new Faults();
    const narrow = graphOf({ input: input(2, 2, 2), conv, fc: linear, output: output(2) });
    const shapes = tryNir(narrow, 1, faults);
    expect([...shapes]).toEqual([
      ['input', [2, 2, 2]],
      ['conv', [2, 2, 2]],
    ]);
    expect(faults.of('fc')).toEqual([
      'node "fc" (Linear) takes 8 numbers, it is fed [2,2,2]; a Flatten before it would make them one axis',
    ]);
    const sound = new Faults();
    expect(tryNir(graph([1], 1), 1, sound).get('flat')).toEqual([8]);
    expect(sound.any).toBe(false);
  });

  /** A file of HDF5 with these texts and lists of numbers at their paths. */
  async function fileOf(content: Record<string, string | number[]>): Promise<Uint8Array> {
    const { File, files, Group } = await loadHdf5('test');
    const path = temporaryPath();
    const file = new File(path, 'w');
    for (const [name, data] of Object.entries(content)) {
      let group: InstanceType<typeof Group> = file;
      const parts = name.split('/');
      for (const part of parts.slice(0, -1))
        group = (group.keys().includes(part) ? group.get(part) : group.create_group(part)) as typeof group;
      group.create_dataset({ name: parts.at(-1)!, data });
    }
    file.flush();
    file.close();
    try {
      return files.readFile(path);
    } finally {
      files.unlink(path);
    }
  }

  test('is read as far as it goes from a file without edges, types and attributes', async () => {
    const bytes = await fileOf({
      'node/type': 'NIRGraph',
      'node/nodes/input/type': 'Input',
      'node/nodes/input/shape': [3],
      'node/nodes/fc/weight': [1, 2, 3],
      'node/nodes/lif/type': [4],
      'node/nodes/odd': 'no group',
    });
    await expect(readNir(bytes)).rejects.toThrow(/no dataset \/node\/nodes\/fc\/type/);
    const { graph: read, faults } = await readBrokenNir(bytes);
    expect([...read.nodes].map(([name, { type }]) => `${name} ${type}`).sort()).toEqual([
      'fc ?',
      'input Input',
      'lif ?',
      'odd ?',
    ]);
    expect(['', 'fc', 'lif', 'odd'].map((name) => faults.of(name))).toEqual([
      ['no dataset /node/edges; is this a NIR file?'],
      ['no dataset /node/nodes/fc/type; is this a NIR file?'],
      ['/node/nodes/lif/type must be text'],
      ['no group /node/nodes/odd; is this a NIR file?'],
    ]);
    expect(describeNir(read)).toHaveLength(4);
  });

  test('another HDF5 file is told by what it holds', async () => {
    const bytes = await fileOf({ 'model_weights/w': [1, 2], 'events/x': [1] });
    for (const reading of [readNir(bytes), readBrokenNir(bytes)])
      await expect(reading).rejects.toThrow(
        /this is an HDF5 file without a NIR graph: no group \/node, but (events, model_weights|model_weights, events)/,
      );
  });
});

/**
 * What h5py writes (libver='latest'), gzipped: node/type 'NIRGraph', node/edges (0, 2), node/nodes/fc/type 'Linear',
 * and as node/nodes/fc/weight 8x64 zeros with compression='lzf', or 2x2 ones of type f2.
 */
const LZF = [
  'H4sIAP/tDGsC/+v0cHHj5ZLiYubgYICB/1BwSwzCN4CKG55QLvT3cAliYqhgEkJWCANcTAyMDAxs/AxAiiUvPyX1vCBUqysD',
  'dcD+g9kbwE5gZGBkZGFgYAKKMYswMEoyMjIIANkgzAhWycHACnQNMxMH0KXMjPshgmB5MDjAMOTBxmlva0CRdh7qNxDl7uzv',
  'w4jkUagUAyxy/TyD3IsSCzKYoHw2KO2TmZeaWIQw+wA/wygYBaNgFIyCUTAKRsEoGAWjYBSMglEwCgYpAI+NKPx/y5ONjIkZ',
  'rimpLEjdDBsVEAAJsYJGcIrrhFHEUlPSU4vPiUIVyhJwTnhYVAo5wzV5UEuH03DNrIUvZEDDLbDhGiYyo4sXFGRMacmCIlCD',
  '3anmRE2dF7coS0FJQtDUIggSYitPzUzPKFkCc6kBGaH24TcnPAWpAEONiZERNpjlAKXR+aAUJqggz8AC5ikwiHMwiNcDWeAU',
  'xs0txcAINK2WBehAZoacqjSwOlZGiEEcsiB1TMyMHA4sjHJIDtkAS/PlA5aCljfcVQQ688F/bGg3KCbQQwqmkwnNJBifmYOB',
  'UZgRkgfBocMFyX+w+IVrWDO08lpz08fTAGa+mzjaFgAA',
].join('');
const HALF = [
  'H4sIAP/tDGsC/+v0cHHj5ZLiYubgYICB/1BwRAzCN4CKW3z/+tjfwyWIiaGCSQhZIQxwMTEwMjCw8TMAKZa8/JTU84JQra4M',
  '1AH7D2ZvADuBkYGRkYWBgQkoxizCwCjJyMggAGSDMCNYJQcDK9A1zEwcQJcyM+6HCILlweAAw5AHG6e9rQFF2nmo30CUu7O/',
  'DyOSR6FSDLDI9fMMci9KLMhggvLZoLRPZl5qYhHC7AP8DKNgFIyCUTAKRsEoGAWjYBSMglEwCkbBKBikADw2ovD/LU82MiZm',
  'uKaksiB1M2xUQAAkxAoawSmuE0YRS01JTy3eIQpVKEvAOVqTNCaSM1yTB7V0OA3XzFr4QgY03AIbrmEiM7p4QUHGlJYsKAI1',
  '2J1qTtTUeXGLshSUJARNLYIgIbby1Mz0jJIlMJcakBFqH35zwlOQCjDUmBgZYYNXuGhQChNU4IfyBRi4WBm4QONZ4BTGBUlh',
  'G6BJGD7quWDwp6AS2/o7DDYQiB4mDGhhgM5n5mBgFGaE5DbkcIDFJFzDmqGVq5qbPp4GAMMl2f/EFgAA',
].join('');

describe('a whole file that uses what the HDF5 library does not read', () => {
  test('16-bit floats are read all the same', async () => {
    const { nodes } = await readNir(gunzipSync(Buffer.from(HALF, 'base64')));
    expect(nodes.get('fc')!.attributes.get('weight')).toEqual({
      shape: [2, 2],
      data: Float32Array.of(1, 1, 1, 1),
      integer: false,
    });
  });

  test('a filter is not called damaged', async () => {
    const words =
      /weight is packed with the filter lzf \(32000\), which h5wasm does not have; the file may be whole: `h5repack/;
    const bytes = gunzipSync(Buffer.from(LZF, 'base64'));
    await expect(readNir(bytes)).rejects.toThrow(words);
    await expect(readNir(bytes)).rejects.not.toThrow(/damaged/);
    const { graph: read, faults } = await readBrokenNir(bytes);
    expect(describeNir(read).map(({ name, type }) => [name, type])).toEqual([['fc', 'Linear']]);
    expect(faults.of('fc')).toEqual([expect.stringMatching(words)]);
  });
});

const files = sharedFolder('files');
describe.skipIf(files.missing)(`real graphs${files.note}`, () => {
  const open = (name: string) => readBrokenNir(readFileSync(join(files.path, 'nir', name)));

  test('each of them is described', async () => {
    for (const name of readdirSync(join(files.path, 'nir'))) {
      const { graph: read } = await open(name);
      expect(describeNir(read).length, name).toBeGreaterThan(5);
    }
  });

  test('the older file of the N-MNIST network runs, and the one without a node is told by its edges', async () => {
    const older = (await open('nir--paper--02_cnn--scnn_mnist--669fbfad.nir')).graph;
    const faults = new Faults();
    expect(tryNir(older, 1, faults).get('8')).toEqual([128]);
    expect(faults.any).toBe(false);
    const broken = (await open('nir--paper--03_rnn--braille_v2.nir')).graph;
    expect(describeNir(broken).flatMap((row) => row.faults)).toEqual([
      'an edge comes from "lif1", which is no node',
      'an edge leads to "lif1", which is no node',
    ]);
  });
});
