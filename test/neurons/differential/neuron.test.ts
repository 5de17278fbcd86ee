// What differential equations become: steps of the right values, gradients with learnable time constants, refractory
// steps, comparisons as written, widths, JSON, and every backend.

import { describe, expect, test } from 'vitest';
import {
  arctan,
  explain,
  init,
  learnable,
  type NeuronModel,
  type NeuronOptions,
  neuron,
  neuronFromJson,
  neuronToJson,
  probe,
  Random,
  randn,
  rectangular,
  resnet20,
  runNeuron,
  sum,
  tensor,
} from '../../../src';
import { learnablesOf } from '../../../src/neurons';
import { numberScan } from '../../../src/neurons/numbers/scan';
import { runNeuronModel } from '../../../src/train/settings/neuron';
import { fc, test as property } from '../../support/properties';

const list = (values: readonly number[]) => Float64Array.from(values);

/** One neuron over its steps: every assigned value by name. */
function traced(model: NeuronModel, x: readonly number[], parameters: readonly number[] = []) {
  const all = { ...model, outputs: model.assigned.map(({ name }) => name) };
  const sequence = { steps: x.length, size: 1, channels: 1 };
  const { outputs } = numberScan(all, 'f64').forward(
    list(x),
    sequence,
    parameters.map((p) => list([p])),
    [],
  );
  return Object.fromEntries(all.outputs.map((name, k) => [name, [...outputs[k]!]]));
}

describe('a step', () => {
  const lif = (options: NeuronOptions) => neuron('dv/dt = (x - v)/20', options);

  test('is exact where the equation is linear, by default', () => {
    expect(traced(lif({}), [1, 0]).v).toEqual([
      expect.closeTo(1 - Math.exp(-0.05), 15),
      expect.closeTo(Math.exp(-0.05) * (1 - Math.exp(-0.05)), 15),
    ]);
    expect(traced(lif({ method: 'euler' }), [1, 0]).v).toEqual([0.05, expect.closeTo(0.05 * 0.95, 15)]);
    expect(traced(lif({ dt: 5 }), [1]).v![0]).toBeCloseTo(1 - Math.exp(-0.25), 15);
  });

  test("is the same of dv/dt and v', of ** and ^, with and without units", () => {
    const texts = ['dv/dt = (x - v)**2/20 : 1', "v' = (x - v)^2/20", "v' = a; a = (x - v)**2/20 : 1"];
    const traces = texts.map((text) => traced(neuron(text), [1, 2, -1]).v);
    expect(traces[1]).toEqual(traces[0]);
    expect(traces[2]).toEqual(traces[0]);
  });

  test('takes all derivatives of one moment, and statements of a reset in order', () => {
    const model = neuron("v' = w + x; w' = -v", {
      method: 'euler',
      threshold: 'v > 1',
      reset: 'w += v; v = w',
    });
    expect(traced(model, [0.5, 0.5, 0.5]).v).toEqual([0.5, 1, 1]);
    // h = 1 + 0.5 - 0.5 = 1 (not above), w = -1.5; then h = 1 - 1.5 + 0.5
    expect(traced(model, [2]).w).toEqual([2]);
    expect(traced(model, [2]).v).toEqual([2]);
  });

  test('of two coupled equations is that of the matrix exponential', () => {
    // a rotation by dt: v' = w, w' = -v
    const model = neuron("v' = w; w' = -v + 0*x", { dt: 0.3, start: { v: 1 } });
    const { v, w } = traced(model, Array(10).fill(0));
    for (const [t, value] of v!.entries()) {
      expect(value).toBeCloseTo(Math.cos(0.3 * (t + 1)), 13);
      expect(w![t]).toBeCloseTo(-Math.sin(0.3 * (t + 1)), 13);
    }
  });

  test('of singular equations, and of equal time constants, has a value', () => {
    expect(traced(neuron("v' = w - v; w' = v - w + x", { dt: 1 }), [2]).w![0]).toBeCloseTo(
      1 + (1 - Math.exp(-2)) / 2,
      13,
    );
    const equal = neuron("v' = (i - v)/5; i' = -i/5", { start: { i: 1 } });
    expect(traced(equal, [0]).v![0]).toBeCloseTo((1 / 5) * Math.exp(-1 / 5), 14);
  });

  const factor = fc.integer({ min: -40, max: 20 }).map((n) => n / 20);
  property.prop(
    [fc.array(factor, { minLength: 9, maxLength: 9 }), fc.double({ min: 0.01, max: 4, noNaN: true })],
    {
      numRuns: 30,
    },
  )('of drawn linear equations is two of half the length', (m, dt) => {
    const row = (k: number) => `${m[3 * k]}*v + ${m[3 * k + 1]}*w + ${m[3 * k + 2]}*u`;
    const text = `v' = ${row(0)} + x; w' = ${row(1)}; u' = ${row(2)} - 2*x`;
    const start = { v: 0.3, u: -1 };
    const whole = traced(neuron(text, { dt, start }), [1.5]);
    const halves = traced(neuron(text, { dt: dt / 2, start }), [1.5, 1.5]);
    for (const name of ['v', 'w', 'u'])
      expect(Math.abs(halves[name]![1]! - whole[name]![0]!) / (1 + Math.abs(whole[name]![0]!))).toBeLessThan(
        1e-10,
      );
  });

  test('fires above the threshold, or at it, as the comparison is written', () => {
    const at = (threshold: string) => traced(neuron("v' = x", { threshold, reset: 'v = 0' }), [1, 1]).spikes;
    expect(at('v > 1')).toEqual([0, 1]);
    expect(at('v >= 1')).toEqual([1, 1]);
    expect(at('1 < v')).toEqual([0, 1]);
    expect(at('not (v < 1)')).toEqual([1, 1]);
    expect(at('v > 0 and v >= 1')).toEqual([1, 1]);
    expect(at('v >= 1 and v > 1')).toEqual([0, 1]);
    expect(at('v > 1 or v >= 2')).toEqual([0, 1]);
    expect(at('v > 1 or v >= 1')).toEqual([1, 1]);
    const assigned = neuron('v = v + x; spikes = spike(v > 1)');
    expect(traced(assigned, [1, 1]).spikes).toEqual([0, 1]);
  });
});

describe('a refractory neuron', () => {
  const spiking = (options: NeuronOptions) =>
    traced(neuron("v' = x", { threshold: 'v >= 1', reset: 'v = 0', ...options }), Array(8).fill(1));

  test('is silent for so many steps, and its states go on', () => {
    const { spikes, v } = spiking({ refractory: 2 });
    expect(spikes).toEqual([1, 0, 0, 1, 0, 0, 1, 0]);
    expect(v).toEqual([0, 1, 2, 0, 1, 2, 0, 1]);
  });

  test('keeps the states that it holds', () => {
    const held = spiking({ refractory: 2, hold: ['v'] });
    expect(held.spikes).toEqual([1, 0, 0, 1, 0, 0, 1, 0]);
    expect(held.v).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    const flagged = neuron("v' = x : 1 (unless refractory)", {
      threshold: 'v >= 1',
      reset: 'v = 0',
      refractory: 2,
    });
    expect(traced(flagged, Array(8).fill(1)).v).toEqual(held.v);
  });

  test('may be so as long as a condition holds', () => {
    const model = neuron("v' = x", { threshold: 'v > 1', refractory: 'v > 0.5' });
    expect(traced(model, [2, 0, -1.8, 1, 0, 0]).spikes).toEqual([1, 0, 0, 1, 0, 0]);
  });

  test('lets what stands still act on what does not, by exact steps too', () => {
    // while v stands at 0, i falls by e^(-1/5) a step, and w, which v drives, by e^(-1/7)
    const text = "v' = (i - v)/5 : 1 (unless refractory); i' = -i/5 + x; w' = (v - w)/7";
    const model = neuron(text, { threshold: 'v > 0.1', reset: 'v = 0', refractory: 3 });
    const { spikes, w } = traced(model, [2, 0, 0, 0]);
    expect(spikes).toEqual([1, 0, 0, 0]);
    expect(w![2]! / w![1]!).toBeCloseTo(Math.exp(-1 / 7), 12);
  });
});

describe('learnable time constants', () => {
  /** d(Σ v)/d(parameters) by backward and by differences. */
  function expectSlopes(model: NeuronModel, x: readonly number[]): void {
    const parameters = learnablesOf(model).map(({ value }) => value);
    const whole = { ...model, outputs: ['v'] };
    const sequence = { steps: x.length, size: 1, channels: 1 };
    const scan = numberScan(whole, 'f64');
    const loss = (p: readonly number[]) =>
      scan.forward(
        list(x),
        sequence,
        p.map((q) => list([q])),
        [],
      ).outputs[0]!;
    const total = (p: readonly number[]) => [...loss(p)].reduce((a, b) => a + b, 0);
    const back = scan.backward(
      list(x),
      sequence,
      parameters.map((p) => list([p])),
      [],
      [list(x.map(() => 1))],
      [],
    );
    for (const [k, p] of parameters.entries()) {
      const moved = (by: number) => total(parameters.map((q, i) => (i === k ? q + by : q)));
      const step = 1e-5 * p;
      const wanted = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(back.parameters[k]![0]! - wanted) / Math.abs(wanted)).toBeLessThan(1e-6);
    }
  }
  const x = [1, 0.5, 2, -1, 0.3, 1.2, 0, 1];
  const taus = { tau: learnable(10), tau_s: learnable(5) };

  test.each([
    ['one equation', "v' = (x - v)/tau", { tau: learnable(10) }],
    ['a chain', "v' = (i - v)/tau; i' = (x - i)/tau_s", taus],
    ['a chain of equal ones', "v' = (i - v)/tau; i' = (x - i)/tau_s", { ...taus, tau_s: learnable(10) }],
    ['a circle', "v' = (x - v - w)/tau; w' = (0.5*v - w)/tau_s", taus],
  ] as readonly (readonly [string, string, NeuronOptions['parameters'] & object])[])(
    'of %s have their gradients',
    (_, text, parameters) => {
      for (const method of ['exact', 'exponentialEuler', 'rk4'] as const)
        expectSlopes(neuron(text, { parameters, method }), x);
    },
  );

  test('of nonlinear equations, whose exponential has a gradient of its own', () => {
    const text = "v' = (-v^3 + exp(-v) + x)/tau; w' = v*w/tau";
    expectSlopes(neuron(text, { parameters: { tau: learnable(3) }, start: { w: 0.5 } }), x);
  });

  test('give what constant ones give, also when they have moved far', () => {
    const text = "v' = (i - v)/tau; i' = (x - i)/tau_s";
    const learnt = neuron(text, { parameters: taus });
    for (const [tau, tau_s] of [
      [10, 5],
      [0.5, 0.5],
      [300, 2],
    ] as const) {
      const fixed = traced(neuron(text, { parameters: { tau, tau_s } }), x).v!;
      for (const [t, v] of traced(learnt, x, [tau, tau_s]).v!.entries()) expect(v).toBeCloseTo(fixed[t]!, 11);
    }
  });
});

describe('a surrogate', () => {
  const text = 'dv/dt = (EL - v + x)/20';
  const given = { threshold: 'v > vth', reset: 'v = EL', parameters: { EL: -70, vth: -50 } };
  const width = (options: NeuronOptions) => neuron(text, { ...given, ...options }).differential!.width;

  test('is as wide as the threshold is far, where nobody said how wide', () => {
    expect(width({})).toBeCloseTo(20, 10);
    expect(width({ surrogate: arctan() })).toBeCloseTo(20, 10);
    expect(width({ start: { v: -65 } })).toBe(15);
    expect(width({ surrogate: arctan({ alpha: 2 }) })).toBe(1);
    expect(width({ surrogate: rectangular({ scale: 0.3 }) })).toBeCloseTo(20, 10);
    expect(width({ width: 3 })).toBe(3);
    expect(neuron("v' = v^2 + x", { threshold: 'v > 0' }).differential!.width).toBe(1);
  });

  test('has the slope of u over the width', () => {
    const model = neuron("v' = x", { threshold: 'v >= 4', surrogate: arctan() });
    const back = numberScan(model, 'f64').backward(
      list([3]),
      { steps: 1, size: 1, channels: 1 },
      [],
      [],
      [list([1])],
      [],
    );
    expect(back.x[0]).toBeCloseTo(1 / (1 + (Math.PI / 4) ** 2) / 4, 12);
  });
});

const adex: NeuronOptions = {
  threshold: 'v > vth',
  reset: 'v = EL; w += b',
  refractory: 1,
  hold: ['v'],
  dt: 0.5,
  detachReset: true,
  surrogate: arctan(),
  start: { v: -70 },
  parameters: { EL: -70, D: 2, vth: -50, tau: learnable(10), tau_w: 50, a: 0.1, b: 2 },
};
const adexText = 'dv/dt = (EL - v + D*exp((v + 50)/D) - w + x)/tau\ndw/dt = (a*(v - EL) - w)/tau_w';

describe('a neuron of differential equations', () => {
  test('comes back from JSON as it was', () => {
    const model = neuron(adexText, adex);
    const json = neuronToJson(model);
    expect(json).toMatchObject({
      threshold: 'v > vth',
      refractory: 1,
      hold: ['v'],
      dt: 0.5,
      width: 20,
      detachReset: true,
    });
    const again = neuronFromJson(JSON.parse(JSON.stringify(json)));
    expect(neuronToJson(again)).toEqual(json);
    expect(explain(again)).toBe(explain(model));
    const flagged = neuron("v' = x : 1 (unless refractory)");
    expect(explain(neuronFromJson(neuronToJson(flagged)))).toBe(explain(flagged));
    const lif = neuron('dv/dt = (x - v)/2', { threshold: 'v > 1' });
    expect(neuronToJson(lif)).toEqual({
      equations: 'dv/dt = (x - v)/2',
      parameters: {},
      surrogate: { name: 'rectangular', window: 1, scale: 1 },
      outputs: ['spikes'],
      dt: 1,
      method: 'exact',
      threshold: 'v > 1',
      width: 1,
    });
  });

  test('is explained: method, order, decays, refractory, width', () => {
    const said = explain(
      neuron('dv/dt = (x - v)/20', { threshold: 'v > 10', reset: 'v = 0', refractory: 2, detachReset: true }),
    );
    expect(said).toContain('method exact: the matrix exponential');
    expect(said).toContain(
      'a step: integrate by dt = 1, then h = v as it is then, then spikes where v > 10, then where it spikes v = 0',
    );
    expect(said).toContain('of v a step leaves 0.9512 (e^(-dt/tau)); 1 - dt/tau would be 0.95');
    expect(said).toContain('refractory for 2 steps after that of a spike; input is kept');
    expect(said).toContain('the surrogate sees u/10: its width is the distance from rest to threshold');
    expect(said).toMatch(/h = v\*0\.951229\d* \+ x\*0\.04877\d*/);
    expect(said).toContain('that of v is cut off from the spike by detach');
    expect(explain(neuron(adexText, adex))).toContain('v stands still, and what comes in is lost to it');
    expect(explain(neuron('dv/dt = (x - v)/20', { threshold: 'v > 10', method: 'euler' }))).toContain(
      'of v a step leaves 0.95 (1 - dt/tau); its exponential would be 0.9512',
    );
  });

  test('stands in a network as a file for `train --neuron` says it, normalised to its threshold, and is probed', async () => {
    await init({ backend: 'cpu', precision: 'f64' });
    const file = {
      equations: "i' = -i/3 + x : 1\nv' = (i + EL - v)/2 : 1",
      threshold: 'v > -50',
      reset: 'v = EL',
      parameters: { EL: -60 },
      start: { v: -60 },
    };
    const model = runNeuronModel('--neuron', file);
    const network = resnet20({ width: 4, timesteps: 3, neuron: model });
    const looking = probe(network);
    network.call(randn([2, 8, 8, 3], { random: new Random(2) })).dispose();
    const [recording] = await looking.recordings();
    expect(recording!.vth).toBe(-50);
    expect(Math.min(...recording!.charged!)).toBeGreaterThan(-200);
    expect(Math.max(...recording!.carried!)).toBeLessThanOrEqual(-50);
    const { layers } = await looking.report();
    expect(layers[0]!.rate).toBeGreaterThan(0);
  });

  test.each(['cpu', 'wasm'] as const)('runs on %s, forward and back', async (backend) => {
    await init({ backend });
    const model = neuron(adexText, adex);
    const numbers = Array.from({ length: 30 * 8 }, (_, i) => 25 + 30 * Math.sin(i * 1.7));
    const x = tensor(numbers, [30, 8], { requiresGrad: true });
    const { spikes } = runNeuron(model, x);
    sum(spikes).backward();
    const sequence = { steps: 30, size: 8, channels: 8 };
    const scan = numberScan(model, 'f64');
    const wanted = scan.forward(list(numbers), sequence, [list([10])], []).outputs[0]!;
    expect([...(await spikes.data())]).toEqual([...wanted]);
    expect([...wanted].filter((spike) => spike === 1).length).toBeGreaterThan(5);
    const back = scan.backward(list(numbers), sequence, [list([10])], [], [list(numbers.map(() => 1))], []);
    const largest = Math.max(...back.x.map(Math.abs));
    for (const [i, g] of [...(await x.grad!.data())].entries())
      expect(Math.abs(g - back.x[i]!) / largest).toBeLessThan(1e-3);
  });
});
