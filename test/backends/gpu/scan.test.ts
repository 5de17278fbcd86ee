// Neurons of equations on the gpu, in WGSL and by gpu.js alone. WGSL passes the conformance suite with the backend;
// here its twin does, and WGSL runs drawn neurons, those with more arrays than a device binds, and what is counted.

import { afterAll, describe, expect } from 'vitest';
import type { Backend, Handle } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import { backendOn, type GpuBackend } from '../../../src/backends/gpu';
import type { Driver } from '../../../src/backends/gpu/driver';
import { scanWith } from '../../../src/backends/gpu/scan';
import { twinRunner } from '../../../src/backends/gpu/scan/twin';
import { arctan, customRectifier, learnable, type NeuronModel, neuron, rectangular } from '../../../src/snn';
import { conformanceCases } from '../../../src/testing';
import { distance, distances, drawnNeuron, runDrawn, tiedNeurons } from '../../support/drawn-neurons';
import { testDriver } from '../../support/gpu';
import { fc, test } from '../../support/properties';

const { missing, note, driver: own } = await testDriver();
const driver = own as Driver;

describe.skipIf(missing)(`neurons of equations on the gpu${note}`, () => {
  const reference = cpuBackend('f64');
  const gpu = missing ? (undefined as never) : backendOn(driver);
  const twin: Backend = { ...gpu, ...(missing ? {} : scanWith(driver, twinRunner(driver))) };
  afterAll(() => driver.close());

  const cases = conformanceCases().filter(({ kernel }) => kernel === 'scan' || kernel === 'scanGradient');
  test.each(cases)('by gpu.js alone as the reference: $kernel $name', ({ run }) => run(reference, twin));

  const shapes = [
    [4, 2, 3, 5],
    [7, 3],
    [1, 2, 2],
  ];

  test.prop([drawnNeuron, fc.constantFrom(...shapes), fc.boolean()], { numRuns: 8 })(
    'drawn ones are what the equations say',
    async (model, shape, given) => {
      const wanted = await runDrawn(model, shape, given, reference);
      const ours = await runDrawn(model, shape, given, gpu);
      const ties = tiedNeurons(model, shape, given);
      const { outputs, gradients } = distances(ours, wanted, ties, { model, shape, given });
      expect(outputs).toBeLessThan(1e-5);
      expect(gradients).toBeLessThan(1e-4);
    },
  );

  const shape = [4, 6, 3];
  const wave = (size: number, at = 0) => Float32Array.from({ length: size }, (_, i) => Math.sin(i * i + at));

  /** A step of a neuron's: everything that comes out, and the dispatches it took. */
  function step(model: NeuronModel, backend: Backend) {
    const place = (of: readonly number[], at: number) => {
      const size = of.reduce((a, b) => a * b, 1);
      return { handle: backend.upload(wave(size, at)), shape: of };
    };
    const parameters = model.parameters.flatMap(({ learnable: kind }, k) =>
      kind === undefined ? [] : [place(kind.per === 'channel' ? [3] : [], k)],
    );
    const initial = model.states.map((_, k) => place(shape.slice(1), 7 + k));
    const operands = { x: place(shape, 20), parameters, initial };
    const gradients = { outputs: model.outputs.map((_, k) => place(shape, 30 + k)), last: initial };
    const counted = () => (backend as GpuBackend).counters?.().dispatches ?? 0;
    const before = counted();
    const { outputs, last } = backend.scan(model, operands);
    const between = counted();
    const back = backend.scanGradient(model, operands, gradients);
    const dispatches = [between - before, counted() - between];
    const placed = [operands.x, ...parameters, ...initial, ...gradients.outputs].map(({ handle }) => handle);
    return {
      outputs,
      dispatches,
      placed,
      results: [...outputs, ...last, back.x, ...back.initial.map((handle) => handle!), ...back.parameters],
    };
  }

  const free = (backend: Backend, handles: readonly Handle[]) => {
    for (const handle of handles) backend.free(handle);
  };

  test('more arrays than a device binds are joined, and what is left comes in a second dispatch', async () => {
    const model = neuron(
      `i = p*i + x
      h = q*v + i
      spikes = spike(h - r - b*a)
      v = h*(1 - spikes)
      a = c*a + spikes`,
      {
        parameters: {
          ...{ p: learnable(0.5), q: learnable(0.5, { per: 'channel' }), r: learnable(1) },
          ...{ b: learnable(0.2, { per: 'channel' }), c: learnable(0.9) },
        },
        surrogate: arctan(),
        outputs: ['spikes', 'h', 'i'],
      },
    );
    const [ours, theirs] = [step(model, gpu), step(model, reference)];
    // forward parameters are joined, and initial states; six arrays come out in two runs. Backward gradients of
    // outputs are joined too, nine arrays come out in three runs, and five are sums
    expect(ours.dispatches).toEqual([2 + 2, 3 + 3 + 5]);
    for (const [k, handle] of ours.results.entries()) {
      const [got, wanted] = [await gpu.read(handle), await reference.read(theirs.results[k]!)];
      expect(distance([...got], [...wanted]), `${k}`).toBeLessThan(k === 0 ? 1e-9 : 1e-5);
    }
    free(gpu, [...ours.placed, ...ours.results]);
  });

  test('LIF takes one dispatch forward and one back, and marks its spikes', () => {
    const model = neuron('h = 0.25*v + x; spikes = spike(h - 0.5); v = h*(1 - spikes)', {
      surrogate: rectangular(),
      outputs: ['spikes', 'h'],
    });
    const { outputs, dispatches, placed, results } = step(model, gpu);
    expect(dispatches).toEqual([1, 1]);
    expect(outputs.map(({ binary }) => binary)).toEqual([true, false]);
    free(gpu, [...placed, ...results]);
  });

  test('neurons of the same equations share kernels', () => {
    const make = () => neuron('v = 0.5*v + x');
    const once = step(make(), gpu);
    const before = gpu.counters().pipelines;
    const again = step(make(), gpu);
    expect(gpu.counters().pipelines).toBe(before);
    for (const { placed, results } of [once, again]) free(gpu, [...placed, ...results]);
  });

  test('a function of one’s own is compiled from its texts', async () => {
    const parameters = { strength: 0.25 };
    const phi = customRectifier({ name: 'bent', parameters, value: 'x + strength*tanh(x)' });
    const model = neuron('h = 0.5*v + x; r = phi(h); spikes = spike(r - exp(-1)); v = h - spikes', {
      functions: { phi },
      surrogate: arctan(),
      outputs: ['spikes', 'r'],
    });
    const wanted = step(model, reference);
    for (const backend of [gpu, twin]) {
      const { placed, results } = step(model, backend);
      for (const [k, handle] of results.entries()) {
        const [got, theirs] = [await gpu.read(handle), await reference.read(wanted.results[k]!)];
        expect(distance([...got], [...theirs]), `${k}`).toBeLessThan(1e-5);
      }
      free(gpu, [...placed, ...results]);
    }
  });

  test('every buffer is free again', () => {
    expect(driver.use).toMatchObject({ live: 0, liveBytes: 0 });
  });
});
