// Laws of neurons that nobody wrote: drawn equations. What the rules of simplification make is what the equations say;
// backward is what differences of the smooth neuron say; printed and read again they are the same.

import { describe, expect } from 'vitest';
import { learnable, learnablesOf, neuron } from '../../src/neurons';
import { type Expr, inOrder } from '../../src/neurons/graph/expression';
import { print } from '../../src/neurons/graph/print';
import { numberScan } from '../../src/neurons/numbers/scan';
import { directly, type Given, smoothed } from '../support/direct';
import { drawnNeuron } from '../support/drawn-neurons';
import { fc, test } from '../support/properties';

const number = fc.integer({ min: -1500, max: 1500 }).map((n) => n / 1000);
const given: fc.Arbitrary<Given> = fc.record({
  x: fc.array(number, { minLength: 1, maxLength: 16 }),
  initial: fc.tuple(number, number, number),
  parameters: fc.tuple(number, number),
});
const floats = (numbers: readonly number[]) => Float64Array.from(numbers);
const one = (value: number) => Float64Array.of(value);

describe('a drawn neuron', () => {
  test.prop([drawnNeuron, given], { numRuns: 60 })(
    'simplified computes what its equations say',
    (model, run) => {
      const { outputs, last, margin } = directly(model, run);
      fc.pre(margin > 1e-9);
      const found = numberScan(model, 'f64').forward(
        floats(run.x),
        { steps: run.x.length, size: 1, channels: 1 },
        run.parameters.map(one),
        model.states.map((_, k) => one(run.initial[k]!)),
      );
      expect([...found.outputs[0]!]).toEqual(outputs[0]);
      for (const [k, values] of outputs.entries())
        for (const [i, value] of values.entries()) expect(found.outputs[k]![i]).toBeCloseTo(value, 10);
      for (const [k, value] of last.entries()) expect(found.last[k]![0]).toBeCloseTo(value, 10);
    },
  );

  test.prop([drawnNeuron, given, fc.nat()], { numRuns: 60 })(
    'goes back as differences of the smooth one do',
    (model, run, seed) => {
      const smooth = smoothed(model);
      const base = directly(smooth, run);
      fc.pre(base.margin > 1e-4);
      const weight = (i: number) => Math.sin(i * 1.7 + seed);
      const loss = (at: Given): number => {
        const { outputs, last } = directly(smooth, at, base.detached);
        const all = [...outputs.flat(), ...last];
        return all.reduce((sum, value, i) => sum + weight(i) * value, 0);
      };
      const [T, O] = [run.x.length, model.outputs.length];
      const weights = floats(Array.from({ length: O * T + model.states.length }, (_, i) => weight(i)));
      const back = numberScan(smooth, 'f64').backward(
        floats(run.x),
        { steps: T, size: 1, channels: 1 },
        run.parameters.map(one),
        model.states.map((_, k) => one(run.initial[k]!)),
        model.outputs.map((_, k) => weights.subarray(k * T, (k + 1) * T)),
        model.states.map((_, k) => one(weights[O * T + k]!)),
      );
      const step = 1e-6;
      const difference = (key: keyof Given, i: number): number => {
        const at = (by: number): number =>
          loss({ ...run, [key]: run[key].map((value, k) => (k === i ? value + by : value)) });
        return (at(step) - at(-step)) / (2 * step);
      };
      const pairs = [
        ...[0, T - 1, seed % T].map((i) => [back.x[i]!, difference('x', i)] as const),
        ...model.states.map((_, k) => [back.initial[k]![0]!, difference('initial', k)] as const),
        ...learnablesOf(model).map((_, k) => [back.parameters[k]![0]!, difference('parameters', k)] as const),
      ];
      for (const [ours, wanted] of pairs)
        expect(Math.abs(ours - wanted) / (1 + Math.abs(wanted))).toBeLessThan(1e-5);
    },
  );

  test.prop([drawnNeuron], { numRuns: 60 })('printed and read again is the same', (model) => {
    const again = neuron(print(model.assigned), {
      parameters: { p: learnable(0.8), q: learnable(0.3, { per: 'channel' }) },
    });
    const keys = keysOf();
    for (const { name, value } of model.assigned) {
      const other = again.assigned.find((assigned) => assigned.name === name)!;
      expect(keys(other.value), name).toBe(keys(value));
    }
    expect(again.states.map(({ name }) => name).sort()).toEqual(model.states.map(({ name }) => name).sort());
  });
});

/** The same number for expressions that are built alike. */
function keysOf(): (e: Expr) => number {
  const known = new Map<string, number>();
  return (root) => {
    const ids = new Map<Expr, number>();
    for (const e of inOrder([root])) {
      const key = `${e.op} ${e.args.map((a) => ids.get(a))} ${Object.is(e.value, -0) ? '-0' : e.value} ${e.name}`;
      known.set(key, known.get(key) ?? known.size);
      ids.set(e, known.get(key)!);
    }
    return ids.get(root)!;
  };
}
