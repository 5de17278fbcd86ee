// How laws are tried, whatever they say: seeds, choices, and subjects that throw or are no functions of their input.

import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { mpr, type Rectifier, rectangular } from '../../../src/snn';
import { checkRectifier, checkSurrogate } from '../../../src/testing';
import { law } from '../../../src/testing/laws/law';
import { failure } from './broken';

const withValue = (value: (u: number) => number): Rectifier => ({ ...mpr(), name: 'own', value });

afterEach(() => fc.resetConfigureGlobal());

describe('a check', () => {
  test('draws anew every time, and says from which seed', () => {
    const seeds = [1, 2, 3].map(() => checkSurrogate(rectangular(), { law: 'integral' }).seed);
    expect(new Set(seeds).size).toBeGreaterThan(1);
    expect(checkSurrogate(rectangular(), { seed: 7 }).seed).toBe(7);
  });

  test('takes the seed that fast-check was given for all', () => {
    fc.configureGlobal({ seed: 42 });
    expect(checkSurrogate(rectangular()).seed).toBe(42);
  });

  test('reports what was not asked for', () => {
    const { held, notChecked } = checkSurrogate(rectangular(), { law: 'even', runs: 5 });
    expect(held).toMatchObject([{ law: 'even', words: expect.stringContaining('alike'), runs: 5 }]);
    expect(notChecked).toContainEqual({ law: 'integral', reason: "only 'even' was asked for" });
  });

  test('shows an error of the subject as the failure that it is', () => {
    const throwing = withValue((u) => {
      if (u > 1.5) throw new RangeError('too large');
      return mpr().value(u);
    });
    const { counterexamples } = failure(() => checkRectifier(throwing, { law: 'never across' }));
    expect(counterexamples[0]).toMatchObject({ drawn: 2, numbers: ['threw RangeError: too large'] });
  });

  test('says where a failure does not repeat', () => {
    let calls = 0;
    const moody = withValue((u) => (calls++ === 200 ? 1 - u : mpr().value(u)));
    const { counterexamples } = failure(() => checkRectifier(moody, { law: 'closer', seed: 1 }));
    expect(counterexamples[0]!.numbers[0]).toContain('does not depend on its input alone');
  });

  test('does not pass a law that could judge hardly any draw', () => {
    const nothing = law('never', 'judges nothing', fc.nat(), () => {
      fc.pre(false);
      return undefined;
    });
    expect(() => nothing.attempt({ seed: 1, runs: 10 })).toThrow('never: only 0 of 10 draws could be judged');
  });
});
