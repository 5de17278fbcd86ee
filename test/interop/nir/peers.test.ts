// Files that the tools wrote run here, by the convention of each, as the tool ran the network that it wrote: the same
// spikes on the same input. `npm run exchange -- --only nir --vectors` makes the vectors anew; docs/exchange.md tells
// the rest.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../../src/core/create';
import { noGrad } from '../../../src/core/tape';
import { init } from '../../../src/init';
import { channelsLast, permuteArray } from '../../../src/interop/layout';
import { describeNir, fromNir, type NirConvention, readNir } from '../../../src/interop/nir';

const folder = fileURLToPath(new URL('./peers/', import.meta.url));
const vectors = JSON.parse(readFileSync(join(folder, 'spikes.json'), 'utf8')) as {
  inputs: Record<string, number[][]>;
  spikes: Record<string, string[]>;
  corners: Record<string, Corner>;
};
/** Networks that the five are not. */
interface Corner {
  tool: NirConvention;
  /** Without time, channels first. */
  shape: number[];
  /** A digit for each number of a step. */
  input: string[];
  /** Digits where all are whole. */
  values: string[] | number[][];
}
const open = (name: string) => readNir(gunzipSync(readFileSync(join(folder, `${name}.nir.gz`))));

/** [T,1,…], channels last. */
function inputOf(network: string) {
  const given = vectors.inputs[network]!;
  const data = Float64Array.from((given as unknown[]).flat(Number.POSITIVE_INFINITY) as number[]);
  const file = { data, shape: network === 'convolutional' ? [24, 1, 2, 6, 6] : [24, 1, 6] };
  const x = network === 'convolutional' ? channelsLast(file) : file;
  return tensor(x.data, x.shape);
}

function rasterOf(name: string, graph: Awaited<ReturnType<typeof open>>, convention: NirConvention) {
  const y = noGrad(() => fromNir(graph, { convention }).call(inputOf(name.split('-')[1]!)));
  const each = y.size / 24;
  const all = Array.from(y.dataSync());
  return Array.from({ length: 24 }, (_, t) => all.slice(t * each, (t + 1) * each).join(''));
}

beforeAll(() => init({ backend: 'cpu', precision: 'f32' }));

describe('a file of another tool', () => {
  test.each(Object.entries(vectors.spikes))(
    '%s gives the spikes that its network gave there',
    async (name, spikes) => {
      expect(spikes.some((row) => /[1-9]/.test(row))).toBe(true);
      expect(rasterOf(name, await open(name), name.split('-')[0] as NirConvention)).toEqual(spikes);
    },
  );

  test.each(Object.entries(vectors.corners))(
    '%s gives the values that it gave there',
    async (name, { tool, shape, input, values }) => {
      const digits = (rows: readonly string[]) => rows.flatMap((row) => [...row].map(Number));
      const file = { data: Float64Array.from(digits(input)), shape: [input.length, 1, ...shape] };
      const x = permuteArray(file, [0, 1, ...shape.slice(1).map((_, i) => i + 3), 2]);
      const network = fromNir(await open(name), { convention: tool });
      const y = noGrad(() => network.call(tensor(Float64Array.from(x.data), x.shape))).dataSync();
      const wanted =
        typeof values[0] === 'string' ? digits(values as string[]) : (values as number[][]).flat();
      expect(y.length).toBe(wanted.length);
      expect(wanted.some((value) => value !== 0)).toBe(true);
      const far = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i]!)), 0);
      expect(far).toBeLessThan(1e-4);
    },
  );

  test('is in the folder for each of the vectors, and for nothing else', () => {
    const names = readdirSync(folder).filter((file) => file.endsWith('.gz'));
    expect(names.sort()).toEqual(
      [...Object.keys(vectors.spikes), ...Object.keys(vectors.corners), 'odd']
        .map((name) => `${name}.nir.gz`)
        .sort(),
    );
    expect(existsSync(join(folder, 'spikes.json'))).toBe(true);
  });

  test('with notes of every kind, half and truth-valued weights and an edge twice runs', async () => {
    const graph = await open('odd');
    expect([...graph.nodes.keys()].sort()).toEqual(['flags', 'half', 'input', 'neuron', 'output']);
    expect(graph.metadata.get('texts')).toBe('["a","b"]');
    expect(graph.metadata.get('flag')).toMatchObject({ shape: [], data: Float64Array.of(1) });
    const y = fromNir(graph).call(tensor(Float64Array.of(1, 1, 0.5, 0), [2, 1, 2]));
    // half: [1.5, 1] and [0.25, 1]; flags: [2.5 + 1, 1] and [1.25 + 1, 1]; r·dt is 1, above the threshold of 1
    expect(Array.from(y.dataSync())).toEqual([1, 0, 1, 1]);
    expect(describeNir(graph).flatMap(({ faults }) => faults)).toEqual([]);
  });
});
