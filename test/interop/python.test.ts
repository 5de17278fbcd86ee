// Our files as nir, safetensors and onnx themselves read them, and theirs as they are read here: the packages of
// test/python/requirements.txt, in the environment that .ci/python.mjs makes. One Python process does all.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as sg from '../../src/index';
import { fromNir, readNir, toNir, writeNir } from '../../src/interop/nir';
import { toOnnx } from '../../src/interop/onnx';
import { readSafetensors, type SafetensorsEntry, writeSafetensors } from '../../src/interop/safetensors';
import { python } from '../support/python';
import { channelsFirst, numbers, settled } from './onnx/runtime';

/** Numbers in a shape, channels first. */
interface Numbers {
  readonly data: readonly number[];
  readonly shape: readonly number[];
}
interface Facts {
  readonly shape: readonly number[];
  readonly sum: number;
}
interface Found {
  readonly ours: Record<string, ReadGraph>;
  readonly theirs: Record<string, { file: string; input: Numbers; output: Numbers }>;
  readonly 'ours.safetensors': Record<string, Facts & { dtype: string }>;
  readonly 'theirs.safetensors': Record<string, Facts>;
  readonly metadata: Record<string, string>;
  readonly onnx: Record<string, Numbers>;
}
interface ReadGraph {
  readonly nodes: Record<string, { type: string; parts: Record<string, Facts> }>;
  readonly edges: readonly (readonly [string, string])[];
}

const image = [6, 6, 4];
const dense = (inputs: number, outputs: number) => new sg.Linear(inputs, outputs, { deviation: 1 });
const lif = (vth = 0.5) => new sg.Lif({ vth });
/** A network, what it is fed, and whether NIR has nodes for it. */
const NETWORKS: readonly (readonly [string, () => sg.Module, readonly number[], 'onnx' | 'both'])[] = [
  ['dense', () => sg.sequential(dense(5, 8), lif(), dense(8, 3), lif()), [5], 'both'],
  [
    'images',
    () =>
      sg.sequential(
        ...[new sg.Conv2d(4, 6, { kernel: 2, padding: [1, 0] }), new sg.TdBatchNorm(6), lif()],
        ...[new sg.AvgPool2d(2, { ceil: false }), new sg.Flatten(3), dense(36, 3), lif()],
      ),
    image,
    'both',
  ],
  [
    'groups',
    () => sg.sequential(new sg.Conv2d(4, 6, { kernel: [3, 2], groups: 2, stride: 2 }), lif()),
    image,
    'both',
  ],
  [
    'residual',
    () => sg.sequential(new sg.Residual(new sg.Conv2d(4, 4)), lif(), new sg.Delay([0, 1, 2, 1]), lif(0.4)),
    image,
    'both',
  ],
  ['recurrent', () => new sg.Recurrent(sg.zoo.lif(), 5, { bias: true, deviation: 0.9 }), [5], 'both'],
  ['currents', () => new sg.Spiking(sg.cubaLif({ alpha: 0.8, beta: 0.9 }), { channels: 5 }), [5], 'both'],
  ['adaptive', () => new sg.Spiking(sg.alif(), { channels: 5 }), [5], 'onnx'],
  ['pools', () => sg.sequential(new sg.MaxPool2d(2), new sg.GlobalAvgPool()), image, 'onnx'],
];
const TENSORS: readonly (readonly [string, SafetensorsEntry])[] = [
  ['weight', { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, -2, 0.5, 3, 1e-30, 7) }],
  ['double', { dtype: 'F64', shape: [2], data: Float64Array.of(Math.PI, -1e300) }],
  ['long', { dtype: 'I64', shape: [], data: BigInt64Array.of(-5n) }],
  ['none', { dtype: 'F32', shape: [0, 4], data: new Float32Array() }],
  ['tänsor ✓', { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 255) }],
];

const sumOf = (data: Iterable<number | bigint>) => [...data].reduce<number>((sum, x) => sum + Number(x), 0);

/** [T,C,…] as a network here takes it. */
function sequence({ data, shape: [steps, ...axes] }: Numbers): sg.Tensor {
  const x = sg.tensor(Float64Array.from(data), [steps!, 1, ...axes]);
  const rest = axes.slice(1).map((_, i) => i + 3);
  return axes.length > 1 ? sg.transpose(x, [0, 1, ...rest, 2]) : x;
}

/** [T,1,…,C] as a file counts it. */
function asFile(y: sg.Tensor): Numbers {
  const rank = y.shape.length;
  const between = Array.from({ length: Math.max(0, rank - 3) }, (_, i) => i + 2);
  const first = rank > 3 ? sg.transpose(y, [0, 1, rank - 1, ...between]) : y;
  return { data: Array.from(first.dataSync()), shape: [first.shape[0]!, ...first.shape.slice(2)] };
}

describe.skipIf(python.missing)(`files, held to the packages that define them${python.note}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'spikegrad-python-'));
  const wanted = new Map<string, Numbers>();
  let found: Found;

  beforeAll(async () => {
    await sg.init({ backend: 'cpu', precision: 'f64', seed: 1 });
    const cases = [];
    for (const [name, build, shape, kind] of NETWORKS) {
      const x = numbers([3, 2, ...shape], 1);
      const network = settled(build(), x);
      const file = `${name}.onnx`;
      writeFileSync(
        join(folder, file),
        await toOnnx(network, { inputShape: shape, timesteps: 3, input: 'sequence' }),
      );
      const y = sg.noGrad(() => network.call(sg.tensor(x.data, x.shape)));
      const listed = ({ data, shape }: ReturnType<typeof channelsFirst>) => ({
        data: Array.from(data),
        shape,
      });
      wanted.set(file, listed(channelsFirst({ data: y.dataSync(), shape: y.shape })));
      cases.push({ file, x: listed(channelsFirst(x)) });
      if (kind === 'both')
        writeFileSync(
          join(folder, `ours-${name}.nir`),
          await writeNir(await toNir(network, { inputShape: shape })),
        );
    }
    writeFileSync(join(folder, 'onnx.json'), JSON.stringify(cases));
    writeFileSync(join(folder, 'ours.safetensors'), writeSafetensors(TENSORS, { ключ: 'значение' }));
    execFileSync(python.path, ['test/python/exchange.py', folder], { stdio: 'inherit' });
    found = JSON.parse(readFileSync(join(folder, 'found.json'), 'utf8'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const open = (file: string) => readNir(readFileSync(join(folder, file)));

  test.each(NETWORKS.filter(([, , , kind]) => kind === 'both').map(([name]) => name))(
    'nir reads the graph of %s, types and all, and it comes back from there without a change',
    async (name) => {
      const graph = await open(`ours-${name}.nir`);
      const { nodes, edges } = found.ours[`ours-${name}`]!;
      expect(Object.keys(nodes).sort()).toEqual([...graph.nodes.keys()].sort());
      expect(edges).toEqual(graph.edges.map((edge) => [...edge]).sort());
      for (const [key, { type, parts }] of Object.entries(nodes)) {
        const node = graph.nodes.get(key)!;
        expect(type).toBe(node.type);
        for (const [part, { shape, sum }] of Object.entries(parts)) {
          const own = node.attributes.get(part);
          if (typeof own !== 'object' || own.integer) continue;
          expect(shape, `${key}.${part}`).toEqual(own.shape);
          expect(sum, `${key}.${part}`).toBeCloseTo(sumOf(own.data), 5);
        }
      }
      const again = await open(`again-ours-${name}.nir`);
      const { inputs } = fromNir(graph);
      const [[, shape]] = inputs as unknown as [[string, number[]]];
      const x = numbers([4, 1, ...shape], 2);
      const [mine, theirs] = [graph, again].map((one) =>
        String(sg.noGrad(() => fromNir(one, { dt: 1e-4 }).call(sg.tensor(x.data, x.shape))).dataSync()),
      );
      expect(theirs).toBe(mine);
    },
  );

  test('each node of nir, and graphs of them, gives what its equations give', async () => {
    expect(Object.keys(found.theirs).length).toBeGreaterThan(35);
    for (const [name, { file, input, output }] of Object.entries(found.theirs)) {
      const network = fromNir(await open(file));
      const y = asFile(sg.noGrad(() => network.call(sequence(input))));
      expect(y.shape, name).toEqual(output.shape);
      const far = y.data.reduce((most, value, i) => Math.max(most, Math.abs(value - output.data[i]!)), 0);
      expect(far, name).toBeLessThan(1e-5);
      expect(new Set(output.data).size, name).toBeGreaterThan(1);
    }
  });

  test('safetensors reads our tensors, and its own of every kind are read here', () => {
    for (const [name, { dtype, shape, data }] of TENSORS) {
      const read = found['ours.safetensors'][name]!;
      expect(read.shape, name).toEqual(shape);
      expect(read.sum, name).toBe(sumOf(data));
      expect(read.dtype, name).toBe(
        { F32: 'float32', F64: 'float64', I64: 'int64', U8: 'uint8' }[dtype as string],
      );
    }
    expect(found.metadata).toEqual({ ключ: 'значение' });
    const { tensors, metadata } = readSafetensors(readFileSync(join(folder, 'theirs.safetensors')));
    expect({ ...metadata }).toEqual({ format: 'np', ключ: 'значение' });
    expect([...tensors.keys()].sort()).toEqual(Object.keys(found['theirs.safetensors']).sort());
    for (const [name, { shape, sum }] of Object.entries(found['theirs.safetensors'])) {
      expect(tensors.get(name)!.shape, name).toEqual(shape);
      expect(sumOf(tensors.get(name)!.data), name).toBeCloseTo(sum, 10);
    }
  });

  test.each(NETWORKS.map(([name]) => name))(
    "onnx finds nothing wrong with the model of %s, and its reference gives the network's numbers",
    (name) => {
      const [mine, theirs] = [wanted.get(`${name}.onnx`)!, found.onnx[`${name}.onnx`]!];
      expect(theirs.shape).toEqual(mine.shape);
      const far = mine.data.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs.data[i]!)), 0);
      expect(far).toBeLessThan(1e-5);
      expect(new Set(mine.data).size).toBeGreaterThan(1);
    },
  );
});
