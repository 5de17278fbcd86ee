// A compiled network as a file: it comes back as it was, and a file that is not what it says is refused by name.

import { beforeAll, describe, expect, test } from 'vitest';
import { randn } from '../../src/core/create';
import { Random } from '../../src/core/random';
import { init } from '../../src/init';
import { type CompiledNetwork, compile, decodeCompiled, encodeCompiled } from '../../src/integer';
import { readSafetensors, type SafetensorsEntry, writeSafetensors } from '../../src/interop/safetensors';
import { stateOf } from '../../src/interop/state';
import { Conv2d, GlobalAvgPool, Linear, sequential } from '../../src/nn';
import { adex, Direct, Lif, resnet20, Spiking, TimeMean } from '../../src/snn';

let network: CompiledNetwork;
let bytes: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  await init({ backend: 'cpu' });
  const random = new Random(1);
  const layers = [
    new Conv2d(2, 8, { random, bias: true }),
    new Direct(2),
    new Lif(),
    new Conv2d(8, 8, { random }),
    new Lif({ reset: 'soft' }),
    new GlobalAvgPool(),
    new Linear(8, 3, { random }),
    new TimeMean(),
  ];
  network = await compile(sequential(...layers), { weights: 8, inputShape: [5, 6, 2] });
  bytes = await encodeCompiled(network);
});

/** The file with something else in it. */
function changed(
  change: (tensors: Map<string, SafetensorsEntry>, metadata: Record<string, string>) => void,
): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes);
  const texts = { ...metadata };
  change(tensors, texts);
  return writeSafetensors(tensors, texts);
}

describe('a file of integers', () => {
  test('gives the same numbers as the network that it was made of', async () => {
    const again = await decodeCompiled(bytes);
    const x = randn([2, 5, 6, 2]);
    expect(again.call(x).dataSync()).toEqual(network.call(x).dataSync());
    expect(await encodeCompiled(again)).toEqual(bytes);
    expect(again.report().sameBits).toBe(true);
  });

  test('says how keep·V is rounded', () => {
    expect(readSafetensors(bytes).metadata.rounding).toMatch(/\(V\*keep \+ 16384\) >> 15/);
  });

  test.each<[string, Parameters<typeof changed>[0], RegExp]>([
    ['a tensor missing', (tensors) => tensors.delete('3.weight'), /tensor "3\.weight" is missing/],
    [
      'a tensor too many',
      (tensors) => tensors.set('x', { dtype: 'I8', shape: [1], data: new Int8Array(1) }),
      /tensor "x" is of no step/,
    ],
    [
      'weights of another shape',
      (tensors) => tensors.set('3.bias', { dtype: 'I8', shape: [1], data: new Int8Array(1) }),
      /tensor "3\.bias" must be \[8\], got \[1\]/,
    ],
    [
      'weights that can overflow',
      (tensors) =>
        tensors.set('3.weight', { dtype: 'I16', shape: [8, 8, 3, 3], data: new Int16Array(576).fill(32767) }),
      /step "3": channel 0 can reach beyond/,
    ],
    [
      'a threshold beyond its bits',
      (tensors) =>
        tensors.set('4.limit', { dtype: 'I32', shape: [8], data: new Int32Array(8).fill(1 << 20) }),
      /step "4": channel 0 can reach beyond/,
    ],
    [
      'a unit of 0',
      (tensors) => tensors.set('3.unit', { dtype: 'F32', shape: [8], data: new Float32Array(8) }),
      /tensor "3\.unit" must hold numbers above 0/,
    ],
    [
      'a plan that is none',
      (_, metadata) => {
        metadata.plan = '{"weights":7}';
      },
      /the plan: weights must be 16, 8, 6 or 4, got 7/,
    ],
    [
      'a step that takes what is not there',
      (_, metadata) => {
        metadata.plan = metadata.plan!.replace('"name":"4"', '"name":"4","from":["nobody"]');
      },
      /step '4': neuron cannot take nothing/,
    ],
    [
      'a shape that does not follow',
      (_, metadata) => {
        metadata.plan = metadata.plan!.replaceAll('[8,5,6]', '[8,5,7]');
      },
      /step "0" gives \[8,5,6\]/,
    ],
    [
      'another kind of file',
      (_, metadata) => {
        metadata.format = 'spikegrad 1';
      },
      /no compiled network: metadata "format"/,
    ],
  ])('with %s is refused', async (_, change, message) => {
    await expect(decodeCompiled(changed(change))).rejects.toThrow(message);
  });

  test('cannot hold layers of real numbers', async () => {
    const mixed = sequential(
      new Conv2d(1, 4),
      new Direct(2),
      new Spiking(adex()),
      new Conv2d(4, 4),
      new Lif(),
    );
    const compiled = await compile(mixed, { inputShape: [4, 4, 1] });
    expect(compiled.report().sameBits).toBe(false);
    await expect(encodeCompiled(compiled)).rejects.toThrow(
      /stays in real numbers \(its equations are no LIF, IF or LI\)/,
    );
  });

  test('has half the bytes of the weights in f32 with 16 bits, and a quarter with 8', async () => {
    const large = resnet20({ width: 16, timesteps: 1 });
    let floats = 0;
    for (const [, { data }] of await stateOf(large)) floats += 4 * data.length;
    for (const [weights, share] of [
      [16, 0.52],
      [8, 0.27],
    ] as const) {
      const file = await encodeCompiled(await compile(large, { weights, inputShape: [8, 8, 3] }));
      expect(file.length / floats).toBeLessThan(share);
    }
  });
});
