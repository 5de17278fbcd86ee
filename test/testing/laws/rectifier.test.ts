// checkRectifier: what is right passes, and every law is broken by a rectifier that is wrong in that alone or first.

import { describe, expect, test } from 'vitest';
import { tensor } from '../../../src/core/create';
import type { Tensor } from '../../../src/core/tensor';
import { add, mul, sub } from '../../../src/ops/arithmetic';
import { clamp, tanh } from '../../../src/ops/functions';
import { mpr, type Rectifier } from '../../../src/snn';
import { checkRectifier } from '../../../src/testing';
import { brokenBy, failure } from './broken';

const own = (name: string, value: (u: number) => number, derivative: (u: number) => number): Rectifier => ({
  name,
  parameters: {},
  value,
  derivative,
});
const phi = mpr({ k: 3 });

/** Carries potentials over the threshold that do not reach it. */
const overshoot = own(
  'overshoot',
  (u) => (u < 0.5 ? 1.5 * u : u),
  (u) => (u < 0.5 ? 1.5 : 1),
);
/** Moves potentials away from both spikes. */
const wide = own(
  'wide',
  (u) => 2 * u - 0.5,
  () => 2,
);
const shifted = own(
  'shifted',
  (u) => phi.value(u) * 0.98 + 0.01,
  (u) => phi.derivative(u) * 0.98,
);
const wavy = own(
  'wavy',
  (u) => (Math.abs(u - 0.75) < 0.125 ? 2.5 - 2 * u : phi.value(u)),
  (u) => (Math.abs(u - 0.75) < 0.125 ? -2 : phi.derivative(u)),
);
const steeper = own('steeper', phi.value, (u) => 1.01 * phi.derivative(u));
const identity = own(
  'identity',
  (u) => u,
  () => 1,
);

const MESSAGE = `checkRectifier: overshoot breaks 3 of 5 laws

never across: u and φ(u) lie on the same side of the threshold, φ(u) >= vth exactly where u >= vth (condition 2)
  u = 0.375, φ(u) = 0.5625, vth = 0.5
  u lies 0.125 below the threshold and does not fire, φ(u) lies 0.0625 above the threshold and fires
  again: checkRectifier(rectifier, { vth: 0.5, law: 'never across', seed: 1, path: '21:41' })

closer: φ(u) is closer to u's spike than u, |φ(u) - o| < |u - o| with o = 1 where u >= vth, else 0 (condition 1); within 1/64 of 0, 0.5, 1 it may be as close
  u = -1, φ(u) = -1.5, spike 0
  u is 1 from its spike, φ(u) 1.5
  again: checkRectifier(rectifier, { vth: 0.5, law: 'closer', seed: 1, path: '0:2' })

monotone: a larger potential stays the larger: a <= b gives φ(a) <= φ(b), to 4 roundings
  φ(0.375) = 0.5625, φ(0.5) = 0.5
  again: checkRectifier(rectifier, { vth: 0.5, law: 'monotone', seed: 1, path: '25:41' })`;

describe('checkRectifier', () => {
  test.each([1, 3, 5, 7])('passes MPR with k = %d', (k) => {
    const { held, notChecked } = checkRectifier(mpr({ k }));
    expect(held.map(({ law }) => law)).toEqual([
      'never across',
      'closer',
      'fixed levels',
      'monotone',
      'derivative',
    ]);
    expect(held.every(({ runs }) => runs === 1000)).toBe(true);
    expect(notChecked).toEqual([]);
  });

  test('passes a rectifier made of operators, differentiated by the tape', () => {
    const scale = 1 / (2 * Math.tanh(1.5));
    const composed = (h: Tensor) => add(mul(tanh(mul(sub(h, 0.5), 3)), scale), 0.5);
    expect(checkRectifier(composed, { runs: 60 }).held).toHaveLength(5);
  });

  test('passes one with kinks, whatever slope it gives them', () => {
    const steps = (h: Tensor) => clamp(add(mul(sub(h, 0.5), 2), 0.5), 0, 1);
    expect(checkRectifier(steps, { runs: 60 }).held).toHaveLength(5);
  });

  test('judges MPR that is centred on another threshold by the levels that it keeps', () => {
    const moved = mpr({ k: 3, centre: 0.75 });
    expect(checkRectifier(moved, { vth: 0.75, levels: [0.25, 1.25] }).held).toHaveLength(5);
    expect(brokenBy(() => checkRectifier(moved, { vth: 0.75 }))).toEqual(['closer', 'fixed levels']);
  });

  test.each([
    [overshoot, 'never across'],
    [wide, 'closer'],
    [identity, 'closer'],
    [shifted, 'fixed levels'],
    [wavy, 'monotone'],
    [steeper, 'derivative'],
  ])('$name breaks its law', (rectifier, law) => {
    expect(brokenBy(() => checkRectifier(rectifier as Rectifier))).toContain(law);
  });

  test('finds nothing but the wrong derivative where only that is wrong', () => {
    expect(brokenBy(() => checkRectifier(steeper))).toEqual(['derivative']);
    expect(brokenBy(() => checkRectifier((h: Tensor) => tensor(h.dataSync().map(phi.value))))).toEqual([
      'derivative',
    ]);
  });

  test('does not take NaN for anything', () => {
    const nan = own(
      'nan',
      () => Number.NaN,
      () => Number.NaN,
    );
    expect(brokenBy(() => checkRectifier(nan))).toHaveLength(5);
  });

  test('shows each broken law in words, with the simplest counterexample and the call that finds it again', () => {
    expect(failure(() => checkRectifier(overshoot, { seed: 1 })).message).toBe(MESSAGE);
  });

  test('finds the same counterexample again by law, seed and path, at once', () => {
    const first = failure(() => checkRectifier(overshoot, { vth: 0.5 }));
    const [found] = first.counterexamples;
    const again = failure(() =>
      checkRectifier(overshoot, { law: found!.law, seed: first.seed, path: found!.path, runs: 1 }),
    );
    expect(again.counterexamples).toEqual([found]);
    expect(() => checkRectifier(overshoot, { path: '0' })).toThrow('path needs law and seed');
  });

  test('refuses a threshold outside the levels, and laws that it does not know', () => {
    expect(() => checkRectifier(phi, { vth: 1 })).toThrow(
      'checkRectifier: vth 1 must lie between the levels 0 and 1',
    );
    expect(() => checkRectifier(phi, { law: 'closest' })).toThrow(
      "no law called 'closest'; there are never across, ",
    );
  });

  test('takes an expression in x as text', () => {
    const bent = { value: 'x - a*sin(2*pi*x)', parameters: { a: -0.1 } };
    expect(brokenBy(() => checkRectifier(bent))).toContain('closer');
    expect(checkRectifier({ ...bent, parameters: { a: 0.1 } }, { except: ['closer'] }).held).toHaveLength(4);
    expect(() => checkRectifier('x + ')).toThrow(/^checkRectifier: line 1, column 5: expected a name/);
  });
});
