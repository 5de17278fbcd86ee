// Laws of the neuron: what fires, what a spike leaves behind, how it decays, and that the fused form, the unrolled form
// and a sequence in pieces are the same function with the same gradient.

import { beforeAll, describe, expect } from 'vitest';
import { tensor } from '../../src/core/create';
import { Random } from '../../src/core/random';
import { noGrad } from '../../src/core/tape';
import type { Tensor } from '../../src/core/tensor';
import { add, mul, sub } from '../../src/ops/arithmetic';
import { tanh } from '../../src/ops/functions';
import { concat, select, slice } from '../../src/ops/layout';
import { sum } from '../../src/ops/reduce';
import { type LifOptions, lif, lifCell, lifSequence, lifTrace, unroll } from '../../src/snn';
import { dataOf, neuronOptions } from '../../src/testing/arbitraries';
import { inputCurrents } from '../../src/testing/currents';
import { evaluated, expectClose, expectSame, normal } from '../snn/numbers';
import { initTested } from '../support/backend';
import { fc, test } from '../support/properties';
import { expectSameNeuron, preCertain } from './rounding';

beforeAll(async () => {
  await initTested();
});

/** A rectifier that no kernel knows: φ(h) = (7/10)·tanh(h - 1/2) + 1/2. */
const fusable = {
  name: 'softened',
  parameters: {},
  value: (h: number) => Math.tanh(h - 0.5) * 0.7 + 0.5,
  derivative: (h: number) => 0.7 * (1 - Math.tanh(h - 0.5) ** 2),
};
const composed = (h: Tensor) => add(mul(tanh(sub(h, 0.5)), 0.7), 0.5);

const options: fc.Arbitrary<LifOptions> = fc
  .tuple(neuronOptions(), fc.boolean())
  .map(([drawn, custom]) => (custom ? { ...drawn, rectifier: fusable } : drawn));
const currents = inputCurrents();
/** Currents [T,N] and V[0] of shape [N]. */
const withInitial = currents.chain((x) => fc.tuple(fc.constant(x), dataOf(x.shape.slice(1))));

const sequence = (o: LifOptions) => (x: Tensor, v?: Tensor) => {
  const { spikes, carried } = lifSequence(x, v, o);
  return [spikes, carried];
};
const unrolled = (o: LifOptions, truncate?: number) => (x: Tensor, v?: Tensor) => {
  const { outputs, state } = unroll(lifCell(o), x, {
    ...(v && { initial: v }),
    ...(truncate !== undefined && { truncate }),
  });
  return [outputs, state];
};

describe('a neuron', () => {
  test.prop([currents, options])('gives nothing but zeros and ones', ({ data, shape }, o) => {
    const spikes = lif(tensor(data, shape), o);
    for (const spike of spikes.dataSync()) expect([0, 1]).toContain(spike);
    expect(spikes.isSpikes).toBe(true);
  });

  test.prop([currents, options])('is left at vReset or vth lower by a spike', ({ data, shape }, o) => {
    const trace = lifTrace(tensor(data, shape), o);
    const [charged, spikes, carried] = [trace.charged, trace.spikes, trace.carried].map((t) => t.dataSync());
    const left = Array.from(spikes!, (spike, i) => {
      if (spike === 0) return charged![i]!;
      return o.reset === 'soft' ? charged![i]! - o.vth! : o.vReset!;
    });
    expectClose(carried!, left, 0);
  });

  test.prop([fc.double({ min: 0.1, max: 1, noNaN: true }), fc.double({ min: -2, max: 0.49, noNaN: true })])(
    'without input decays as tau to the power t',
    (tau, start) => {
      const steps = 6;
      const { carried } = lifSequence(tensor(new Float64Array(steps), [steps, 1]), tensor([start]), { tau });
      expectClose(carried.dataSync(), [start * tau ** steps], 1e-14);
    },
  );

  test.prop([currents, options])('is traced with the spikes that it gives', ({ data, shape }, o) => {
    preCertain(o, { data, shape });
    const x = tensor(data, shape);
    expect(Array.from(lifTrace(x, o).spikes.dataSync())).toEqual(Array.from(lif(x, o).dataSync()));
  });

  test.prop([withInitial, options])('is the same fused and unrolled, gradients too', ([x, v], o) => {
    preCertain(o, x, v);
    preCertain(o, x);
    expectSameNeuron(evaluated(sequence(o), [x, v]), evaluated(unrolled(o), [x, v]), o, x, v);
    expectSameNeuron(evaluated(sequence(o), [x]), evaluated(unrolled(o), [x]), o, x);
  });

  test.prop([withInitial, options])('has one derivative, found by rule or by autograd', ([x, v], o) => {
    const byRule = { ...o, rectifier: fusable };
    preCertain(byRule, x, v);
    expectSameNeuron(
      evaluated(sequence({ ...o, rectifier: composed }), [x, v]),
      evaluated(sequence(byRule), [x, v]),
      byRule,
      x,
      v,
    );
  });

  test.prop([withInitial, options, fc.nat()])('may be run in pieces that carry V', ([x, v], o, cut) => {
    const steps = x.shape[0]!;
    fc.pre(steps >= 2);
    const at = 1 + (cut % (steps - 1));
    const pieces = (input: Tensor, initial?: Tensor) => {
      const first = lifSequence(slice(input, [0], [at]), initial, o);
      const second = lifSequence(slice(input, [at], [steps]), first.carried, o);
      return [concat([first.spikes, second.spikes]), second.carried];
    };
    preCertain(o, x, v);
    expectSameNeuron(evaluated(pieces, [x, v]), evaluated(sequence(o), [x, v]), o, x, v);
  });

  test.prop([fc.integer({ min: 1, max: 5 }), fc.nat(), options])(
    'gives permuted spikes for a permuted batch',
    (batch, seed, o) => {
      const [steps, neurons] = [4, 3];
      const data = normal(steps * batch * neurons, seed, 0.4);
      const order = new Random(seed).permutation(batch);
      const permute = (numbers: ArrayLike<number>) =>
        Array.from(numbers, (_, i) => {
          const [t, n, c] = [Math.floor(i / (batch * neurons)), Math.floor(i / neurons) % batch, i % neurons];
          return numbers[(t * batch + order[n]!) * neurons + c]!;
        });
      const shape = [steps, batch, neurons];
      const spikes = lif(tensor(data, shape), o).dataSync();
      expect(Array.from(lif(tensor(permute(data), shape), o).dataSync())).toEqual(permute(spikes));
    },
  );

  test('with a NaN in its input does not fire there, and its potential stays NaN', () => {
    for (const reset of ['hard', 'soft'] as const) {
      const { spikes, carried } = lifSequence(tensor([Number.NaN, 1, 1, 1], [2, 2]), undefined, { reset });
      expect(Array.from(spikes.dataSync())).toEqual([0, 1, 0, 1]);
      expect(carried.dataSync()[0]).toBeNaN();
      expect(carried.dataSync()[1]).not.toBeNaN();
    }
  });

  test('refuses options and inputs that have no meaning, and says why', () => {
    const x = tensor([1, 2], [1, 2]);
    expect(() => lif(x, { vReset: 0.5 })).toThrow(/vReset 0.5 must lie below vth 0.5/);
    expect(() => lif(x, { tau: Number.NaN })).toThrow(/tau must be a number >= 0, got NaN/);
    expect(() => lif(x, { reset: 'none' as 'hard' })).toThrow(/reset must be 'hard' or 'soft'/);
    expect(() => lif(x, { dynamics: 'other' as 'leak' })).toThrow(/dynamics must be/);
    expect(() => lif(tensor(1))).toThrow(/at least one time step/);
    expect(() => lifSequence(x, tensor([1, 2, 3]))).toThrow(/initial potential \[3\] must be \[2\]/);
    expect(() => unroll(lifCell(), x, { truncate: 0 })).toThrow(/truncate must be a whole number/);
  });
});

describe('truncated backpropagation', () => {
  /** Weak currents, so that the state is never reset and the gradient of V reaches back. */
  const reach = (truncate: number | undefined) => {
    const x = tensor(new Float64Array(6).fill(0.01), [6, 1], { requiresGrad: true });
    sum(unrolled({ tau: 0.5 }, truncate)(x)[1]!).backward();
    return Array.from(x.grad!.dataSync());
  };

  test('cuts the gradient at every so many steps and nowhere else', () => {
    const wide = reach(undefined);
    expect(wide.every((g) => g > 0)).toBe(true);
    expect(reach(6)).toEqual(wide);
    expect(reach(4)).toEqual(wide.map((g, t) => (t < 4 ? 0 : g)));
    expect(reach(2)).toEqual(wide.map((g, t) => (t < 4 ? 0 : g)));
    expect(reach(1)).toEqual(wide.map((g, t) => (t < 5 ? 0 : g)));
  });

  test.prop([withInitial, options, fc.integer({ min: 1, max: 6 })])(
    'changes no value',
    ([x, v], o, truncate) => {
      expectSame(
        { ...evaluated(unrolled(o, truncate), [x, v]), gradients: [] },
        { ...evaluated(unrolled(o), [x, v]), gradients: [] },
      );
    },
  );
});

test('the printed dynamics hardly fire in four steps of N(0, 1/4) input, the leaking ones about 15 %', () => {
  const neurons = 50_000;
  const x = tensor(normal(4 * neurons, 11, 0, 0.5), [4, neurons]);
  const rates = (dynamics: 'leak' | 'paper') =>
    noGrad(() => {
      const spikes = lif(x, { dynamics });
      return [0, 1, 2, 3].map((t) => sum(select(spikes, 0, t)).itemSync() / neurons);
    });
  for (const rate of rates('paper')) expect(rate).toBeLessThan(0.016);
  for (const rate of rates('leak')) expect(Math.abs(rate - 0.155)).toBeLessThan(0.02);
});
