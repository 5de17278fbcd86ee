// checkNeuron of what neuron() makes: each law means what the equations promise, is left out with a reason where they
// promise nothing, and is broken by a neuron that does otherwise.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alif, arctan, learnable, li, type NeuronModel, neuron, plif } from '../../../src';
import { checkNeuron, neurons } from '../../../src/testing';
import { brokenBy, failure } from './broken';

const ALL = [
  'binary',
  'same again',
  'causal',
  'batch',
  'rest',
  'fires',
  'bounded',
  'threshold',
  'reset',
  'refractory',
  'decay',
  'traced',
  'pieces',
  'unrolled',
  'gradient',
];

const reset = 'v = h*(1 - spikes)';
const lif = (charge = 'h = tau*v + x', fire = 'spikes = spike(h - vth)', after = reset) =>
  neuron([charge, fire, after].join('\n'), {
    parameters: { tau: learnable(0.5), vth: 1 },
    surrogate: arctan(),
  });
const refractory = neuron(
  `h = r > 0 ? 0 : 0.9*v + x
   spikes = spike(h - 1)
   v = h*(1 - spikes)
   r = spikes ? 3 : max(r - 1, 0)`,
  { surrogate: arctan() },
);
const quadratic = neuron(`h = v + 0.1*v^2 + x; spikes = spike(h - 1); v = spikes ? -1 : h`, {
  start: { v: -0.5 },
});
const ternary = neuron(`h = 0.5*v + x; spikes = spike(h - 1) - spike(-1 - h); v = h*(1 - spikes*spikes)`);

const differential = neuron('dv/dt = (x - v)/tau', {
  ...{ threshold: 'v > vth', reset: 'v = 0', refractory: 2, surrogate: arctan() },
  parameters: { tau: learnable(5), vth: 0.3 },
});

/** What a law says of a neuron. */
const says = (model: NeuronModel, law: string): string | undefined => {
  const { held, notChecked } = checkNeuron(model, { law, runs: 5 });
  return held[0]?.words ?? notChecked.find((unchecked) => unchecked.law === law)?.reason;
};

describe('checkNeuron of equations', () => {
  test.each([
    ['alif', alif({ learns: true }), ['refractory']],
    ['plif', plif({ per: 'channel', detachReset: true }), ['refractory']],
    ['li', li({ learns: true }), ['binary', 'fires', 'threshold', 'reset', 'refractory']],
    ['one that is refractory', refractory, []],
    ['one that is not linear', quadratic, ['rest', 'refractory', 'decay']],
    ['one of differential equations', differential, []],
    ['a ternary one', ternary, ['threshold', 'refractory']],
  ])('passes %s, with every law that applies', (_, model, without) => {
    const { held, notChecked } = checkNeuron(model, { runs: 8 });
    expect(held.map(({ law }) => law)).toEqual(ALL.filter((name) => !without.includes(name)));
    expect(notChecked.map(({ law }) => law)).toEqual(without);
  });

  test('passes neurons that are drawn', () => {
    fc.assert(
      fc.property(neurons({ maxStates: 2, maxDepth: 2 }), (model) => {
        expect(checkNeuron(model, { runs: 3, except: ['bounded'] }).held.length).toBeGreaterThan(9);
      }),
      { numRuns: 8 },
    );
  });

  test('says what each law means for the neuron', () => {
    expect(says(alif(), 'threshold')).toBe('spikes is 1 exactly where h - 1 - a*0.2 >= 0');
    expect(says(alif(), 'reset')).toBe(
      'after a spike v is 0, else h; after a spike a is a*0.9 + 1, else a*0.9',
    );
    expect(says(alif(), 'decay')).toBe('without input and spikes each step is linear: v = v*0.5; a = a*0.9');
    expect(says(lif(), 'fires')).toBe('a constant current of 1 makes it fire within 4 steps');
    expect(says(refractory, 'refractory')).toBe('for 3 steps after a spike no current makes another');
    expect(says(differential, 'refractory')).toBe('for 2 steps after a spike no current makes another');
    expect(says(ternary, 'binary')).toBe('spikes is -1, 0 or 1');
  });

  test('says why a law does not apply', () => {
    expect(says(li(), 'binary')).toBe('it is a read-out: nothing in its equations fires');
    expect(says(quadratic, 'decay')).toBe('no state is linear between spikes');
    expect(says(quadratic, 'rest')).toBe('its states move by themselves from where they start');
    expect(says(lif(), 'refractory')).toBe('its equations block no spike: one may follow another at once');
    expect(says(lif(undefined, undefined, 'v = h'), 'reset')).toBe(
      'no state hears of a spike: nothing is reset',
    );
  });

  test.each([
    ['is not stable', lif('h = 1.2*v*tau/0.5 + x', undefined, 'v = h'), ['bounded']],
    ['takes roots of negative currents', lif('h = tau*v + sqrt(x)'), ['bounded']],
    ['never fires', lif('h = tau*tanh(v + x)'), ['fires']],
  ])('finds a neuron that %s by its own equations', (_, model, laws) => {
    expect(brokenBy(() => checkNeuron(model, { runs: 30, shrink: false }))).toEqual(laws);
  });

  test.each<[string, string, NeuronModel, NeuronModel]>([
    ['fires at rest', 'rest', lif(undefined, 'spikes = spike(h + vth)'), lif()],
    ['fires late', 'threshold', lif(undefined, 'spikes = spike(h - 1.1*vth)'), lif()],
    [
      'resets to something else',
      'reset',
      lif(undefined, undefined, 'v = h*(1 - spikes) - 0.1*spikes'),
      lif(),
    ],
    ['decays with the wrong sign', 'decay', lif('h = x - tau*v'), lif()],
    [
      'is refractory for a step less',
      'refractory',
      neuron(refractory.text!.replace('? 3', '? 2'), { surrogate: arctan() }),
      refractory,
    ],
    [
      'cuts off the gradient of its reset',
      'gradient',
      lif(undefined, undefined, 'v = h*(1 - detach(spikes))'),
      lif(),
    ],
  ])('finds a neuron that %s, held to the equations of another', (_, law, subject, promisedBy) => {
    expect(brokenBy(() => checkNeuron(subject, { promisedBy, law, runs: 40 }))).toEqual([law]);
    expect(() => checkNeuron(promisedBy, { law, runs: 40 })).not.toThrow();
  });

  test('tells what held besides what is broken, in words with the smallest currents', () => {
    const error = failure(() => checkNeuron(lif('h = tau*tanh(v + x)'), { runs: 5, seed: 1 }));
    expect(error.message).toContain('fires: some constant current makes it fire');
    expect(error.message).toContain('no constant current from 2^-6 to 2^14 makes it fire within 64 steps');
    expect(error.report.held.map(({ law }) => law)).toContain('gradient');
    expect(error.report.notChecked.map(({ law }) => law)).toContain('refractory');
  });

  test('holds no other neuron to equations', () => {
    expect(() => checkNeuron({ tau: 0.5 }, { promisedBy: lif() })).toThrow(
      'promisedBy is for neurons that neuron()',
    );
  });
});
