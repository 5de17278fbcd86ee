// Neurons that fast-check draws, compiled for WebAssembly and evaluated in doubles: the same spikes, outputs, states
// and gradients, in every layout (groups of eight channels, odd rows, single numbers) and flavour, the same bits for
// two threads.

import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type Backend, createBackend, learnable, mpr, neuron } from '../../src';
import { neurons } from '../../src/testing';
import { distance, runDrawn } from '../support/drawn-neurons';
import { fc, test } from '../support/properties';

const shapes = [
  [4, 2, 3, 5, 16],
  [3, 7, 8],
  [2, 5, 13],
  [5, 2, 2, 2, 24],
  [1, 3, 6],
];

describe.each(['relaxed', 'plain'] as const)('%s', (flavour) => {
  let backends: { exact: Backend; one: Backend; two: Backend };
  beforeAll(async () => {
    backends = {
      exact: await createBackend({ backend: 'cpu', precision: 'f64' }),
      one: await createBackend({ backend: 'wasm', threads: 1, simd: flavour }),
      two: await createBackend({ backend: 'wasm', threads: 2, simd: flavour }),
    };
  });
  afterAll(() => {
    for (const backend of Object.values(backends ?? {}))
      if ('close' in backend) (backend.close as () => void)();
  });
  let compared = 0;
  let parted = 0;

  // one seed: a draw in some hundred has a tie of a comparison inside its equations, such as cos(b) < spikes at b = 0,
  // and ties are looked for at the spikes alone
  test.prop([neurons(), fc.constantFrom(...shapes), fc.boolean()], { numRuns: 12, seed: 7 })(
    'compiled equals evaluated',
    async (model, shape, given) => {
      const { exact, one, two } = backends;
      const wanted = await runDrawn(model, shape, given, exact);
      const ours = await runDrawn(model, shape, given, one);
      expect(await runDrawn(model, shape, given, two)).toEqual(ours);
      compared++;
      // a spike on the other side of its threshold: what follows is another sequence
      if (distance(ours.outputs[0]!, wanted.outputs[0]!) > 0) {
        parted++;
        return;
      }
      for (const [k, values] of ours.outputs.entries())
        expect(distance(values, wanted.outputs[k]!)).toBeLessThan(1e-5);
      for (const [k, values] of ours.gradients.entries())
        expect(distance(values, wanted.gradients[k]!)).toBeLessThan(1e-4);
    },
  );

  test('hardly ever on another side of a threshold', () => {
    expect(compared).toBeGreaterThan(8);
    expect(parted).toBeLessThanOrEqual(compared / 6);
  });

  test('a rectifier in front of the threshold is none forward, a polynomial back', async () => {
    const model = neuron('h = 0.25*v + x; spikes = spike(phi(h) - 0.5 + 0*p + 0*q); v = h*(1 - spikes)', {
      functions: { phi: mpr({ k: 3 }) },
      parameters: { p: learnable(1), q: learnable(1, { per: 'channel' }) },
    });
    const wanted = await runDrawn(model, shapes[0]!, false, backends.exact);
    const ours = await runDrawn(model, shapes[0]!, false, backends.one);
    expect(ours.outputs[0]).toEqual(wanted.outputs[0]);
    for (const [k, values] of ours.gradients.entries())
      expect(distance(values, wanted.gradients[k]!)).toBeLessThan(1e-5);
  });
});
