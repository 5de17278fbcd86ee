// mutantsOf: small changes, each described and none of them the same neuron; and our own laws catch almost all.

import { describe, expect, test } from 'vitest';
import { alif, arctan, explain, learnable, li, mpr, type NeuronModel, neuron, plif } from '../../src';
import { checkNeuron, LawBroken, mutantsOf } from '../../src/testing';

const lif = neuron('h = tau*v + x\nspikes = spike(h - vth)\nv = h*(1 - spikes)', {
  parameters: { tau: learnable(0.5), vth: 1 },
  surrogate: arctan(),
});
const izhikevich = neuron(
  `h = v + 0.04*v^2 + 5*v + 140 - u + x
   w = u + a*(b*v - u)
   spikes = spike(h - 30)
   v = spikes ? c : h
   u = w + d*spikes`,
  { parameters: { a: 0.02, b: 0.2, c: -65, d: 8 }, start: { v: -65, u: -13 }, surrogate: arctan() },
);

/** Whether a law finds something wrong: those first that find the most, which saves the time of all others. */
function isCaught(
  neuron: NeuronModel,
  promisedBy: NeuronModel,
  laws: (string | undefined)[] = ['unrolled', 'gradient', undefined],
): boolean {
  return laws.some((law) => {
    try {
      checkNeuron(neuron, { promisedBy, law, runs: 10, seed: 1, shrink: false });
      return false;
    } catch (error) {
      expect(error).toBeInstanceOf(LawBroken);
      return true;
    }
  });
}

const descriptions = (model: NeuronModel) => mutantsOf(model).map(({ description }) => description);

describe('mutantsOf', () => {
  test('changes one thing at a time, and says what', () => {
    const found = descriptions(lif);
    for (const change of [
      'line 1, sign: h = tau*v + x → h = tau*v - x',
      'line 1, operator: h = tau*v + x → h = tau/v + x',
      'line 1, dropped: h = tau*v + x → h = v + x',
      'line 2, sign: spikes = spike(h - vth) → spikes = spike(h + vth)',
      'line 2, name: spikes = spike(h - vth) → spikes = spike(v - vth)',
      'line 3, reset: v = h*(1 - spikes) → v = h*(1 - 0)',
      'line 3, detach: v = h*(1 - spikes) → v = h*(1 - detach(spikes))',
      'line 3, constant: v = h*(1 - spikes) → v = h*(1.25 - spikes)',
      'lines 1 and 2, order: spikes = spike(h - vth) comes before h = tau*v + x',
      'constant: vth = 1 → 1.25',
      'start: v begins at 0 → 1',
      'surrogate: twice its slope',
    ])
      expect(found).toContain(change);
    expect(new Set(found).size).toBe(found.length);
  });

  test('leaves out what would be the same neuron, or none', () => {
    const same = neuron('h = x + 0*v; spikes = spike(h - 1); v = h + 0');
    expect(descriptions(same).filter((text) => text.includes('line 3'))).toEqual([
      'line 3, dropped: v = h + 0 → v = 0',
      'line 3, name: v = h + 0 → v = v + 0',
      'line 3, constant: v = h + 0 → v = h + 1',
    ]);
    // without its line v is nothing
    expect(descriptions(same).some((text) => text.includes('is gone'))).toBe(false);
  });

  test('takes neurons of functions, rectifiers and detachments', () => {
    const made = neuron({
      state: { v: 0 },
      step: ({ v }, x, _, { add, mul, sub, spike, detach }) => {
        const h = add(mul(0.5, v), x);
        const spikes = spike(sub(h, 1));
        return { h, spikes, v: mul(h, sub(1, detach(spikes))) };
      },
    });
    const found = mutantsOf(made);
    expect(found.map(({ kind }) => kind)).toContain('detach');
    expect(found.length).toBeGreaterThan(10);
    const rectified = neuron('h = 0.5*v + x; spikes = spike(phi(h) - 0.5); v = h*(1 - spikes)', {
      functions: { phi: mpr() },
    });
    const without = mutantsOf(rectified).find(({ kind }) => kind === 'function');
    expect(without?.description).toBe(
      'line 2, function: spikes = spike(phi(h) - 0.5) → spikes = spike(h - 0.5)',
    );
    expect(explain(without!.neuron)).toContain('spikes');
  });

  test('changes differential equations, and what stands beside them', () => {
    const leaky = neuron('dv/dt = (x - v)/tau', {
      ...{ threshold: 'v > vth', reset: 'v = 0', refractory: 2, surrogate: arctan() },
      parameters: { tau: learnable(5), vth: 0.3 },
    });
    const found = descriptions(leaky);
    for (const change of [
      'line 1, sign: dv/dt = (x - v)/tau → dv/dt = (x + v)/tau',
      'threshold, comparison: v > vth → v >= vth',
      'reset: v = 0 is gone',
      'refractory: 2 → 1 steps',
      'reset: without gradient',
      'constant: tau = 5 → 6.25',
    ])
      expect(found).toContain(change);
    const survivors = mutantsOf(leaky).filter((mutant) => !isCaught(mutant.neuron, leaky));
    // a membrane that decays by an exponential never comes to lie on its threshold
    expect(survivors.map(({ description }) => description)).toEqual([
      'threshold, comparison: v > vth → v >= vth',
    ]);
  });

  // What is said in docs/testing.md.
  test.each([
    ['lif', lif],
    ['alif', alif({ learns: true, detachReset: true })],
    ['plif', plif()],
    ['li', li()],
    ['izhikevich', izhikevich],
  ])('of %s our own laws catch at least 95 in 100', (_, model) => {
    const mutants = mutantsOf(model);
    const survivors = mutants.filter((mutant) => !isCaught(mutant.neuron, model));
    expect(mutants.length).toBeGreaterThan(7);
    const share = 1 - survivors.length / mutants.length;
    expect(share, survivors.map(({ description }) => description).join('\n')).toBeGreaterThanOrEqual(0.95);
  });

  test('a test that looks at one spike train misses what that does not show', () => {
    const missed = mutantsOf(lif).filter((mutant) => !isCaught(mutant.neuron, lif, ['fires']));
    expect(missed.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['detach', 'surrogate', 'reset']));
  });
});
