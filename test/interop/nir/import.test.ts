import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../../src/core/create';
import { Random } from '../../../src/core/random';
import { noGrad } from '../../../src/core/tape';
import { init } from '../../../src/init';
import { channelsLast, permuteArray } from '../../../src/interop/layout';
import {
  describeNir,
  floats,
  fromNir,
  integers,
  type NirGraph,
  type NirNode,
  nirNode,
  readNir,
  writeNir,
} from '../../../src/interop/nir';
import { sum } from '../../../src/ops/reduce';
import { sharedFolder } from '../../support/shared';
import { reference } from './reference';

const { path, missing, note } = sharedFolder('nir');
const open = (name: string) => readNir(readFileSync(join(path, name)));

/** The graph's own run against the plain one, every node at every step. */
function compare(graph: NirGraph, steps: number, dt: number | undefined, scale: number, digits = 9): number {
  const network = fromNir(graph, { dt });
  const random = new Random(3);
  const shape = network.inputShape;
  const size = shape.reduce((product, length) => product * length, 1);
  const fileShape = shape.length === 3 ? [shape[2]!, shape[0]!, shape[1]!] : [...shape];
  const inputs = Array.from({ length: steps }, () =>
    Float64Array.from({ length: size }, () => (random.uniform() < 0.5 ? scale * random.uniform() : 0)),
  );
  const order = describeNir(graph).map(({ name }) => name);
  const expected = reference(graph, order, inputs, fileShape, network.dt);
  const got = new Map<string, Float64Array[]>(order.map((name) => [name, []]));
  for (const [name, layer] of network.layers) {
    layer.onForward((_, y) => {
      const [times] = y.shape as [number];
      const each = y.size / times;
      const all = y.dataSync();
      for (let t = 0; t < times; t++) {
        const now = { data: Float64Array.from(all.slice(t * each, (t + 1) * each)), shape: y.shape.slice(2) };
        const first = now.shape.length === 3 ? permuteArray(now, [2, 0, 1]).data : now.data;
        got.get(name)!.push(Float64Array.from(first));
      }
    });
  }
  const stacked = Float64Array.from(inputs.flatMap((input) => Array.from(input)));
  const file = { data: stacked, shape: [steps, 1, ...fileShape] };
  const x = fileShape.length === 3 ? channelsLast(file) : file;
  noGrad(() => network.call(tensor(Float64Array.from(x.data), x.shape)));
  let spikes = 0;
  for (const name of order) {
    expect(got.get(name)!.length, name).toBe(steps);
    const fires = graph.nodes.get(name)!.attributes.has('v_threshold');
    for (let t = 0; t < steps; t++) {
      const [mine, plain] = [got.get(name)![t]!, expected.get(name)![t]!];
      expect(mine.length, name).toBe(plain.length);
      const far = mine.reduce((most, value, i) => Math.max(most, Math.abs(value - plain[i]!)), 0);
      expect(far, `${name} at step ${t}`).toBeLessThan(10 ** -digits);
      if (fires) spikes += mine.reduce((sum, value) => sum + value, 0);
    }
  }
  return spikes;
}

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));

describe.skipIf(missing)(`graphs that other frameworks wrote${note}`, () => {
  test.each([
    ['lif_norse.nir', '0.1.1', 40, undefined, 2],
    ['lif_rockpool.nir', '0.2.0', 40, undefined, 2],
    ['braille_noDelay_noBias_subtract.nir', '0.2.0', 30, undefined, 3],
    ['feedback_graph.nir', '1.0.7.dev8+gaf2635601', 12, 1e-3, 1],
    ['cnn_sinabs.nir', '0.2.0', 6, 1, 1],
    ['reference_writer.nir', '1.0.7', 6, 0.1, 1],
    ['residual.nir', '1.0.7', 6, undefined, 0.2],
  ])('%s of NIR %s runs by the equations, and some neuron fires', async (name, version, steps, dt, scale) => {
    const graph = await open(name);
    expect(graph.version).toBe(version);
    expect(compare(graph, steps, dt, scale)).toBeGreaterThan(0);
  });

  test('each of them is written and read back without a change', async () => {
    for (const name of readdirSync(path)) {
      const graph = await open(name);
      expect(await readNir(await writeNir(graph)), name).toEqual(graph);
    }
  });

  test('the time step is the metadata’s where it stands, and the caller’s where given', async () => {
    const graph = await open('reference_writer.nir');
    expect(fromNir({ ...graph, metadata: new Map([['dt', floats(Float64Array.of(0.5), [])]]) }).dt).toBe(0.5);
    expect(fromNir(graph, { dt: 0.25 }).dt).toBe(0.25);
  });
});

const line = (nodes: Record<string, NirNode>, edges?: [string, string][]): NirGraph => {
  const names = Object.keys(nodes);
  return {
    nodes: new Map(Object.entries(nodes)),
    edges: edges ?? names.slice(1).map((name, i) => [names[i]!, name]),
    metadata: new Map(),
  };
};
const input = (...shape: number[]) => nirNode('Input', { shape: integers(shape) });
const output = (...shape: number[]) => nirNode('Output', { shape: integers(shape) });
const vector = (...values: number[]) => floats(Float64Array.from(values), [values.length]);
const lif = (threshold: number) =>
  nirNode('LIF', {
    tau: vector(1e-4 / 0.75),
    r: vector(1 / 0.75),
    v_leak: vector(0),
    v_threshold: vector(threshold),
  });
const run = (graph: NirGraph, values: number[], shape: number[], dt?: number) => {
  const y = fromNir(graph, { dt }).call(tensor(Float64Array.from(values), shape));
  return { shape: y.shape, values: Array.from(y.dataSync()) };
};

describe('nodes of a graph', () => {
  test('a neuron fires above its threshold, not on it', () => {
    const graph = line({ input: input(1), lif: lif(0.5), output: output(1) });
    expect(run(graph, [0.5, 0.375, 0.3751, 0.25], [4, 1, 1]).values).toEqual([0, 0, 1, 0]);
  });

  test('Delay waits as many whole steps as its time holds, each place by its own', () => {
    const graph = line({
      input: input(3),
      delay: nirNode('Delay', { delay: vector(0, 1e-4, 2e-4) }),
      output: output(3),
    });
    expect(run(graph, [1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 1, 3]).values).toEqual([1, 0, 0, 4, 2, 0, 7, 5, 3]);
  });

  test('Scale multiplies, Threshold compares strictly, CubaLI filters twice, I adds up', () => {
    const scaled = line({
      input: input(2),
      scale: nirNode('Scale', { scale: vector(2, -1) }),
      threshold: nirNode('Threshold', { threshold: vector(1, -3) }),
      output: output(2),
    });
    expect(run(scaled, [0.5, 3, 0.6, 2], [2, 1, 2]).values).toEqual([0, 0, 1, 1]);
    const twice = line({
      input: input(1),
      li: nirNode('CubaLI', {
        tau_syn: vector(2),
        tau_mem: vector(4),
        r: vector(2),
        v_leak: vector(1),
        w_in: vector(3),
      }),
      output: output(1),
    });
    // I = I/2 + 1.5·x; v = 0.75·v + 0.5·I + 0.25
    expect(run(twice, [2, 0], [2, 1, 1], 1).values).toEqual([1.75, 2.3125]);
    const integral = line({ input: input(1), i: nirNode('I', { r: vector(3) }), output: output(1) });
    expect(run(integral, [1, 2, 4], [3, 1, 1], 0.5).values).toEqual([1.5, 4.5, 10.5]);
  });

  test('Conv1d with stride, dilation, groups and padding gives the sums worked out by hand', () => {
    const graph = line({
      input: input(2, 5),
      conv: nirNode('Conv1d', {
        input_shape: integers([5], []),
        weight: floats(Float64Array.of(1, 10, 100, 1000), [2, 1, 2]),
        bias: vector(0, 0.5),
        stride: integers([2], []),
        padding: integers([1], []),
        dilation: integers([2], []),
        groups: integers([2], []),
      }),
      output: output(2, 3),
    });
    // channel 0 is 1..5, channel 1 is 6..10; channels last
    const x = [1, 6, 2, 7, 3, 8, 4, 9, 5, 10];
    const { shape, values } = run(graph, x, [1, 1, 5, 2]);
    expect(shape).toEqual([1, 1, 3, 2]);
    expect(values).toEqual([20, 7000.5, 2 + 40, 700 + 9000.5, 4, 900.5]);
  });

  test('Conv2d with another padding down than across keeps its output size', () => {
    const graph = line({
      input: input(1, 3, 3),
      conv: nirNode('Conv2d', {
        weight: floats(Float64Array.of(1, 1, 1), [1, 1, 3, 1]),
        bias: vector(0),
        stride: integers([1, 1]),
        padding: integers([1, 0]),
        dilation: integers([1, 1]),
        groups: integers([1], []),
      }),
      output: output(1, 3, 3),
    });
    const { shape, values } = run(graph, [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3, 1]);
    expect(shape).toEqual([1, 1, 3, 3, 1]);
    expect(values).toEqual([5, 7, 9, 12, 15, 18, 11, 13, 15]);
  });

  test('Flatten counts channels first, as the file does', () => {
    const graph = line({
      input: input(2, 1, 2),
      flat: nirNode('Flatten', {
        start_dim: integers([0], []),
        end_dim: integers([-1], []),
        input_type: integers([2, 1, 2]),
      }),
      output: output(4),
    });
    expect(run(graph, [1, 10, 2, 20], [1, 1, 1, 2, 2]).values).toEqual([1, 2, 10, 20]);
  });

  test('a nested graph runs as its nodes would in place', async () => {
    const inner = line({ input: input(1), lif: lif(0.5), output: output(1) });
    const nested: NirGraph = line({
      input: input(1),
      sub: { type: 'NIRGraph', attributes: new Map(), graph: inner },
      output: output(1),
    });
    const x = [0.4, 0.45, 0.3, 0.49, 0.6];
    const plain = run(inner, x, [5, 1, 1]).values;
    expect(plain).toContain(1);
    expect(run(await readNir(await writeNir(nested)), x, [5, 1, 1]).values).toEqual(plain);
  });

  test('an edge that closes a cycle brings what its node gave at the step before', () => {
    const graph = line(
      { input: input(1), scale: nirNode('Scale', { scale: vector(2) }), output: output(1) },
      [
        ['input', 'scale'],
        ['scale', 'scale'],
        ['scale', 'output'],
      ],
    );
    expect(run(graph, [1, 0, 3], [3, 1, 1]).values).toEqual([2, 4, 14]);
  });

  test('a gradient goes back through an imported network', () => {
    const graph = line({
      input: input(2),
      fc: nirNode('Linear', { weight: floats(Float64Array.of(1, 2), [1, 2]) }),
      lif: lif(0.5),
      output: output(1),
    });
    const network = fromNir(graph);
    sum(network.call(tensor(Float64Array.of(0.2, 0.1), [1, 1, 2]))).backward();
    expect(Array.from(network.parameters()[0]!.grad!.dataSync())).toEqual([
      expect.closeTo(0.2, 12),
      expect.closeTo(0.1, 12),
    ]);
  });
});

describe('graphs and files that cannot run', () => {
  const graphNode = (nodes: Record<string, NirNode>): NirNode => ({
    type: 'NIRGraph',
    attributes: new Map(),
    graph: line(nodes),
  });
  const broken = (node: NirNode) => line({ input: input(1), node, output: output(1) });
  test.each([
    [
      'a type that is not known',
      broken(nirNode('Spline', {})),
      /node "node" \(Spline\) is of a type that does not run here/,
    ],
    [
      'a missing attribute',
      broken(nirNode('LIF', { r: vector(1) })),
      /\(LIF\) has no "tau"; its attributes are r/,
    ],
    [
      'a time constant of 0',
      broken(nirNode('LI', { r: vector(1), tau: vector(0), v_leak: vector(0) })),
      /every "tau" must be above 0/,
    ],
    [
      'an edge to nowhere',
      line({ input: input(1), output: output(1) }, [['input', 'lost']]),
      /names "lost", which is no node/,
    ],
    ['no output', line({ input: input(1), lif: lif(1) }), /the graph has no node of type Output; add one/],
    [
      'a nested graph with two outputs',
      broken(graphNode({ in: graphNode({ input: input(1), left: output(1), right: output(1) }) })),
      /the nested graph "node.in" has 2 nodes of type Output \(left, right\); which of them .* put its nodes into/,
    ],
  ])('%s is named', (_, graph, message) => {
    expect(() => fromNir(graph)).toThrow(message);
  });

  test('but a graph with several inputs and outputs can be looked at', () => {
    const graph = line({ a: input(1), b: input(1), lif: lif(1), y: output(1), z: output(1) }, [
      ['a', 'lif'],
      ['b', 'lif'],
      ['lif', 'y'],
      ['b', 'z'],
    ]);
    const rows = describeNir(graph).map(({ name, from }) => `${name}: ${from.join(' ')}`);
    expect(rows.toSorted()).toEqual(['a: ', 'b: ', 'lif: a b', 'y: lif', 'z: b']);
  });

  test('a sequence of another shape is refused', () => {
    const graph = line({ input: input(2), output: output(2) });
    expect(() => run(graph, [1, 2, 3], [1, 1, 3])).toThrow(/expects sequences \[T,N,2\], got \[1,1,3\]/);
  });

  test('a damaged heap of texts, which would hold the HDF5 library for ever, is refused', async () => {
    const bytes = await writeNir(line({ input: input(1), lif: lif(0.5), output: output(1) }));
    const heap = Buffer.from(bytes).indexOf('GCOL');
    expect(heap).toBeGreaterThan(0);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    let object = heap + 16;
    while (view.getUint16(object, true) !== 0)
      object += 16 + Math.ceil(Number(view.getBigUint64(object + 8, true)) / 8) * 8;
    view.setBigUint64(object + 8, 0n, true);
    await expect(readNir(bytes)).rejects.toThrow(
      /readNir: the heap of texts at byte \d+ is damaged.* has 0 bytes/,
    );
    view.setBigUint64(object + 8, 2n ** 63n, true);
    await expect(readNir(bytes)).rejects.toThrow(/the heap of texts/);
  });

  test('bytes that are no HDF5 file, and a file that is cut off, are errors', async () => {
    await expect(readNir(new Uint8Array(100).fill(200))).rejects.toThrow(
      /readNir: this is no HDF5 file, or it is cut off/,
    );
    const whole = await writeNir(line({ input: input(1), output: output(1) }));
    await expect(readNir(whole.subarray(0, whole.length - 64))).rejects.toThrow(/cut off/);
  });
});
