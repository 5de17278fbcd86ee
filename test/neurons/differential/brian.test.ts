// Differential equations against Brian2 (vectors/brian.py): the same text, 1,000 steps of the same drawn current, every
// method that Brian2 takes for it. The same spikes; traces within 1e-10 of their size. What Brian2 refuses is held to
// RK4 by its order: half the step, half the error. So is exponential Euler where Brian2 takes the slope of a part of
// the equation for that of the whole, which is another method.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type IntegrationMethod, neuron } from '../../../src/neurons';
import { numberScan } from '../../../src/neurons/numbers/scan';

interface Case {
  readonly name: string;
  readonly equations: string;
  readonly threshold: string;
  readonly reset?: string;
  readonly refractory?: number | string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly start?: Readonly<Record<string, number>>;
  readonly dt: number;
  /** Seed, around, spread, steps a number. */
  readonly current: readonly [number, number, number, number];
  readonly runs: Readonly<
    Partial<
      Record<
        IntegrationMethod,
        {
          readonly spikes: number[];
          readonly trace: Readonly<Record<string, number[]>>;
          /** Whether the slope of its linear part stands for that of the equation. */
          readonly split?: boolean;
        }
      >
    >
  >;
  readonly refused: readonly IntegrationMethod[];
}

const cases = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../vectors/brian.json'), 'utf8'),
) as Case[];

const STEPS = 1000;
const KEPT = 40;

/** Lehmer's generator, as brian.py has it. */
function drawn([seed, around, spread, held]: Case['current']): Float64Array {
  let [now, value] = [seed, 0];
  return Float64Array.from({ length: STEPS }, (_, t) => {
    if (t % held === 0) {
      now = (now * 16807) % 2147483647;
      value = around + spread * ((2 * now) / 2147483647 - 1);
    }
    return value;
  });
}

/** States of every step, and the steps of spikes. @param times steps in the place of one */
function run(given: Case, method: IntegrationMethod, x: Float64Array, times = 1) {
  const { equations, threshold, reset, refractory, parameters, start = {}, dt } = given;
  const steps = typeof refractory === 'number' ? refractory * times : refractory;
  const model = neuron(equations, {
    parameters,
    threshold,
    start,
    method,
    dt: dt / times,
    ...(reset !== undefined && { reset }),
    ...(steps !== undefined && { refractory: steps }),
  });
  const names = model.states.map(({ name }) => name).filter((name) => name !== 'refractory');
  const whole = { ...model, outputs: ['spikes', ...names] };
  const current = Float64Array.from({ length: x.length * times }, (_, t) => x[Math.floor(t / times)]!);
  const sequence = { steps: current.length, size: 1, channels: 1 };
  const [spikes, ...traces] = numberScan(whole, 'f64').forward(current, sequence, [], []).outputs;
  return {
    spikes: [...spikes!.keys()].filter((t) => spikes![t] === 1),
    trace: Object.fromEntries(names.map((name, k) => [name, traces[k]!])),
  };
}

describe.each(cases.map((given) => [given.name, given] as const))('%s', (_name, given) => {
  const x = drawn(given.current);

  const methods = Object.keys(given.runs) as IntegrationMethod[];
  test.each(methods.filter((method) => !given.runs[method]!.split))("is Brian2's by %s", (method) => {
    const theirs = given.runs[method]!;
    const ours = run(given, method, x);
    expect(ours.spikes).toEqual(theirs.spikes);
    expect(ours.spikes.length).toBeGreaterThan(2);
    for (const [name, wanted] of Object.entries(theirs.trace)) {
      const largest = Math.max(1, ...wanted.map(Math.abs));
      for (const [k, value] of wanted.entries())
        expect(
          Math.abs(ours.trace[name]![KEPT * (k + 1) - 1]! - value) / largest,
          `${name} ${k}`,
        ).toBeLessThan(1e-10);
    }
  });

  test.each(methods.filter((method) => given.runs[method]!.split))(
    'by %s spikes nearer to RK4 of short steps than where the slope is that of a part',
    (method) => {
      const truth = run(given, 'rk4', x, 8).spikes.map((t) => (t + 1) / 8 - 1);
      const off = (spikes: readonly number[]) => Math.max(...truth.map((t, k) => Math.abs(spikes[k]! - t)));
      const ours = run(given, method, x).spikes;
      expect(ours).toHaveLength(truth.length);
      expect(off(ours)).toBeLessThan(off(given.runs[method]!.spikes));
    },
  );

  const others = [...given.refused, ...methods.filter((method) => given.runs[method]!.split)];
  test.each(others.filter((method) => method !== 'exact'))('comes nearer to RK4 by %s', (method) => {
    // before the first spike, whose moment depends on the step
    const first = run(given, 'rk4', x).spikes[0]!;
    const piece = x.subarray(0, Math.min(60, Math.floor(first * 0.8)));
    const at = (by: IntegrationMethod, times: number): number[] =>
      Object.values(run(given, by, piece, times).trace).map((trace) => trace.at(-1)!);
    const truth = at('rk4', 16);
    const off = (times: number): number =>
      Math.max(...at(method, times).map((value, k) => Math.abs(value - truth[k]!) / Math.abs(truth[k]!)));
    expect(off(1)).toBeLessThan(0.05);
    expect(off(8) / off(4)).toBeLessThan(0.6);
  });
});
