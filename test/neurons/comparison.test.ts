// A spike of a comparison: it fires where the comparison holds as it is written, on both sides of equality, and its
// gradient is that of the one side less the other.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, createBackend, explain, init, neuron, runNeuron, sum, tensor } from '../../src';
import { isSpike, outputsOf } from '../../src/neurons';
import { print } from '../../src/neurons/graph/print';

let wasm: Backend;
beforeAll(async () => {
  await init({ backend: 'cpu', precision: 'f64' });
  wasm = await createBackend({ backend: 'wasm', threads: 1 });
});
afterAll(() => (wasm as { close?: () => void }).close?.());

const model = (condition: string) => neuron(`spikes = spike(${condition})`, { parameters: { vth: 0.5 } });
const fired = (condition: string) => [
  ...runNeuron(model(condition), tensor([0.25, 0.5, 0.75])).spikes.dataSync(),
];

describe('a spike of a comparison', () => {
  test.each([
    ['x > vth', [0, 0, 1]],
    ['x >= vth', [0, 1, 1]],
    ['x < vth', [1, 0, 0]],
    ['x <= vth', [1, 1, 0]],
    ['vth < x', [0, 0, 1]],
    ['not x > vth', [1, 1, 0]],
    ['x - vth', [0, 1, 1]],
    ['x > 0.3 and x <= vth', [0, 1, 0]],
    ['x > vth/2', [0, 1, 1]],
  ])('%s', (condition, wanted) => {
    expect(fired(condition)).toEqual(wanted);
    const x = tensor([0.25, 0.5, 0.75], undefined, { backend: wasm });
    expect([...runNeuron(model(condition), x).spikes.dataSync()]).toEqual(wanted);
    expect(isSpike(outputsOf(model(condition))[0]!.value)).toBe(true);
  });

  test('has the gradient of the one side less the other', () => {
    const gradient = (condition: string) => {
      const x = tensor([0.25, 0.5, 0.75], undefined, { requiresGrad: true });
      sum(runNeuron(model(condition), x).spikes).backward();
      return [...x.grad!.dataSync()];
    };
    expect(gradient('x > vth')).toEqual(gradient('x - vth'));
    expect(gradient('x < vth')).toEqual(gradient('x - vth').map((value) => -value));
  });

  test('is printed as it is read', () => {
    expect(print(model('x > vth').assigned)).toBe('spikes = spike(x - 0.5 > 0)');
    expect(print(model('x >= vth').assigned)).toBe('spikes = spike(x - 0.5)');
    const again = neuron(print(model('x > vth').assigned));
    expect([...runNeuron(again, tensor([0.5, 0.75])).spikes.dataSync()]).toEqual([0, 1]);
    expect(explain(model('x > vth'))).toContain('spike(x - 0.5 > 0)');
  });
});
