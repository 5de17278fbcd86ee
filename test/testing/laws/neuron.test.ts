// checkNeuron: the library's neuron passes with every option, a neuron of one's own as far as it shows itself, and
// every law is broken by a neuron that is wrong in that.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../../src/core/tensor';
import { init } from '../../../src/init';
import { add, mul, sub } from '../../../src/ops/arithmetic';
import { greater } from '../../../src/ops/compare';
import { concat, slice } from '../../../src/ops/layout';
import { mean } from '../../../src/ops/reduce';
import {
  fastSigmoid,
  type LifOptions,
  lif,
  lifCell,
  lifSequence,
  lifTrace,
  mpr,
  rectangular,
  sigmoidal,
  spike,
  triangular,
  unroll,
} from '../../../src/snn';
import { checkNeuron, neuronOptions, type OwnNeuron } from '../../../src/testing';
import { brokenBy, failure } from './broken';

const ALL = [
  'binary',
  'same again',
  'causal',
  'batch',
  'traced',
  'threshold',
  'reset',
  'decay',
  'pieces',
  'unrolled',
  'gradient',
];

const options: LifOptions = { tau: 0.5, surrogate: sigmoidal() };
/** The library's neuron with all of its inside, as somebody would hand in their own. */
const own: OwnNeuron = {
  spikes: (x) => lif(x, options),
  sequence: (x, v) => lifSequence(x, v, options),
  trace: (x) => lifTrace(x, options),
  cell: lifCell(options),
  unrolled: (x, { fire }) =>
    unroll((input, v) => {
      const h = v === undefined ? input : add(mul(v, 0.5), input);
      const output = fire(sub(h, 0.5));
      return { output, state: mul(h, sub(1, output)) };
    }, x).outputs,
  surrogate: sigmoidal(),
  vth: 0.5,
  reset: 'hard',
  vReset: 0,
  decay: 0.5,
};

/** Adds to the currents of each step those of the next. */
const peek = (x: Tensor) => {
  const steps = x.shape[0]!;
  return steps === 1
    ? x
    : concat([add(slice(x, [0], [steps - 1]), slice(x, [1], [steps])), slice(x, [steps - 1], [steps])]);
};
let calls = 0;
const mutants: Record<string, [law: string, OwnNeuron]> = {
  'fires twice at once': ['binary', { spikes: (x) => mul(lif(x), 2) }],
  'tires from call to call': ['same again', { spikes: (x) => lif(sub(x, 0.1 * (calls++ % 3))) }],
  'sees the next current': ['causal', { spikes: (x) => lif(peek(x)) }],
  'sees the other rows': ['batch', { spikes: (x) => lif(sub(x, mean(x, [1], { keepAxes: true }))) }],
  'traces another neuron': ['traced', { ...own, trace: (x) => lifTrace(mul(x, 1.5), options) }],
  'does not fire at the threshold itself': [
    'threshold',
    {
      ...own,
      trace: (x) => ({ ...lifTrace(x, options), spikes: greater(lifTrace(x, options).rectified, 0.5) }),
    },
  ],
  'forgets the reset': [
    'reset',
    { ...own, trace: (x) => ({ ...lifTrace(x, options), carried: lifTrace(x, options).charged }) },
  ],
  'decays with the wrong sign': [
    'decay',
    { ...own, sequence: (x, v) => lifSequence(x, v === undefined ? v : mul(v, -1), options) },
  ],
  'starts every piece from rest': ['pieces', { ...own, sequence: (x) => lifSequence(x, undefined, options) }],
  'leaks otherwise step by step': ['unrolled', { ...own, cell: lifCell({ ...options, tau: 0.25 }) }],
  'detaches its spikes only in the unrolled form': [
    'gradient',
    {
      ...own,
      unrolled: (x, { fire, hold }) =>
        own.unrolled!(x, {
          fire: (u) => {
            const o = fire(u);
            return add(hold(o), sub(o, o.detach()));
          },
          hold,
        }),
    },
  ],
  'has another surrogate than it says': ['gradient', { ...own, surrogate: fastSigmoid() }],
};

describe('checkNeuron', () => {
  test('passes the neuron of the library with any options, every law', () => {
    fc.assert(
      fc.property(neuronOptions(), (drawn) => {
        expect(checkNeuron(drawn, { runs: 8 }).held.map(({ law }) => law)).toEqual(ALL);
      }),
      { numRuns: 12 },
    );
  });

  test('passes a rectified neuron that ignores the gradient of its reset', () => {
    const report = checkNeuron({ rectifier: mpr(), detachReset: true, surrogate: sigmoidal() }, { runs: 25 });
    expect(report.notChecked).toEqual([]);
  });

  test('takes no kink of a surrogate or rectifier for a wrong gradient', () => {
    const rectifier = {
      name: 'clamped',
      parameters: {},
      value: (h: number) => Math.min(1, Math.max(0, 2 * h - 0.5)),
      derivative: (h: number) => (h > 0.25 && h < 0.75 ? 2 : 0),
    };
    for (const surrogate of [rectangular(), triangular()])
      expect(checkNeuron({ rectifier, surrogate }, { law: 'gradient' }).held).toHaveLength(1);
  });

  test('passes a neuron of one’s own that shows everything', () => {
    expect(checkNeuron(own, { runs: 25 }).held).toHaveLength(ALL.length);
  });

  test('says of a neuron that shows its spikes alone what was not checked, and what that would need', () => {
    const { held, notChecked } = checkNeuron((x: Tensor) => lif(x), { runs: 10 });
    expect(held.map(({ law }) => law)).toEqual(ALL.slice(0, 4));
    expect(notChecked).toEqual([
      { law: 'traced', reason: 'needs trace' },
      { law: 'threshold', reason: 'needs trace' },
      { law: 'reset', reason: 'needs trace' },
      { law: 'decay', reason: 'needs sequence and decay' },
      { law: 'pieces', reason: 'needs sequence' },
      { law: 'unrolled', reason: 'needs cell' },
      { law: 'gradient', reason: 'needs unrolled and surrogate' },
    ]);
  });

  test.each(Object.entries(mutants))('finds a neuron that %s', (_, [law, neuron]) => {
    expect(brokenBy(() => checkNeuron(neuron))).toContain(law);
  });

  test('takes a detached reset where hold stands for it', () => {
    const detached = { ...options, detachReset: true };
    const unrolled: NonNullable<OwnNeuron['unrolled']> = (x, { fire, hold }) =>
      unroll((input, v) => {
        const h = v === undefined ? input : add(mul(v, 0.5), input);
        const output = fire(sub(h, 0.5));
        return { output, state: mul(h, sub(1, hold(output))) };
      }, x).outputs;
    const neuron = { spikes: (x: Tensor) => lif(x, detached), unrolled, surrogate: sigmoidal() };
    expect(checkNeuron(neuron, { law: 'gradient' }).held).toHaveLength(1);
    expect(brokenBy(() => checkNeuron({ ...neuron, spikes: own.spikes }, { law: 'gradient' }))).toEqual([
      'gradient',
    ]);
  });

  test('computes in f64 on the cpu, also when the active backend is wasm', async () => {
    await init({ backend: 'wasm', threads: 1 });
    const seen = new Set<string>();
    checkNeuron((x: Tensor) => {
      seen.add(`${x.backend.name} ${x.backend.precision}`);
      return spike(sub(x, 0.5), sigmoidal());
    });
    expect([...seen]).toEqual(['cpu f64']);
  });

  test('shows the broken law in words, the smallest currents with the numbers, and the call that finds them again', () => {
    const error = failure(() => checkNeuron(mutants['forgets the reset']![1], { law: 'reset', seed: 1 }));
    expect(error.message).toBe(`checkNeuron: the neuron breaks 1 of 1 law

reset: V[t] is vReset = 0 after a spike, else H[t]
  X [T=1,B=1,N=1]: 1
  at t = 0, row 0, neuron 0 H = 1, O = 1, V = 1, not 0
  again: checkNeuron(neuron, { law: 'reset', seed: 1, path: '1:0:0:0:1' })`);
  });

  test('refuses spikes of another shape', () => {
    expect(failure(() => checkNeuron((x: Tensor) => mean(x), { law: 'binary' })).message).toContain(
      'spikes of currents [1,1,1] must have their shape, got []',
    );
  });
});
