// Neurons of equations over tensors: the same as the library's own neuron where that has the same equations,
// gradients by central differences, pieces, names and shapes that are refused.

import { describe, expect, test } from 'vitest';
import {
  add,
  arctan,
  customSurrogate,
  init,
  lif,
  lifSequence,
  lifTrace,
  mpr,
  mul,
  neuron,
  rectangular,
  runNeuron,
  sigmoidal,
  sum,
  type Tensor,
  tensor,
} from '../../src';

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  const currents = Array.from({ length: 5 * 3 * 8 }, (_, i) => 0.9 * Math.sin(i * 2.3) + 0.35);
  const weights = Array.from({ length: 5 * 3 * 8 }, (_, i) => Math.cos(i * 1.3));

  const cases = [
    [
      'hard reset, MPR',
      { rectifier: mpr({ k: 3 }) },
      'h = 0.25*v + x; spikes = spike(phi(h) - 0.5); v = h*(1 - spikes)',
    ],
    [
      'soft reset',
      { reset: 'soft', surrogate: arctan() },
      'h = 0.25*v + x; spikes = spike(h - 0.5); v = h - 0.5*spikes',
    ],
    [
      'detached reset to a value',
      { detachReset: true, vReset: -0.1, surrogate: sigmoidal() },
      'h = 0.25*v + x; spikes = spike(h - 0.5); o = detach(spikes); v = h*(1 - o) - 0.1*o',
    ],
    [
      "the paper's charge",
      { dynamics: 'paper' },
      'h = v + 0.25*x; spikes = spike(h - 0.5); v = h*(1 - spikes)',
    ],
  ] as const;

  test.each(cases)('gives what lif gives: %s', async (_, options, text) => {
    await init({ backend });
    const model = neuron(text, {
      surrogate: 'surrogate' in options ? options.surrogate : rectangular(),
      functions: 'rectifier' in options ? { phi: options.rectifier } : {},
    });
    const results = await Promise.all(
      [true, false].map(async (byEquations) => {
        const x = tensor(currents, [5, 3, 8], { requiresGrad: true });
        const v = tensor(currents.slice(0, 24).reverse(), [3, 8], { requiresGrad: true });
        const w = tensor(weights, [5, 3, 8]);
        let spikes: Tensor;
        let last: Tensor;
        if (byEquations) {
          const run = runNeuron(model, x, { initial: { v } });
          [spikes, last] = [run.spikes, run.states.v!];
        } else {
          const run = lifSequence(x, v, options);
          [spikes, last] = [run.spikes, run.carried];
        }
        add(sum(mul(spikes, w)), sum(mul(last, last))).backward();
        return Promise.all([spikes, last, x.grad!, v.grad!].map(async (t) => [...(await t.data())]));
      }),
    );
    const [ours, theirs] = results as [number[][], number[][]];
    expect(ours[0]).toEqual(theirs[0]);
    for (const k of [1, 2, 3])
      for (const [i, value] of ours[k]!.entries()) expect(value).toBeCloseTo(theirs[k]![i]!, 5);
  });

  test('traces what lifTrace traces', async () => {
    await init({ backend });
    const model = neuron('h = 0.25*v + x; r = phi(h); spikes = spike(r - 0.5); v = h*(1 - spikes)', {
      functions: { phi: mpr() },
    });
    const x = tensor(currents, [5, 3, 8]);
    const { trace } = runNeuron(model, x, { trace: true });
    const wanted = lifTrace(x, { rectifier: mpr() });
    expect(Object.keys(trace!)).toEqual(['h', 'r', 'spikes', 'v']);
    const pairs = [
      [trace!.h!, wanted.charged],
      [trace!.r!, wanted.rectified],
      [trace!.spikes!, wanted.spikes],
      [trace!.v!, wanted.carried],
    ] as const;
    for (const [ours, theirs] of pairs) {
      const data = [...(await theirs.data())];
      for (const [i, value] of [...(await ours.data())].entries()) expect(value).toBeCloseTo(data[i]!, 5);
    }
  });
});

test('two surrogates of one name are two, on wasm as on cpu', async () => {
  for (const backend of ['cpu', 'wasm'] as const) {
    await init({ backend });
    const gradients = ['1', '2'].map((derivative) => {
      const x = tensor([[0.4, 0.6]], undefined, { requiresGrad: true });
      sum(
        lif(x, { surrogate: customSurrogate({ name: 'own', integral: 1, value: 'u', derivative }) }),
      ).backward();
      return [...x.grad!.dataSync()];
    });
    expect(gradients).toEqual([
      [1, 1],
      [2, 2],
    ]);
  }
});
