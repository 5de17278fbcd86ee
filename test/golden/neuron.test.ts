import { beforeAll, describe, expect, test } from 'vitest';
import { tensor } from '../../src/core/create';
import { scope } from '../../src/core/scope';
import { init } from '../../src/init';
import { lif, lifCell, lifTrace, mpr, rectangular, unroll } from '../../src/snn';
import { golden, type NeuronCase, readJson } from './golden';

const TOLERANCE = 1e-9;

function expectAll(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(actual.length).toBe(expected.length);
  const worst = expected.reduce((error, value, i) => Math.max(error, Math.abs(actual[i]! - value)), 0);
  expect(worst, what).toBeLessThanOrEqual(TOLERANCE);
}

describe.skipIf(golden.missing)(`the neuron equals the reference vectors${golden.note}`, () => {
  beforeAll(async () => {
    await init({ precision: 'f64' });
  });
  const cases = golden.missing ? [] : readJson<{ cases: NeuronCase[] }>('neuron.json').cases;
  test('there are cases', () => {
    expect(cases.length).toBeGreaterThan(0);
  });
  cases.forEach((c, index) => {
    const options = {
      dynamics: c.dynamics,
      tau: c.tau,
      vth: c.vth,
      vReset: c.vReset,
      detachReset: c.detachReset,
      rectifier: c.k === null ? null : mpr({ k: c.k }),
      surrogate: rectangular({ window: c.surrogateWidth }),
    };
    test(`case ${index}: ${c.dynamics}, k ${c.k ?? 'none'}, T ${c.T}, window ${c.surrogateWidth}, detach ${c.detachReset}`, () => {
      scope(() => {
        const x = tensor(c.x, [c.T, c.n], { requiresGrad: true });
        const g = tensor(c.gradSpikes, [c.T, c.n]);
        const trace = lifTrace(x, options);
        expectAll(trace.charged.dataSync(), c.membrane, 'H');
        expectAll(trace.rectified.dataSync(), c.rectified, 'Ĥ');
        expectAll(trace.carried.dataSync(), c.carried, 'V');
        const spikes = lif(x, options);
        expectAll(spikes.dataSync(), c.spikes, 'O');
        spikes.backward(g);
        expectAll(x.grad!.dataSync(), c.gradX, 'dX, fused');
        x.grad = null;
        unroll(lifCell(options), x).outputs.backward(g);
        expectAll(x.grad!.dataSync(), c.gradX, 'dX, unrolled');
      });
    });
  });
});
