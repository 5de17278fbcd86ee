// The LIF neuron in WGSL and by gpu.js alone, against f64 loops with running errors; the edges of threshold and window
// exactly; functions by their formulas.

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Backend, ScalarFunction } from '../../../src/backends/backend';
import { cpuBackend } from '../../../src/backends/cpu';
import { backendOn } from '../../../src/backends/gpu';
import type { Driver } from '../../../src/backends/gpu/driver';
import { scanWith } from '../../../src/backends/gpu/scan';
import { twinRunner } from '../../../src/backends/gpu/scan/twin';
import { tensor } from '../../../src/core/create';
import { Random } from '../../../src/core/random';
import { scope } from '../../../src/core/scope';
import { concat, slice } from '../../../src/ops/layout';
import {
  arctan,
  customRectifier,
  customSurrogate,
  fastSigmoid,
  Lif,
  lif,
  mpr,
  rectangular,
  sigmoidal,
  triangular,
} from '../../../src/snn';
import type { FusedNeuron } from '../../../src/snn/options';
import { fire, fireBack, plainNeuron } from '../../../src/testing/cases/neuron';
import { golden, type NeuronCase, readJson } from '../../golden/golden';
import { testDriver } from '../../support/gpu';
import { run, runBack } from '../wasm/kernels/neuron-reference';

const { missing, note, driver: own } = await testDriver();
const driver = own as Driver;

/** A rectifier and a surrogate that the library does not have. */
const bent = customRectifier({
  name: 'bent',
  parameters: { strength: 0.3, centre: 0.5 },
  value: 'x + strength*arctan(x - centre)',
});
const hill = customSurrogate({
  name: 'hill',
  parameters: { width: 0.8 },
  integral: 0.8 * Math.sqrt(Math.PI),
  value: 'width*arctan(u/width)',
  derivative: 'exp(-(u/width)^2)',
});

const specs: readonly (readonly [string, FusedNeuron])[] = [
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
  ['functions of one’s own', { ...plainNeuron, rectifier: bent, surrogate: hill }],
];

const [steps, neurons] = [5, 37];

/** Currents of `neurons` neurons whose potentials stay away from the threshold and the rectangle's edges. */
function certainCurrents(spec: FusedNeuron, random: Random, initial: readonly number[]): number[][] {
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
  const ways = (): [string, Backend][] => {
    const wgsl = backendOn(driver);
    return [
      ['WGSL', wgsl],
      ['gpu.js', { ...wgsl, ...scanWith(driver, twinRunner(driver)) }],
    ];
  };
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
      for (const [way, backend] of ways()) {
        const { spikes, carried } = fire(backend, spec, x, start);
        const back = fireBack(backend, spec, x, start, g, end);
        expect(spikes.binary).toBe(true);
        const handles = [spikes, carried, back.x!, ...(hasStart ? [back.initial!] : [])];
        const [o, v, dx, dInitial] = await Promise.all(handles.map((handle) => driver.read('test', handle)));
        for (const handle of handles) driver.free(handle);
        const within = (what: string, got: number, expected: number, error: number) => {
          if (!(Math.abs(got - expected) <= error)) {
            expect.fail(`${way}, ${what}: ${got} instead of ${expected} ± ${error}`);
          }
        };
        currents.forEach((column, n) => {
          const sequence = run(spec, column, initial[n]!);
          const expected = runBack(spec, sequence, gradients[n]!, carriedGradient[n]!);
          within(`V[T] of ${n}`, v![n]!, sequence.carried, sequence.carriedError);
          if (hasStart) within(`dV[0] of ${n}`, dInitial![n]!, expected.initial, expected.initialError);
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
      const compute = (backend: Backend) => {
        const x = { handle: backend.upload(around), shape: [1, around.length] };
        const ones = { handle: backend.upload(around.map(() => 1)), shape: x.shape };
        const { spikes, carried } = fire(backend, spec, x);
        const dx = fireBack(backend, spec, x, undefined, ones).x!;
        return { x: x.handle, ones: ones.handle, spikes, carried, dx };
      };
      const expected = compute(reference);
      const isOpen = Array.from(await reference.read(expected.dx), (slope) => slope !== 0);
      const fired = Array.from(await reference.read(expected.spikes));
      expect(new Set(isOpen).size + new Set(fired).size).toBe(4);
      for (const [way, backend] of ways()) {
        const got = compute(backend);
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
      const [, backend] = ways()[0]!;
      for (const c of readJson<{ cases: NeuronCase[] }>('neuron.json').cases) {
        const spec: FusedNeuron = {
          ...plainNeuron,
          ...{ dynamics: c.dynamics, tau: c.tau, vth: c.vth, vReset: c.vReset, detachReset: c.detachReset },
          rectifier: c.k === null ? undefined : mpr({ k: c.k }),
          surrogate: rectangular({ window: c.surrogateWidth }),
        };
        const [x, g] = [place(c.x, [c.T, c.n]), place(c.gradSpikes, [c.T, c.n])];
        const { spikes, carried } = fire(backend, spec, x);
        const back = fireBack(backend, spec, x, undefined, g);
        const [o, dx] = [await driver.read('test', spikes), await driver.read('test', back.x!)];
        for (const handle of [x.handle, g.handle, spikes, carried, back.x!]) driver.free(handle);
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

  test('a function that only JavaScript can call is refused by name', () => {
    const x = place([1, 2], [1, 2]);
    const { value, derivative } = { value: (h: number) => h, derivative: () => 1 };
    const strange = { name: 'strange', parameters: {}, value, derivative };
    for (const [, backend] of ways()) {
      expect(() => fire(backend, { ...plainNeuron, rectifier: strange }, x)).toThrow(
        /^neuron: function 'strange' is one of JavaScript, .* as texts, .* backend 'wasm' or 'cpu'/,
      );
      expect(() => backend.map(strange, 'value', x)).toThrow(/^map: function 'strange'/);
    }
    driver.free(x.handle);
  });

  test('formulas are the functions that they stand for', async () => {
    const backend = backendOn(driver);
    const positive = fc.double({ min: 0.2, max: 6, noNaN: true }).map(Math.fround);
    const functions = fc
      .tuple(positive, positive)
      .chain(([p, q]) =>
        fc.constantFrom<ScalarFunction>(
          bent,
          hill,
          mpr({ k: p, centre: q / 6 }),
          triangular({ width: p }),
          sigmoidal({ alpha: p }),
          arctan({ alpha: p }),
          fastSigmoid({ beta: p }),
          customRectifier({ name: 'drawn', parameters: { p, q }, value: 'p*x + cos(q*x)' }),
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
          // WGSL's exp is good to (3 + 2|x|) ulp
          const allowed = 5e-6;
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
