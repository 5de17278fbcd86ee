// Firing rates held between bounds, layer by layer.

import { beforeEach, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { scope } from '../../src/core/scope';
import { noGrad } from '../../src/core/tape';
import { Direct, Dropout, holdRates, Lif, TdBatchNorm, TimeMean } from '../../src/index';
import { Linear, sequential } from '../../src/nn';
import { Sgd } from '../../src/optim';
import { neuronLayers } from '../../src/snn/neuron-layer';
import { initTested } from '../support/backend';
import { normal } from './numbers';

beforeEach(() => initTested());

const build = () =>
  sequential(
    new Direct(3),
    new Linear(6, 16, { deviation: 0.5 }),
    new TdBatchNorm(16),
    new Lif(),
    new Linear(16, 16, { deviation: 0.5 }),
    new TdBatchNorm(16),
    new Lif(),
    new Linear(16, 3),
    new TimeMean(),
  );
const input = () => tensor(normal(24 * 6, 3), [24, 6]);

/** The firing rate of each layer in a forward pass. */
function ratesOf(network: ReturnType<typeof build>): number[] {
  const rates: number[] = [];
  const hooks = neuronLayers(network).map(([, layer]) =>
    layer.onForward((_, y) => {
      const spikes = Array.from(y.dataSync());
      rates.push(spikes.reduce((sum, spike) => sum + spike, 0) / spikes.length);
    }),
  );
  noGrad(() => scope(() => network.call(input()).dataSync()));
  for (const remove of hooks) remove();
  return rates;
}

describe('holdRates', () => {
  test.each([
    ['down', { low: 0.02, high: 0.06 }],
    ['up', { low: 0.5, high: 0.6 }],
  ])('training moves the rates of all layers %s, into the bounds', (_, bounds) => {
    const network = build();
    const outside = (rate: number) => rate < bounds.low || rate > bounds.high;
    expect(ratesOf(network).every(outside)).toBe(true);
    const held = holdRates(network, { ...bounds, strength: 10 });
    const sgd = new Sgd(network.parameters(), { lr: 0.05, momentum: 0.9 });
    for (let step = 0; step < 60; step++) {
      scope(() => {
        network.call(input());
        held.penalty().backward();
      });
      sgd.step();
      sgd.zeroGrad();
    }
    held.release();
    for (const rate of ratesOf(network)) {
      expect(rate).toBeGreaterThan(bounds.low - 0.02);
      expect(rate).toBeLessThan(bounds.high + 0.02);
    }
  });

  test('is λ·Σ of the layers, each with bounds of its own where it has them', () => {
    const network = build();
    const names = neuronLayers(network).map(([name]) => name);
    const rates = ratesOf(network);
    const held = holdRates(network, { high: 0, strength: 2, layers: { [names[1]!]: { low: 1, high: 1 } } });
    scope(() => {
      network.call(input());
      const wanted = 2 * (rates[0]! ** 2 + (1 - rates[1]!) ** 2);
      expect(held.penalty().itemSync()).toBeCloseTo(wanted, 5);
      expect(held.penalty().itemSync()).toBe(0); // of a pass once
      network.evaluate().call(input());
      expect(held.penalty().itemSync()).toBe(0); // nothing is held where nothing is trained
    });
  });

  test('names a layer that there is not, and a network without neurons', () => {
    expect(() => holdRates(build(), { layers: { '33': { high: 1 } } })).toThrow(
      /holdRates: there is no layer of neurons '33'.*; there are 3, 6/,
    );
    expect(() => holdRates(sequential(new Linear(1, 1)))).toThrow(/the network has no neurons that fire/);
  });
});

test('Dropout with sameMask drops the same spikes at all steps, and those of other neurons at each call', () => {
  const layer = new Dropout(0.5, { sameMask: true });
  const [steps, length] = [4, 64];
  const ones = tensor(new Float64Array(steps * length).fill(1), [steps, 1, length]);
  const masks = [0, 1].map(() => Array.from(layer.call(ones).dataSync()));
  for (const mask of masks) {
    const first = mask.slice(0, length);
    expect(new Set(first)).toEqual(new Set([0, 2]));
    for (let t = 1; t < steps; t++) expect(mask.slice(t * length, (t + 1) * length)).toEqual(first);
  }
  expect(masks[0]).not.toEqual(masks[1]);
  expect(Array.from(layer.evaluate().call(ones).dataSync())).toEqual(Array.from(ones.dataSync()));
});
