// checkSurrogate: the library's own pass, and every law is broken by a surrogate that lies about that.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { customSurrogate, rectangular, sigmoidal, triangular } from '../../../src/snn';
import { checkSurrogate, surrogates } from '../../../src/testing';
import { brokenBy, failure } from './broken';

const smooth = sigmoidal();
const doubled = customSurrogate({ ...smooth, name: 'doubled', integral: 2 });
const steeper = customSurrogate({
  ...smooth,
  name: 'steeper',
  derivative: (u) => 1.01 * smooth.derivative(u),
});
/** A right angle: climbs over [0,1] alone. */
const late = customSurrogate({
  name: 'late',
  integral: 1,
  value: (u) => Math.min(1, Math.max(0, u)),
  derivative: (u) => (u > 0 && u < 1 ? 1 : 0),
});
const dips = customSurrogate({
  name: 'dips',
  integral: 1,
  value: (u) => triangular().value(u) - 0.5 * triangular().value(2 * u) * triangular().value(-2 * u),
  derivative: (u) => triangular().derivative(u),
});

describe('checkSurrogate', () => {
  test('passes every surrogate of the library, at any size', () => {
    fc.assert(
      fc.property(surrogates(), (surrogate) => {
        expect(checkSurrogate(surrogate, { runs: 100 }).held).toHaveLength(4);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    [doubled, ['integral']],
    [steeper, ['derivative']],
    [late, ['even']],
    [dips, ['derivative']],
  ])('$name breaks that law and no other', (surrogate, laws) => {
    expect(brokenBy(() => checkSurrogate(surrogate))).toEqual(laws);
  });

  test('takes an expression as text, found and derived by rule, and tells of a wrong derivative', () => {
    expect(checkSurrogate('0.5 + arctan(3*u)/pi').held).toHaveLength(4);
    const text = { value: 'sigmoid(a*u)', parameters: { a: 4 } };
    expect(checkSurrogate({ ...text, derivative: 'a*bell(a*u)' }).held).toHaveLength(4);
    expect(brokenBy(() => checkSurrogate({ ...text, derivative: 'a*bell(u)' }))).toEqual(['derivative']);
    expect(brokenBy(() => checkSurrogate({ value: '2*sigmoid(u)' }))).toEqual(['integral']);
    expect(checkSurrogate({ value: '2*sigmoid(u)', integral: 2 }).held).toHaveLength(4);
  });

  test('tells a mistake in a text at its place', () => {
    expect(() => checkSurrogate('sigmoid(alpa*u)')).toThrow(
      /^checkSurrogate: line 1, column 9: alpa is not known/,
    );
    expect(() => checkSurrogate('triangular')).toThrow('give what triangular() makes');
  });

  test('takes one that leans where that is meant', () => {
    expect(checkSurrogate(late, { except: ['even'] }).notChecked).toEqual([
      { law: 'even', reason: 'left out by except' },
    ]);
  });

  test('does not allow a slope that goes down', () => {
    const { value, derivative } = rectangular();
    const falling = customSurrogate({
      name: 'falling',
      integral: -1,
      value: (u) => -value(u),
      derivative: (u) => -derivative(u),
    });
    expect(brokenBy(() => checkSurrogate(falling))).toEqual(['never negative']);
  });

  test('shows the broken law in words, its numbers and the call that finds them again', () => {
    expect(failure(() => checkSurrogate(late, { seed: 1 })).message).toBe(
      `checkSurrogate: late breaks 1 of 4 laws

even: both sides of the threshold are alike: derivative(u) = derivative(-u), to 4 roundings of the largest
  derivative(0.5) = 1, derivative(-0.5) = 0
  again: checkSurrogate(surrogate, { law: 'even', seed: 1, path: '5:11' })`,
    );
  });
});
