// States as PyTorch, Lightning and snnTorch save them, loaded into a network of the same layers.

import { beforeAll, describe, expect, test } from 'vitest';
import { manualSeed } from '../../src/core/engine';
import { init } from '../../src/init';
import type { SafetensorsEntry } from '../../src/interop/safetensors';
import { loadState, stateOf } from '../../src/interop/state';
import { Linear, type Module, sequential } from '../../src/nn';
import { Lif, TdBatchNorm } from '../../src/snn';

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));

const make = (seed: number) => {
  manualSeed(seed);
  return sequential(new Linear(3, 2), new TdBatchNorm(2), new Lif());
};
const counter: SafetensorsEntry = { dtype: 'I64', shape: [], data: BigInt64Array.of(640n) };
const scalar: SafetensorsEntry = { dtype: 'F32', shape: [], data: Float32Array.of(0.9) };

/** What torch.save would hold of another network of this kind: its tensors, and the counter of its batch norm. */
async function theirs(prefix = ''): Promise<Map<string, SafetensorsEntry>> {
  const own = (await stateOf(make(1))).map(([name, entry]) => [prefix + name, entry] as const);
  return new Map<string, SafetensorsEntry>([...own, [`${prefix}1.num_batches_tracked`, counter]]);
}
const numbers = async (network: Module) =>
  (await stateOf(network)).map(([, { data }]) => Array.from(data as Float64Array));

describe('loadState', () => {
  test('passes over counters of batches, and says that nothing else was', async () => {
    const network = make(2);
    expect(await numbers(network)).not.toEqual(await numbers(make(1)));
    expect(loadState(network, await theirs())).toEqual({ missing: [], leftOver: [] });
    expect(await numbers(network)).toEqual(await numbers(make(1)));
  });

  test.each(['module.', 'model.', '_orig_mod.', 'net.backbone.'])('takes %s off', async (prefix) => {
    const network = make(2);
    const file = new Map([...(await theirs(prefix)), ['ema.decay', scalar]]);
    expect(loadState(network, file, { prefix })).toEqual({ missing: [], leftOver: [] });
    expect(await numbers(network)).toEqual(await numbers(make(1)));
    expect(() => loadState(make(2), file)).toThrow(
      `stand there behind "${prefix}": pass { prefix: '${prefix}' }`,
    );
  });

  test('says to leave out a prefix that the file does not have', async () => {
    const file = await theirs();
    expect(() => loadState(make(2), file, { prefix: 'model.' })).toThrow(/no such prefix: leave it out/);
    expect(() => loadState(make(2), file, { prefix: 'model.', strict: false })).toThrow(/leave it out/);
  });

  test("tells a neuron's constants from tensors of another architecture", async () => {
    const neurons = new Map([...(await theirs()), ['2.beta', scalar], ['2.threshold', scalar]]);
    expect(() => loadState(make(2), neurons)).toThrow(
      /does not: 2\.beta, 2\.threshold; neurons have such constants from their options here \(tau, vth\); \{ strict: false \}/,
    );
    const other = new Map([...(await theirs()), ['3.weight', scalar]]);
    expect(() => loadState(make(2), other)).toThrow(/3\.weight; was it made with another architecture\?/);
  });

  test('with strict: false fills what fits, and gives back the names of the rest', async () => {
    const network = make(2);
    const before = await numbers(network);
    const file = await theirs();
    file.delete('0.bias');
    file.set('2.beta', scalar);
    expect(() => loadState(network, file)).toThrow(/2\.beta; it lacks 0\.bias/);
    expect(await numbers(network)).toEqual(before);
    expect(loadState(network, file, { strict: false })).toEqual({
      missing: ['0.bias'],
      leftOver: ['2.beta'],
    });
    const [weight, bias, ...rest] = await numbers(make(1));
    expect(await numbers(network)).toEqual([weight, before[1], ...rest]);
    expect(bias).toEqual([0, 0]);
  });

  test('also with strict: false refuses another shape, and a file of which nothing is the network’s', async () => {
    const file = await theirs();
    file.set('0.weight', { dtype: 'F32', shape: [2, 4], data: new Float32Array(8) });
    expect(() => loadState(make(2), file, { strict: false })).toThrow(/"0\.weight" is \[4,2\] in the file/);
    const strange = new Map([['l1.weight', scalar]]);
    expect(() => loadState(make(2), strange, { strict: false })).toThrow(/l1\.weight; it lacks 0\.weight/);
    expect(loadState(new Lif(), strange, { strict: false })).toEqual({
      missing: [],
      leftOver: ['l1.weight'],
    });
  });

  test('a prefix as a word of its own is told where it belongs now', async () => {
    const file = await theirs('a.');
    const load = loadState as (...args: unknown[]) => unknown;
    expect(() => load(make(2), file, 'a.')).toThrow(/options must be an object such as \{ prefix: 'a\.' \}/);
  });
});
