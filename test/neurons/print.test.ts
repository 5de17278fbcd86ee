// Expressions as text: no parenthesis too many, what is used twice by name, and what a name stood for before.

import { describe, expect, test } from 'vitest';
import { mpr, neuron } from '../../src';
import { print } from '../../src/neurons/graph/print';

describe('print', () => {
  test.each([
    ['v = 0.5*v + x', 'v = 0.5*v + x'],
    ['v = v - (x - (v + 1))', 'v = v - (x - (v + 1))'],
    ['v = (v + x)*-2/(x*3)', 'v = (v + x)*-2/(x*3)'],
    ['v = x > 0 and !(v < 1) ? -(v + x) : x', 'v = x > 0 and !(v < 1) ? -(v + x) : x'],
    ['v = (x > 0 ? 1 : v)*2', 'v = (x > 0 ? 1 : v)*2'],
    ['v = v + x; spikes = spike(v > 1)', 'v = v + x\nspikes = spike(v - 1 > 0)'],
    // what is used twice has a name
    ['v = tanh(v + x)^2', 'part = tanh(v + x)\nv = part*part'],
    // a state that is read after it is assigned anew is the new one; its old value has a name where it is needed
    ['a = v + x; v = a; b = 0.5*b + v', 'a = v + x\nv = a\nb = 0.5*b + a'],
  ])('%s', (text, printed) => {
    expect(print(neuron(text).assigned)).toBe(printed);
  });

  test('calls rectifiers by their names, and shares what lines have in common', () => {
    const text = 'h = 0.5*v + x; spikes = spike(phi(h) - 0.5); v = h*(1 - spikes)';
    expect(print(neuron(text, { functions: { phi: mpr() } }).assigned)).toBe(
      'h = 0.5*v + x\nspikes = spike(mpr(h) - 0.5)\nv = h*(1 - spikes)',
    );
  });
});
