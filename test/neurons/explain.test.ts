// What explain() says of a neuron.

import { expect, test } from 'vitest';
import { alif, customSurrogate, explain, learnable, li, mpr, neuron } from '../../src';

test('a neuron with two states, whose reset is cut off', () => {
  expect(explain(alif({ detachReset: true })).split('\n')).toEqual(
    expect.arrayContaining([
      '  v starts at 0',
      '  h = 0.5*v + x',
      '  spikes = spike(h - 1 - 0.2*a)',
      '  v = h*(1 - detach(spikes))',
      '  the gradient of a goes back through the spike (reset)',
      '  that of v is cut off from the spike by detach',
      '  gpu: one kernel forward and one back, all steps in each',
    ]),
  );
});

test('what is learnt, and the way back to it', () => {
  const model = neuron('h = tau*v + x; spikes = spike(phi(h) - 0.5); v = h*(1 - spikes)', {
    parameters: { tau: learnable(0.25, { decay: true }) },
    functions: { phi: mpr() },
  });
  const said = explain(model);
  expect(said).toContain('tau is learnt, one for the layer, and starts at 0.25; weight decay pulls it to 0');
  expect(said).toContain('d_tau = v*d_x');
  expect(said).toContain('spikes = spike(mpr(h) - 0.5)');
});

test('a read-out has no spikes to speak of', () => {
  expect(explain(li())).not.toContain('surrogate');
  expect(explain(li())).toContain('d_x = g_v + d_v');
});

test('functions of JavaScript are told where they cost', () => {
  const surrogate = customSurrogate({ name: 'own', integral: 1, value: Math.tanh, derivative: Math.cos });
  const said = explain(neuron('v = v + x; spikes = spike(v - 1)', { surrogate }));
  expect(said).toContain('wasm: the same loops, in one thread, since own is a function of JavaScript');
  expect(said).toContain('gpu: refused, since own is a function of JavaScript');
});
