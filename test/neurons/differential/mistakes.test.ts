// Wrong differential equations: each mistake is told at its line and column, in the option in which it stands, with
// what is meant; a mixture of the two kinds of equations is told as one.

import { describe, expect, test } from 'vitest';
import { EquationError, learnable, neuron, SpikegradError } from '../../../src';
import { fc, test as property } from '../../support/properties';

const errorOf = (run: () => unknown): unknown => {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
};

const fires = { threshold: 'v > 1', reset: 'v = 0' };

describe('a mistake in differential equations', () => {
  test.each([
    [
      'dv/dt = (x - v)/tua',
      '1:17+3',
      'tua is no parameter, no state and no sub-expression; did you mean tau?',
    ],
    ['dv/dt = -v/tau\ndw/dt = g1', '2:9+2', 'a neuron has one input, x'],
    ['dv/dt += x/tau', '1:7+2', 'a derivative is given whole, by ='],
    ["v' = x/tau; v' = x", '1:13+2', 'v is given twice, in line 1 too'],
    ['dv/dt = x/tau : volt', '1:17+4', 'there are no units: give every number in the unit of dt'],
    ['dv/dt = x/tau : 1/second', '1:17+8', 'there are no units'],
    ['dv/dt = x/(tau*ms)', '1:16+2', 'there are no units'],
    ['dv/dt = x/tau : 1 (unless refractry)', '1:20+16', '(unless refractory) is'],
    ['dv/dt = x/tau : 1 (event-driven)', '1:20+12', '(event-driven) is not taken'],
    ['dv/dt = x/tau\nv : 1', '2:1+1', 'v is given twice, in line 1 too'],
    ['dv/dt = x/tau : ', '1:17+1', 'there are no units'],
    ['dv/dt = x/tau + xi', '1:17+2', 'noise is no part of a neuron: add it to the input'],
    ['dv/dt = (I - v)/tau', '1:10+1', 'the input is called x'],
    [
      'dv/dt = (x1 + x2 - v)/tau',
      '1:10+2',
      'a neuron has one input, x: what comes from several is added up before',
    ],
    ['dv/dt = (I_e - v)/tau', '1:10+3', 'a neuron has one input, x'],
    ['dv/dt = x/tau - spikes', '1:17+6', 'what a spike does is written in the option reset'],
    ['dv/dt = x*t/tau', '1:11+1', 'time is no part of a neuron'],
    ['dx/dt = x/tau', '1:1+5', 'x is the input and cannot be assigned'],
    ['dv/dt = x/tau\ngL : 1', '2:1+2', 'gL is declared and has no value: give it in parameters'],
    ['dv/dt = (x - v)/tau\nv = v*(1 - s)', '2:1+1', 'v has a differential equation, in line 1'],
    ['dv/dt = (x - v)/tau\nspikes = spike(v - 1)', '2:1+6', 'the spikes come from the option threshold'],
    ['dv/dt = (x - v)/tau\no = spike(v - 1)', '2:5+5', 'spike() belongs to equations of one step'],
    [
      'dv/dt = (x - v - a)/tau\na = 0.9*a + v',
      '2:1+1',
      'among differential equations what has a past is one',
    ],
    ['dv/dt = (a - v)/tau\na = b\nb = a', '2:1+1', 'a is made of itself'],
    ['dv/dt = (x - v)/tau\nv -= 1', '2:1+1', 'what a spike does is written in the option reset'],
  ])('%j is told at %s', (text, place, words) => {
    const error = errorOf(() => neuron(text, { ...fires, parameters: { tau: 10 } }));
    expect(error).toBeInstanceOf(EquationError);
    const { line, column, length, mistake } = error as EquationError;
    expect(`${line}:${column}+${length} ${mistake}`).toContain(`${place} `);
    expect(mistake).toContain(words);
  });

  test.each([
    ['threshold', { threshold: 'v > vht' }, 'neuron: threshold: line 1, column 5: vht is no parameter'],
    ['threshold', { threshold: 'v - 1' }, 'expected a comparison, such as v > 1'],
    ['threshold', { threshold: '2 > 1' }, 'names no state; states are v, w'],
    [
      'reset',
      { reset: 'v = vr;\n u += 1' },
      'neuron: reset: line 2, column 2: u has no differential equation',
    ],
    ['reset', { reset: 'v = 0; w += vv' }, 'column 13: vv is no parameter'],
    ['reset', { reset: '' }, 'there is no statement'],
    ['refractory', { refractory: 'w >' }, 'neuron: refractory: line 1, column 4'],
  ])('in %s of %j is told there', (_option, given, words) => {
    const text = 'dv/dt = (x - v)/10\ndw/dt = -w/20';
    const error = errorOf(() => neuron(text, { ...fires, parameters: { vr: 0, vth: 1 }, ...given }));
    expect(error).toBeInstanceOf(EquationError);
    expect((error as Error).message).toContain(words);
  });

  test.each([
    [{ refractory: 2.5 }, 'refractory must be a whole number of steps, or a condition in text, got 2.5'],
    [{ hold: ['v'] }, 'hold says what stands still while the neuron is refractory, which it never is'],
    [{ refractory: 1, hold: ['u'] }, 'hold names u, which is no state'],
    [
      { method: 'exact_euler' },
      "method must be 'exact' or 'exponentialEuler' or 'euler' or 'rk4', got 'exact_euler'",
    ],
    [{ method: 'exponential_euler' }, 'did you mean exponentialEuler?'],
    [{ dt: 0 }, 'dt must be a number above 0'],
    [{ start: { refractory: 1 } }, 'start names refractory, which is no state; states are v'],
    [
      { threshold: undefined, reset: undefined, width: 2 },
      'width belongs to the surrogate of a spike, and without threshold there is none',
    ],
    [
      { threshold: undefined, reset: undefined, detachReset: true },
      'detachReset says what is after a spike, and without threshold there is none',
    ],
    [{ threshold: undefined }, 'reset says what is after a spike, and without threshold there is none'],
    [{ parameters: { dt: 1 } }, 'parameters names dt'],
  ])('%j is refused', (given, words) => {
    const error = errorOf(() => neuron('dv/dt = (x - v)/10', { ...fires, ...(given as object) }));
    expect(error).toBeInstanceOf(SpikegradError);
    expect((error as Error).message).toContain(words);
  });

  test('is one of the method where the equations are not linear', () => {
    expect(() => neuron('dv/dt = v^2 + x', { ...fires, method: 'exact' })).toThrow(
      "method 'exact' needs equations that are linear in the states",
    );
  });

  test('is a time constant of 0, which would never end', () => {
    for (const text of ['dv/dt = (x - v)/tau', 'dv/dt = (w - v)/tau; dw/dt = -w']) {
      expect(() => neuron(text, { parameters: { tau: 0 } })).toThrow(
        'neuron: line 1, column 17: tau is 0, and nothing can be divided by it',
      );
      const make = () => neuron(text, { parameters: { tau: learnable(0) } });
      expect(make).toThrow('neuron: dv/dt has -Infinity times v: is a time constant 0?');
    }
  });

  test('is what belongs to the other kind of equations', () => {
    expect(() => neuron('v = 0.9*v + x; spikes = spike(v - 1)', { threshold: 'v > 1' })).toThrow(
      'the option threshold belongs to differential equations, dv/dt = …, and this text has none',
    );
    expect(() => neuron('v = 0.9*v + x : 1 (unless refractory)')).toThrow(
      '(unless refractory) belongs to differential equations',
    );
    expect(() => neuron('tau : 1\nv = 0.9*v + x')).toThrow('tau has no value: write tau = …');
  });

  test('is none where lines are many, in whatever order', () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `a${i} = a${i + 1}`);
    expect(neuron(['dv/dt = a0 - v', ...lines, 'a5000 = x'].join('\n')).outputs).toEqual(['v']);
  });
});

describe('a text with derivatives of any kind', () => {
  const token = fc.constantFrom(
    ..."dv/dt = dw/dt v' w ' x v spike( ) ( + - * / ** < > == : 1 (unless refractory) volt ; \n .5 2 tau and not exprel(".split(
      ' ',
    ),
  );
  property.prop([fc.array(token, { maxLength: 24 }), fc.array(token, { maxLength: 6 })], { numRuns: 300 })(
    'is a neuron or a mistake of the library',
    (tokens, threshold) => {
      const error = errorOf(() =>
        neuron(`dv/dt = -v\n${tokens.join(' ')}`, { threshold: `v > ${threshold.join(' ')}` }),
      );
      expect(error === undefined || error instanceof SpikegradError, String(error)).toBe(true);
    },
  );
});
