// Neurons whose spikes come back, and delays: against loops written out, piece by piece, and what probes see of them.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  add,
  alif,
  Delay,
  Linear,
  li,
  lifDelayed,
  mul,
  noGrad,
  probe,
  Random,
  Recurrent,
  randn,
  runNeuron,
  Sgd,
  Spiking,
  sequential,
  slice,
  sub,
  sum,
  type Tensor,
  tensor,
  transpose,
  zoo,
} from '../../src';
import { memory } from '../../src/core/storage';
import { initTested } from '../support/backend';

interface Peer {
  readonly settings: Record<string, number>;
  readonly spread: number;
  readonly around: number;
  readonly spikes: string[];
  readonly feedback?: { readonly weight: number[]; readonly bias: number[] };
}

beforeAll(async () => {
  await initTested();
});

const data = (t: Tensor) => [...t.dataSync()];
const currents = (shape: readonly number[], seed = 1) =>
  mul(add(randn(shape, { random: new Random(seed) }), 0.3), 2);
const recurrent = (options = {}) =>
  new Recurrent(alif(), 4, { random: new Random(2), deviation: 0.8, ...options });

describe('recurrent neurons', () => {
  test('add what they gave at the step before, through a linear map', () => {
    const layer = recurrent();
    const x = currents([6, 3, 4]);
    let states = {};
    let back: Tensor | undefined;
    const wanted: number[] = [];
    for (let t = 0; t < 6; t++) {
      const now = slice(x, [t], [t + 1]);
      const run = runNeuron(alif(), back ? add(now, layer.feedback.call(back)) : now, { initial: states });
      states = run.states;
      back = run.spikes;
      wanted.push(...data(run.spikes));
    }
    expect(data(layer.call(x))).toEqual(wanted);
    expect(wanted).not.toEqual(data(new Spiking(alif()).call(x)));
  });

  test("fire as snnTorch's RLeaky, spike by spike", () => {
    const { base, cases } = JSON.parse(
      readFileSync(resolve(import.meta.dirname, '../neurons/zoo/peers.json'), 'utf8'),
    ) as { base: number[]; cases: Peer[] };
    const { settings, spread, around, spikes, feedback } = cases.find((peer) => peer.feedback !== undefined)!;
    const layer = new Recurrent(lifDelayed(settings), 4, { bias: true });
    layer.feedback.weight.overwrite(data(transpose(tensor(feedback!.weight, [4, 4]))));
    layer.feedback.bias!.overwrite(feedback!.bias);
    const x = tensor(
      base.map((value) => value * 2 * spread + around),
      [base.length / 4, 1, 4],
    );
    const found = data(layer.call(x));
    expect(spikes.map((row, i) => Array.from(row, (_, t) => found[t * 4 + i]).join(''))).toEqual(spikes);
  });

  test('go on piece by piece, and leave nothing behind but what comes out', () => {
    const x = currents([6, 2, 4]);
    const whole = data(recurrent().call(x));
    const layer = recurrent({ stateful: true });
    const pieces = [0, 2, 3].map((from, i) => data(layer.call(slice(x, [from], [[2, 3, 6][i]!]))));
    expect(pieces.flat()).toEqual(whole);
    const other = recurrent();
    const before = memory().tensors;
    noGrad(() => other.call(x));
    expect(memory().tensors).toBe(before + 1);
  });

  test('are probed: spikes, membranes from the same input, and the work of the map', async () => {
    const network = sequential(new Linear(3, 4, { random: new Random(1), deviation: 2 }), recurrent());
    const look = probe(network);
    network.call(currents([5, 2, 3]));
    const { layers, operations } = await look.report();
    const [recording] = await look.recordings();
    expect(layers[0]!.rate).toBeGreaterThan(0);
    expect(recording!.carried!.some((v) => v !== 0)).toBe(true);
    expect(operations.layers.map(({ name, kind }) => [name, kind])).toContainEqual(['1.feedback', 'ac']);
    expect(operations.denseMacs).toBe(3 * 4 + 4 * 4); // once
  });

  test('learn to say back later what they were shown: gradients go through the map', () => {
    const layer = new Recurrent(li({ tau: 0 }), 2, { random: new Random(3), deviation: 0.1, bias: false });
    const x = tensor([[[1, 0]], [[0, 0]], [[0, 0]]]);
    const target = tensor([[[1, 0]], [[0, 1]], [[0.5, 0]]]);
    const sgd = new Sgd(layer.parameters(), { lr: 0.2, momentum: 0.5 });
    let last = 0;
    for (let i = 0; i < 80; i++) {
      sgd.zeroGrad();
      const off = sub(layer.call(x), target);
      const loss = sum(mul(off, off));
      last = loss.dataSync()[0]!;
      loss.backward();
      sgd.step();
    }
    expect(last).toBeLessThan(1e-4);
  });

  test('are refused what does not fit', () => {
    expect(() => recurrent().call(currents([2, 1, 3]))).toThrow('Recurrent: takes [T,...,4]');
    expect(() => new Recurrent(zoo.lif(), { neurons: 4 } as never)).toThrow('Recurrent: neurons must be');
  });
});

describe('a delay', () => {
  const values = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  test.each([
    [1, [0, 0, 1, 2, 3, 4]],
    [
      [0, 2],
      [1, 0, 3, 0, 5, 2],
    ],
    [0.25, [0.75, 1.5, 2.5, 3.5, 4.5, 5.5]],
    [5, [0, 0, 0, 0, 0, 0]],
    [1e9, [0, 0, 0, 0, 0, 0]],
  ])('of %j steps', (steps, wanted) => {
    expect(data(new Delay(steps).call(tensor(values)))).toEqual(wanted);
  });

  test('keeps its last steps for the next piece', () => {
    const x = tensor(values);
    const layer = new Delay([0, 2], { stateful: true });
    const pieces = [slice(x, [0], [1]), slice(x, [1], [3])].map((piece) => data(layer.call(piece)));
    expect(pieces.flat()).toEqual([1, 0, 3, 0, 5, 2]);
    const long = new Delay(4, { stateful: true });
    expect([0, 1, 2, 0, 1, 2].map((t) => data(long.call(slice(x, [t], [t + 1])))[0])).toEqual([
      0, 0, 0, 0, 1, 3,
    ]);
    layer.reset();
    expect(data(layer.call(slice(x, [0], [1])))).toEqual([1, 0]);
  });

  test('is learnt: it finds how late the target is, by channel', () => {
    const late = new Delay([1, 3]);
    // a slow wave, so that the way down is smooth
    const wave = tensor(Array.from({ length: 40 }, (_, t) => [[Math.sin(t / 3), Math.cos(t / 3)]]));
    const layer = new Delay([2, 2], { learns: true });
    const sgd = new Sgd(layer.parameters(), { lr: 0.05 });
    for (let i = 0; i < 60; i++) {
      sgd.zeroGrad();
      const off = sub(layer.call(wave), late.call(wave));
      sum(mul(off, off)).backward();
      sgd.step();
    }
    const found = data(layer.learned!);
    expect(found[0]).toBeCloseTo(1, 1);
    expect(found[1]).toBeCloseTo(3, 1);
  });
});
