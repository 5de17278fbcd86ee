// What each neuron of the zoo promises (`laws`) it keeps, for drawn currents; and what is not promised it does not, so
// that a promise says something.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NeuronModel, type ZooLaw, type ZooNeuron, zoo } from '../../../src';
import { learnablesOf } from '../../../src/neurons';
import { numberScan } from '../../../src/neurons/numbers/scan';
import { directly, smoothed } from '../../support/direct';

/** A run of `size` neurons: what comes out, and every state after the last step. */
interface Run {
  readonly output: readonly number[];
  readonly states: Readonly<Record<string, readonly number[]>>;
}

function run(model: NeuronModel, x: readonly number[], size = 1, initial: Run['states'] = {}): Run {
  const parameters = learnablesOf(model).map(({ value }) => Float64Array.of(value));
  const { outputs, last } = numberScan(model, 'f64').forward(
    Float64Array.from(x),
    { steps: x.length / size, size, channels: size },
    parameters,
    model.states.map(({ name }) => initial[name] && Float64Array.from(initial[name])),
  );
  const states = model.states.map(({ name }, k) => [name, Array.from(last[k]!)] as const);
  return { output: Array.from(outputs[0]!), states: Object.fromEntries(states) };
}

/** Currents of about the size that makes the neuron fire now and then. */
const currentsFor = (model: NeuronModel): fc.Arbitrary<number[]> => {
  const scale = model.parameters.find(({ name }) => name === 'vth')?.value ?? 1;
  const number = fc.integer({ min: -1000, max: 2000 }).map((n) => (n / 1000) * scale);
  return fc.array(number, { minLength: 4, maxLength: 24 });
};
const nonzero = (values: readonly number[]) => values.some((value) => value !== 0);

/** Whether a neuron keeps a law for these currents. */
type Keeps = (model: NeuronModel, x: readonly number[]) => boolean;

const laws: Readonly<Record<ZooLaw, Keeps>> = {
  batch(model, x) {
    const other = x.map((value) => 0.3 - value);
    const both = run(
      model,
      x.flatMap((value, t) => [value, other[t]!]),
      2,
    );
    const alone = run(model, x);
    return alone.output.every((value, t) => Object.is(value, both.output[2 * t]));
  },
  splitting(model, x) {
    const cut = Math.floor(x.length / 2);
    const first = run(model, x.slice(0, cut));
    const second = run(model, x.slice(cut), 1, first.states);
    const whole = run(model, x);
    return JSON.stringify([...first.output, ...second.output]) === JSON.stringify(whole.output);
  },
  gradient(model, all) {
    const x = all.slice(0, 6); // of some neurons small changes grow twentyfold in a step
    const smooth = smoothed(model);
    const initial = model.states.map(({ start }) => start);
    const parameters = learnablesOf(model).map(({ value }) => value);
    const base = directly(smooth, { x, initial, parameters });
    if (base.margin < 1e-3) return true; // a kink
    const weights = x.map((_, t) => Math.cos(t));
    const loss = (at: readonly number[]): number =>
      directly(smooth, { x: at, initial, parameters }, base.detached).outputs[0]!.reduce(
        (sum, value, t) => sum + weights[t]! * value,
        0,
      );
    const back = numberScan(smooth, 'f64').backward(
      Float64Array.from(x),
      { steps: x.length, size: 1, channels: 1 },
      parameters.map((value) => Float64Array.of(value)),
      model.states.map(() => undefined),
      [Float64Array.from(weights)],
      model.states.map(() => undefined),
    );
    const step = 1e-6;
    return [0, Math.floor(x.length / 2), x.length - 1].every((i) => {
      const at = (by: number) => loss(x.map((value, t) => (t === i ? value + by : value)));
      const difference = (at(step) - at(-step)) / (2 * step);
      return Math.abs(back.x[i]! - difference) < 1e-4 * (1 + Math.abs(difference));
    });
  },
  silence(model, x) {
    const { output, states } = run(
      model,
      x.map(() => 0),
    );
    const stays = model.states.every(({ name, start }) => states[name]![0] === start);
    return stays && !nonzero(output);
  },
  decay(model, x) {
    const pushed = run(model, x);
    const quiet = new Array<number>(200).fill(0);
    const { states } = run(model, quiet, 1, pushed.states);
    return model.states.every(({ name, start }) => Math.abs(states[name]![0]! - start) < 1e-6);
  },
  reset: (model, x) => new Set(afterSpikes(model, x).map(({ v }) => v.toFixed(9))).size <= 1,
  subtraction(model, x) {
    const taken = new Set(afterSpikes(model, x).map(({ h, v }) => (h - v).toFixed(9)));
    return taken.size <= 1 && !taken.has((0).toFixed(9));
  },
  refractory(model, x) {
    const steps = model.parameters.find(({ name }) => name === 'steps')?.value ?? 0;
    const { output } = run(model, x);
    return output.every((spike, t) => {
      if (spike === 0 || t + steps >= x.length) return true;
      const blind = x.map((value, s) => (s > t && s <= t + steps ? value + 1 : value));
      const other = run(model, blind).output;
      return !nonzero(output.slice(t + 1, t + 1 + steps)) && String(other) === String(output);
    });
  },
};

/** h and v of the steps that fired. */
function afterSpikes(model: NeuronModel, x: readonly number[]): { h: number; v: number }[] {
  const all = { ...model, outputs: ['spikes', 'h', 'v'] };
  const { outputs } = numberScan(all, 'f64').forward(
    Float64Array.from(x),
    { steps: x.length, size: 1, channels: 1 },
    learnablesOf(model).map(({ value }) => Float64Array.of(value)),
    model.states.map(() => undefined),
  );
  const [spikes, h, v] = outputs;
  return [...x.keys()].flatMap((t) => (spikes![t] === 0 ? [] : [{ h: h![t]!, v: v![t]! }]));
}

const byName: Readonly<Record<string, ZooNeuron<string>>> = zoo;
const holds = (law: ZooLaw, model: NeuronModel): boolean => {
  const property = fc.property(currentsFor(model), (x) => laws[law](model, x));
  return !fc.check(property, { numRuns: law === 'decay' || law === 'gradient' ? 8 : 20, seed: 27 }).failed;
};

describe.each(Object.entries(byName))('%s', (_name, make) => {
  const model = make();
  test.each(make.laws)('keeps the law of %s', (law) => {
    expect(holds(law, model)).toBe(true);
  });

  test('breaks those that it could promise and does not', () => {
    const names = model.assigned.map(({ name }) => name);
    const possible = (['silence', 'decay'] as ZooLaw[]).concat(
      make.fires && names.includes('h') && names.includes('v') ? ['reset', 'subtraction'] : [],
    );
    const kept = possible.filter((law) => !make.laws.includes(law) && holds(law, model));
    expect(kept).toEqual([]);
  });

  test('makes what its example sets', () => {
    const shown = make(make.example);
    expect(shown.text).toBe(make.equations);
    expect(shown).not.toEqual(model);
  });
});
