// Neurons that fast-check draws, compiled for WebAssembly and evaluated in doubles: the same spikes, outputs, states
// and gradients, in every layout (groups of eight channels, odd rows, single numbers) and flavour, the same bits for
// two threads.

import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type Backend, createBackend, learnable, mpr, neuron } from '../../src';
import { distance, distances, drawnNeuron, runDrawn, tiedNeurons } from '../support/drawn-neurons';
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
  let neurons = 0;
  let tied = 0;

  test.prop([drawnNeuron, fc.constantFrom(...shapes), fc.boolean()], { numRuns: 12 })(
    'compiled equals evaluated',
    async (model, shape, given) => {
      const { exact, one, two } = backends;
      const ours = await runDrawn(model, shape, given, one);
      expect(await runDrawn(model, shape, given, two)).toEqual(ours);
      const ties = tiedNeurons(model, shape, given);
      neurons += shape.slice(1).reduce((a, b) => a * b, 1);
      tied += ties.size;
      const wanted = await runDrawn(model, shape, given, exact);
      const { outputs, gradients } = distances(ours, wanted, ties, { model, shape, given });
      expect(outputs).toBeLessThan(1e-5);
      expect(gradients).toBeLessThan(1e-5);
    },
  );

  test('most neurons have no tie, and are compared to the end', () => {
    expect(tied / neurons).toBeLessThan(0.5); // a drawn neuron may have nothing but ties
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
