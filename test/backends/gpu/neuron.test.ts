// The neuron in WGSL and its twin in gpu.js, against f64 loops with running errors; the edges of threshold and window
// exactly; functions of the user's own by their sources.

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { NeuronKernels, NeuronSpec, ScalarFunction } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import { backendOn } from '../../../src/backends/gpu';
import type { Driver } from '../../../src/backends/gpu/driver';
import { neuronKernels } from '../../../src/backends/gpu/neuron';
import { neuronTwin } from '../../../src/backends/gpu/neuron/twin';
import { tensor } from '../../../src/core/create';
import { Random } from '../../../src/core/random';
import { scope } from '../../../src/core/scope';
import { concat, slice } from '../../../src/ops/layout';
import {
  arctan,
  customSurrogate,
  fastSigmoid,
  Lif,
  lif,
  mpr,
  rectangular,
  sigmoidal,
  triangular,
} from '../../../src/snn';
import { plainNeuron } from '../../../src/testing/cases/neuron';
import { golden, type NeuronCase, readJson } from '../../golden/golden';
import { testDriver } from '../../support/gpu';
import { run, runBack } from '../wasm/kernels/neuron-reference';

const { missing, note, driver: own } = await testDriver();
const driver = own as Driver;

/** A rectifier and a surrogate that no backend knows by name. */
const bent: ScalarFunction = {
  name: 'bent',
  parameters: { strength: 0.3, centre: 0.5 },
  source: {
    value: 'x + strength * Math.atan(x - centre)',
    derivative: '1 + strength / (1 + (x - centre) * (x - centre))',
  },
  value: (x) => x + 0.3 * Math.atan(x - 0.5),
  derivative: (x) => 1 + 0.3 / (1 + (x - 0.5) ** 2),
};
const bell = customSurrogate({
  name: 'bell',
  parameters: { width: 0.8 },
  integral: 0.8 * Math.sqrt(Math.PI),
  source: { value: 'width * Math.atan(x / width)', derivative: 'Math.exp(-((x / width) ** 2))' },
  value: (x) => 0.8 * Math.atan(x / 0.8),
  derivative: (x) => Math.exp(-((x / 0.8) ** 2)),
});

const specs: readonly (readonly [string, NeuronSpec])[] = [
  ['leak, hard', plainNeuron],
  ['leak, hard, mpr', { ...plainNeuron, rectifier: mpr({ k: 3 }) }],
  [
    'leak, soft, detached, mpr',
    { ...plainNeuron, reset: 'soft', detachReset: true, rectifier: mpr({ k: 5 }) },
  ],
  ['paper, soft', { ...plainNeuron, dynamics: 'paper', reset: 'soft', tau: 0.6 }],
  ['paper, hard, vth 1', { ...plainNeuron, dynamics: 'paper', vth: 1, vReset: -0.3, tau: 0.9 }],
  ['triangular', { ...plainNeuron, surrogate: triangular() }],
  ['sigmoidal, mpr', { ...plainNeuron, surrogate: sigmoidal(), rectifier: mpr({ k: 3 }) }],
  ['arctan', { ...plainNeuron, surrogate: arctan(), reset: 'soft' }],
  ['fastSigmoid, mpr', { ...plainNeuron, surrogate: fastSigmoid(), rectifier: mpr({ k: 1 }) }],
  ['by source', { ...plainNeuron, rectifier: bent, surrogate: bell }],
];

const [steps, neurons] = [5, 37];

/** Currents of `neurons` neurons whose potentials stay away from the threshold and the rectangle's edges. */
function certainCurrents(spec: NeuronSpec, random: Random, initial: readonly number[]): number[][] {
  const edge = spec.surrogate.name === 'rectangular' ? spec.surrogate.parameters.window! / 2 : 0;
  return initial.map((start) => {
    for (;;) {
      const currents = Array.from({ length: steps }, () => Math.fround(random.normal(0.4, 0.7)));
      const isCertain = run(spec, currents, start).charged.every((h) => {
        const distance = Math.abs((spec.rectifier?.value(h) ?? h) - spec.vth);
        return distance > 1e-4 && Math.abs(distance - edge) > 1e-4;
      });
      if (isCertain) return currents;
    }
  });
}

describe.skipIf(missing)(`the neuron on the gpu${note}`, () => {
  const ways = (): [string, NeuronKernels][] => [
    ['WGSL', neuronKernels(driver)],
    ['gpu.js', neuronTwin(driver)],
  ];
  const place = (data: ArrayLike<number>, shape = [data.length]) => ({
    handle: driver.upload('test', data),
    shape,
  });
  afterAll(() => driver.close());

  describe.each([false, true])('with V[0] and a gradient of V[T]: %s', (hasStart) => {
    test.each(specs)('WGSL and gpu.js are within rounding of f64: %s', async (name, spec) => {
      const random = new Random(name.length, 7);
      const draw = (size: number) => Array.from({ length: size }, () => Math.fround(random.normal(0, 0.5)));
      const initial = hasStart ? draw(neurons) : new Array<number>(neurons).fill(0);
      const carriedGradient = hasStart ? draw(neurons) : new Array<number>(neurons).fill(0);
      const currents = certainCurrents(spec, random, initial);
      const gradients = currents.map(() => draw(steps));
      const byTime = (columns: readonly (readonly number[])[]) =>
        place(
          Array.from({ length: steps * neurons }, (_, i) => columns[i % neurons]![Math.floor(i / neurons)]!),
          [steps, neurons],
        );
      const [x, g] = [byTime(currents), byTime(gradients)];
      const start = hasStart ? place(initial) : undefined;
      const end = hasStart ? place(carriedGradient) : undefined;
      for (const [way, kernels] of ways()) {
        const { spikes, carried, saved } = kernels.neuron(x, start, spec);
        const back = kernels.neuronGradient(g, end, saved, spec);
        expect(spikes.binary).toBe(true);
        const handles = [spikes, carried, back.x, back.initial];
        const [o, v, dx, dInitial] = await Promise.all(handles.map((handle) => driver.read('test', handle)));
        for (const handle of [...handles, ...saved]) driver.free(handle);
        const within = (what: string, got: number, expected: number, error: number) => {
          if (!(Math.abs(got - expected) <= error)) {
            expect.fail(`${way}, ${what}: ${got} instead of ${expected} ± ${error}`);
          }
        };
        currents.forEach((column, n) => {
          const sequence = run(spec, column, initial[n]!);
          const expected = runBack(spec, sequence, gradients[n]!, carriedGradient[n]!);
          within(`V[T] of ${n}`, v![n]!, sequence.carried, sequence.carriedError);
          within(`dV[0] of ${n}`, dInitial![n]!, expected.initial, expected.initialError);
          for (let t = 0; t < steps; t++) {
            expect(o![t * neurons + n], `${way}, spike of ${n} at ${t}`).toBe(sequence.spikes[t]);
            within(`dX of ${n} at ${t}`, dx![t * neurons + n]!, expected.dx[t]!, expected.dxErrors[t]!);
          }
        });
      }
      for (const operand of [x, g, start, end]) if (operand) driver.free(operand.handle);
    });
  });

  test('threshold and window end at the very f32 number where they do in f64', async () => {
    const reference = cpuBackend('f64');
    for (const spec of [
      { ...plainNeuron, rectifier: mpr({ k: 3 }) },
      { ...plainNeuron, vth: 0.7 },
      { ...plainNeuron, vth: 0.1, surrogate: rectangular({ window: 0.3 }) },
    ]) {
      const half = spec.surrogate.parameters.window! / 2;
      const edges = [spec.vth, spec.vth - half, spec.vth + half, 0, 1].map(Math.fround);
      const around = edges.flatMap((h) => [-2, -1, 0, 1, 2].map((ulp) => Math.fround(h + ulp * 2 ** -25)));
      const compute = async (kernels: NeuronKernels, on: { upload(data: ArrayLike<number>): never }) => {
        const x = { handle: on.upload(around), shape: [1, around.length] };
        const ones = { handle: on.upload(around.map(() => 1)), shape: x.shape };
        const { spikes, carried, saved } = kernels.neuron(x, undefined, spec);
        const back = kernels.neuronGradient(ones, undefined, saved, spec);
        return {
          x: x.handle,
          ones: ones.handle,
          spikes,
          carried,
          saved: saved[0]!,
          dx: back.x,
          end: back.initial,
        };
      };
      const expected = await compute(reference, reference as never);
      const isOpen = Array.from(await reference.read(expected.dx), (slope) => slope !== 0);
      const fired = Array.from(await reference.read(expected.spikes));
      expect(new Set(isOpen).size + new Set(fired).size).toBe(4);
      for (const [way, kernels] of ways()) {
        const upload = (data: ArrayLike<number>) => driver.upload('test', data);
        const got = await compute(kernels, { upload } as never);
        expect(Array.from(await driver.read('test', got.spikes)), way).toEqual(fired);
        expect(
          Array.from(await driver.read('test', got.dx), (slope) => slope !== 0),
          way,
        ).toEqual(isOpen);
        for (const handle of Object.values(got)) driver.free(handle);
      }
    }
  });

  test.skipIf(golden.missing)(
    `spikes and gradients are those of the reference vectors${golden.note}`,
    async () => {
      const [, kernels] = ways()[0]!;
      for (const c of readJson<{ cases: NeuronCase[] }>('neuron.json').cases) {
        const spec: NeuronSpec = {
          ...plainNeuron,
          ...{ dynamics: c.dynamics, tau: c.tau, vth: c.vth, vReset: c.vReset, detachReset: c.detachReset },
          rectifier: c.k === null ? undefined : mpr({ k: c.k }),
          surrogate: rectangular({ window: c.surrogateWidth }),
        };
        const [x, g] = [place(c.x, [c.T, c.n]), place(c.gradSpikes, [c.T, c.n])];
        const { spikes, carried, saved } = kernels.neuron(x, undefined, spec);
        const back = kernels.neuronGradient(g, undefined, saved, spec);
        const [o, dx] = [await driver.read('test', spikes), await driver.read('test', back.x)];
        for (const handle of [x.handle, g.handle, spikes, carried, ...saved, back.x, back.initial]) {
          driver.free(handle);
        }
        for (let n = 0; n < c.n; n++) {
          const column = (list: ArrayLike<number>) =>
            Array.from({ length: c.T }, (_, t) => list[t * c.n + n]!);
          const sequence = run(spec, column(c.x), 0);
          const { dxErrors } = runBack(spec, sequence, column(c.gradSpikes), 0);
          expect(column(o)).toEqual(column(c.spikes));
          column(dx).forEach((slope, t) => {
            expect(Math.abs(slope - column(c.gradX)[t]!)).toBeLessThanOrEqual(dxErrors[t]!);
          });
        }
      }
    },
  );

  test('a layer that goes on gives in pieces the very spikes of the whole', async () => {
    const random = new Random(1);
    const data = Float32Array.from({ length: 9 * 37 }, () => random.normal(0.4, 1));
    const options = { rectifier: mpr(), tau: 0.9 };
    const layer = new Lif({ ...options, stateful: true });
    const both = scope(() => {
      const x = tensor(data, [9, 37], { backend: backendOn(driver) });
      const pieces = [slice(x, [0], [4]), slice(x, [4], [9])].map((piece) => layer.call(piece));
      return [lif(x, options), concat(pieces)];
    });
    const [whole, joined] = await Promise.all(both.map((spikes) => spikes.data()));
    expect(whole).toContain(1);
    expect(joined).toEqual(whole);
    for (const spikes of both) spikes.dispose();
    layer.dispose();
  });

  test('without a source, an unknown function is refused by the kernel’s name', () => {
    const x = place([1, 2], [1, 2]);
    const { source: _, ...bare } = bent;
    for (const [, kernels] of ways()) {
      expect(() => kernels.neuron(x, undefined, { ...plainNeuron, rectifier: bare })).toThrow(
        /^neuron: function 'bent' .* source: .* backend 'wasm' or 'cpu'/,
      );
      expect(() =>
        kernels.neuronGradient(x, undefined, [x.handle], { ...plainNeuron, surrogate: { ...bare } }),
      ).toThrow(/^neuronGradient: function 'bent'/);
    }
    driver.free(x.handle);
  });

  test('sources and formulas known by name are the functions that they stand for', async () => {
    const backend = backendOn(driver);
    const positive = fc.double({ min: 0.2, max: 6, noNaN: true }).map(Math.fround);
    const functions = fc.tuple(positive, positive).chain(([p, q]) =>
      fc.constantFrom<ScalarFunction>(
        bent,
        bell,
        mpr({ k: p, centre: q / 6 }),
        triangular({ width: p }),
        sigmoidal({ alpha: p }),
        arctan({ alpha: p }),
        fastSigmoid({ beta: p }),
        {
          name: 'drawn',
          parameters: { p, q },
          source: { value: 'p * x + Math.cos(q * x)', derivative: 'p - q * Math.sin(q * x)' },
          value: (x) => p * x + Math.cos(q * x),
          derivative: (x) => p - q * Math.sin(q * x),
        },
      ),
    );
    const points = fc.array(fc.double({ min: -3, max: 3, noNaN: true }).map(Math.fround), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(functions, points, async (f, xs) => {
        const x = place(xs);
        for (const which of ['value', 'derivative'] as const) {
          const y = backend.map(f, which, x);
          const got = await backend.read(y);
          backend.free(y);
          // WGSL's cos, sin and exp are good to 2^-11, of angles up to π, and to (3 + 2|x|) ulp
          const allowed = f.name === 'drawn' ? 0.02 : 5e-6;
          const most = Math.max(1, Math.abs(f.derivative(f.parameters.centre ?? 0)));
          xs.forEach((at, i) => {
            const expected = f[which](at);
            expect(Math.abs(got[i]! - expected), `${which} of ${f.name} at ${at}`).toBeLessThanOrEqual(
              allowed * (most + Math.abs(expected)),
            );
          });
        }
        driver.free(x.handle);
      }),
      { numRuns: 25, seed: 4 },
    );
  });

  test('every buffer is free again', () => {
    expect(driver.use).toMatchObject({ live: 0, liveBytes: 0 });
  });
});

test('a surrogate of one’s own keeps its source', () => {
  expect(bell.source?.derivative).toBe('Math.exp(-((x / width) ** 2))');
});
