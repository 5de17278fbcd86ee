// checkNeuron of a neuron that runs elsewhere: one in plain numbers that keeps every law, at once or later, and one
// that is wrong for every law.

import { describe, expect, test } from 'vitest';
import {
  checkNeuron,
  type ForeignNeuron,
  type ForeignRun,
  type ForeignStates,
  LawBroken,
  type TensorData,
} from '../../../src/testing';

const [DECAY, VTH] = [0.5, 1];
const step = (u: number) => u / (1 + Math.abs(u));
const slope = (u: number) => 1 / (1 + Math.abs(u)) ** 2;

type Fire = (u: number) => number;
const heaviside: Fire = (u) => (u >= 0 ? 1 : 0);

/** v = 0.5·v + x, fires from 1 on, 1 is subtracted; after a spike it rests for `pause` steps. */
function sequence(
  { data, shape }: TensorData,
  initial?: ForeignStates,
  fire = heaviside,
  pause = 0,
): ForeignRun {
  const [steps, batch, neurons] = shape as [number, number, number];
  const row = batch * neurons;
  const v = Array.from(initial?.v ?? new Float64Array(row));
  const left = Array.from(initial?.left ?? new Float64Array(row));
  const [spikes, charged, membrane]: [number[], number[], number[]] = [[], [], []];
  for (let t = 0; t < steps; t++)
    for (let i = 0; i < row; i++) {
      const h = DECAY * v[i]! + data[t * row + i]!;
      const spike = left[i]! > 0 ? 0 : fire(h - VTH);
      left[i] = spike > 0 ? pause : Math.max(0, left[i]! - 1);
      v[i] = h - VTH * spike;
      spikes.push(spike);
      charged.push(h);
      membrane.push(v[i]!);
    }
  return { spikes, states: { v, left }, charged, membrane };
}

function gradient(currents: TensorData, weights: readonly number[]): number[] {
  const h = sequence(currents).charged!;
  const [steps, batch, neurons] = currents.shape as [number, number, number];
  const row = batch * neurons;
  const grads = new Array<number>(h.length);
  const after = new Array<number>(row).fill(0);
  for (let t = steps - 1; t >= 0; t--)
    for (let i = 0; i < row; i++) {
      const at = t * row + i;
      const fired = slope(h[at]! - VTH);
      grads[at] = after[i]! * (1 - VTH * fired) + weights[at]! * fired;
      after[i] = DECAY * grads[at]!;
    }
  return grads;
}

function smooth(currents: TensorData, moved: readonly TensorData[]): ArrayLike<number>[] {
  const { charged, spikes } = sequence(currents);
  return moved.map((each) => {
    let call = 0;
    return sequence(each, undefined, (u) => {
      const at = charged![call]! - VTH;
      return spikes[call++]! + step(u) - step(at);
    }).spikes;
  });
}

const own: ForeignNeuron = {
  run: (x, initial) => sequence(x, initial),
  otherwise: (x) => sequence(x),
  gradient,
  smooth,
  vth: VTH,
  reset: 'soft',
  decay: DECAY,
};
const resting: ForeignNeuron = {
  ...own,
  run: (x, initial) => sequence(x, initial, heaviside, 2),
  otherwise: undefined,
  gradient: undefined,
  smooth: undefined,
  refractory: 2,
};

const options = { runs: 40, seed: 3 };

async function failure(neuron: ForeignNeuron, law?: string): Promise<LawBroken> {
  const found = await checkNeuron(neuron, { ...options, law }).catch((error: unknown) => error);
  expect(found).toBeInstanceOf(LawBroken);
  return found as LawBroken;
}

const with_ = (change: (ran: ForeignRun, x: TensorData) => Partial<ForeignRun>): ForeignNeuron => ({
  ...own,
  run: (x, initial) => {
    const ran = sequence(x, initial);
    return { ...ran, ...change(ran, x) };
  },
});
const shifted = (values: ArrayLike<number>, by: number) => Array.from(values, (value) => value + by);
let calls = 0;

const wrong: Readonly<Record<string, ForeignNeuron>> = {
  binary: with_(({ spikes }) => ({ spikes: Array.from(spikes, (o) => 2 * o) })),
  'same again': {
    ...own,
    run: (x, initial) => sequence({ ...x, data: shifted(x.data, (calls++ % 3) / 8) }, initial),
  },
  causal: {
    ...own,
    run: (x, initial) => sequence({ ...x, data: x.data.map((v) => v + 0.5 * x.data.at(-1)!) }, initial),
  },
  batch: {
    ...own,
    run: (x, initial) => sequence({ ...x, data: shifted(x.data, 0.25 * (x.shape[1]! - 1)) }, initial),
  },
  rest: { ...own, run: (x, initial) => sequence({ ...x, data: shifted(x.data, 0.75) }, initial) },
  fires: { ...own, run: (x, initial) => ({ ...sequence(x, initial), spikes: x.data.map(() => 0) }) },
  'fires once': with_(({ spikes }, { shape }) => ({
    spikes: Array.from(spikes, (o, i) => (spikes[i - shape[1]! * shape[2]!] === 1 ? 1 : o)),
  })),
  bounded: with_(({ membrane }) => ({ membrane: Array.from(membrane!, (v, i) => v + i / 9) })),
  threshold: { ...own, strict: true },
  reset: { ...own, reset: 'hard' },
  refractory: { ...resting, refractory: 3 },
  decay: { ...own, decay: 0.75 },
  pieces: { ...own, run: (x) => sequence(x) },
  otherwise: { ...own, otherwise: (x) => sequence({ ...x, data: shifted(x.data, 0.125) }) },
  gradient: { ...own, gradient: (x, weights) => gradient(x, weights).map((g) => 1.01 * g) },
};

describe('checkNeuron of a neuron that runs elsewhere', () => {
  test('passes one that keeps every law', async () => {
    const { held, notChecked } = await checkNeuron(own, options);
    expect(held.map(({ law }) => law)).toEqual(Object.keys(wrong).filter((law) => law !== 'refractory'));
    expect(notChecked).toEqual([
      { law: 'refractory', reason: 'needs refractory' },
      { law: 'gradient in pieces', reason: 'needs gradient and gradientInPieces' },
    ]);
    expect((await checkNeuron(resting, options)).held.map(({ law }) => law)).toContain('refractory');
  });

  test.each(Object.keys(wrong))('breaks %s alone with a neuron that is wrong in it', async (law) => {
    const { counterexamples } = await failure(wrong[law]!, law);
    expect(counterexamples.map((one) => one.law)).toEqual([law]);
  });

  test('waits for answers, and takes the methods of a class', async () => {
    class Slow {
      readonly precision = 'f32';
      readonly vth = 1;
      readonly #shape: typeof sequence = sequence;
      async run(x: TensorData, initial?: ForeignStates) {
        await Promise.resolve();
        return this.#shape(x, initial);
      }
    }
    const { held } = await checkNeuron(new Slow(), { ...options, runs: 5 });
    expect(held.map(({ law }) => law)).toEqual(expect.arrayContaining(['binary', 'threshold', 'pieces']));
  });

  test('finds how strong its currents must be', async () => {
    const scaled = (factor: number): ForeignNeuron => ({
      run: ({ data, shape }, initial) => {
        const { spikes, states } = sequence({ data: data.map((x) => x * factor), shape }, initial);
        return { spikes, states };
      },
    });
    for (const [factor, amount] of [
      [2 ** -6, 64],
      [16, 0.0625],
    ] as const) {
      const { held } = await checkNeuron(scaled(factor), options);
      expect(held.find(({ law }) => law === 'fires')?.words).toContain(`current of ${amount} makes`);
    }
  });

  test('shows the simplest counterexample and the call that finds it again', async () => {
    const { message, counterexamples } = await failure({ ...own, name: 'theirs', reset: 'hard' });
    expect(message).toMatch(/^checkNeuron: theirs breaks 1 of 14 laws/);
    const { numbers, path } = counterexamples[0]!;
    expect(numbers).toEqual(['X [T=1,B=1,N=1]: 2', 'at t = 0, row 0, neuron 0 H = 2, O = 1, V = 1, not 0']);
    expect(message).toContain(`checkNeuron(neuron, { law: 'reset', seed: 3, path: '${path}' })`);
  });

  test('takes what a neuron throws for a counterexample', async () => {
    const thrower: ForeignNeuron = {
      ...own,
      run: (x, initial) => {
        if (x.shape[2]! > 1) throw new TypeError('one neuron only');
        return sequence(x, initial);
      },
    };
    const { counterexamples } = await failure(thrower, 'batch');
    expect(counterexamples[0]!.numbers).toEqual(['threw TypeError: one neuron only']);
  });

  test('says which part is wrong', async () => {
    await expect(checkNeuron({ run: sequence, treshold: 1 } as never)).rejects.toThrow(
      "has no option 'treshold'",
    );
    await expect(checkNeuron({ run: 1 } as never)).rejects.toThrow('checkNeuron: run must be a function');
    await expect(checkNeuron({ run: () => ({ spikes: [] }) })).rejects.toThrow(
      /spikes of run must have \d+ numbers, got 0/,
    );
    await expect(checkNeuron(own, { promisedBy: {} as never })).rejects.toThrow('promisedBy');
  });
});
