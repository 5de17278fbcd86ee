// Residual blocks: what is joined, what stays spikes, and the gradients of both ways.

import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import type { Tensor } from '../../src/core/tensor';
import { init } from '../../src/init';
import { fromNir, toNir } from '../../src/interop/nir';
import { type Join, Linear, Module, Residual, sequential } from '../../src/nn';
import { joined } from '../../src/nn/residual';
import { greater } from '../../src/ops';
import { Direct, Lif, probe } from '../../src/snn';
import { gradCheck } from '../../src/testing';

beforeAll(() => init({ backend: 'cpu', precision: 'f64' }));

/** Gives a tensor of its own, whatever comes. */
class Given extends Module {
  constructor(readonly y: Tensor) {
    super();
  }
  forward(): Tensor {
    return this.y.alias();
  }
}

const [s, y] = [
  [0, 0, 1, 1],
  [0, 1, 0, 1],
];

describe('Residual', () => {
  test.each([
    ['add', [0, 1, 1, 2], false],
    ['and', [0, 0, 0, 1], true],
    ['iand', [0, 0, 1, 0], true],
  ] as const)('joins spikes by %s', (join, wanted, isBinary) => {
    const spikes = (list: readonly number[]) => greater(tensor(list), 0.5);
    const z = new Residual(new Given(spikes(y!)), { join }).call(spikes(s!));
    expect(Array.from(z.dataSync())).toEqual(wanted);
    expect(z.handle.binary).toBe(isBinary);
  });

  test.each(['add', 'and', 'iand'] as const)('has the gradients of both ways: %s', (join: Join) => {
    const of = (x: Tensor, body: Tensor) => joined(x, body, join);
    const data = { data: [0.3, -1, 2, 0.5], shape: [4] };
    gradCheck(of, [data, { ...data, data: [1, 0.25, -2, 0.7] }]);
    // of spikes the same formulas, by another kernel
    const leaves = [s!, y!].map((list) => {
      const leaf = greater(tensor(list), 0.5);
      leaf.requiresGrad = true;
      return leaf;
    }) as [Tensor, Tensor];
    of(...leaves).backward(tensor([1, 2, 3, 4]));
    const [first, second] = { add: [1, 1], and: [y!, s!], iand: [y!.map((v) => 1 - v), s!.map((v) => -v)] }[
      join
    ];
    const times = (factor: number | number[]) =>
      [1, 2, 3, 4].map((g, i) => g * (typeof factor === 'number' ? factor : factor[i]!) + 0);
    expect(Array.from(leaves[0].grad!.dataSync(), (v) => v + 0)).toEqual(times(first!));
    expect(Array.from(leaves[1].grad!.dataSync(), (v) => v + 0)).toEqual(times(second!));
  });

  test('with a shortcut names both, says what it is made of, and that sums of spikes are none', () => {
    const block = (join: Join) =>
      new Residual(sequential(new Linear(3, 2), new Lif()), {
        shortcut: sequential(new Linear(3, 2), new Lif()),
        join,
      });
    const network = block('iand');
    expect([...network.state().keys()]).toEqual(
      ['body', 'shortcut'].flatMap((way) => [`${way}.0.weight`, `${way}.0.bias`]),
    );
    const last = (join: Join) =>
      block(join)
        .describe({ inputShape: [3], timesteps: 2 })
        .layers.at(-1)!;
    expect(last('iand')).toMatchObject({ kind: 'iand', path: 'iand', from: ['shortcut.1', 'body.1'] });
    expect([last('add').spikesOut, last('and').spikesOut]).toEqual([false, true]);
  });

  test('around neurons that take sequences is described, probed and exported without a word of their length', async () => {
    const body = sequential(new Linear(4, 4, { deviation: 1 }), new Lif());
    const network = sequential(new Linear(4, 4, { deviation: 1 }), new Residual(body)).evaluate();
    expect(network.describe().layers.map(({ kind }) => kind)).toEqual(['linear', 'linear', 'neuron', 'sum']);
    const watch = probe(network);
    const x = tensor(
      Float64Array.from({ length: 24 }, (_, i) => 2 * Math.sin(i)),
      [3, 2, 4],
    );
    const y = network.call(x).dataSync();
    expect((await watch.report()).layers).toHaveLength(1);
    const graph = await toNir(network, { inputShape: [4] });
    const off = fromNir(graph)
      .call(x)
      .dataSync()
      .map((value, i) => Math.abs(value - y[i]!));
    expect(Math.max(...off)).toBeLessThan(1e-9);
    const images = new Residual(sequential(new Direct(3), new Lif()));
    expect(() => images.describe()).toThrow('a sequence and a value without time axis are added up');
  });
});
