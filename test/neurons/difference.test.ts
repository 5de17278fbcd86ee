// differenceForm: a neuron of differential equations, written out as its step, gives the same numbers and gradients.

import { describe, expect, test } from 'vitest';
import { differenceForm, type NeuronFile, neuronFromJson, runNeuron, sum, tensor } from '../../src';
import { init } from '../../src/init';

const x = Array.from({ length: 60 }, (_, t) => 0.4 + Math.sin(t * t) * 0.5);

/** Spikes of a drawn current, last states, and the gradient of the former. */
function run(file: NeuronFile, gain: number) {
  const model = neuronFromJson(file);
  const current = tensor(
    x.map((value) => value * gain),
    [x.length, 1],
    { requiresGrad: true },
  );
  const { outputs, states } = runNeuron(model, current);
  sum(outputs.spikes!).backward();
  return {
    spikes: [...outputs.spikes!.dataSync()],
    states: Object.fromEntries(Object.entries(states).map(([name, state]) => [name, state.dataSync()[0]!])),
    gradient: [...current.grad!.dataSync()],
  };
}

const lif: NeuronFile = {
  equations: 'dv/dt = (x - v)/tau',
  parameters: { tau: { learn: 5 }, vth: 0.3 },
  threshold: 'v > vth',
  reset: 'v = 0',
  surrogate: 'arctan',
};

describe('differenceForm', () => {
  test.each<[string, NeuronFile, number]>([
    ['a linear one', lif, 1],
    ['one that is refractory', { ...lif, refractory: 2, hold: ['v'] }, 2],
    [
      'one of two states',
      { ...lif, equations: 'dv/dt = (x - v - w)/tau\ndw/dt = (0.5*v - w)/10', reset: 'v = 0; w += 0.1' },
      1,
    ],
    [
      'one that is not linear, in millivolts',
      {
        equations: "v' = 0.04*v^2 + 5*v + 140 - u + x; u' = a*(b*v - u)",
        parameters: { a: 0.02, b: 0.2 },
        threshold: 'v >= 30',
        reset: 'v = -65; u += 8',
        start: { v: -65, u: -13 },
        surrogate: 'arctan',
        method: 'euler',
      },
      20,
    ],
  ])('of %s gives the same', async (_, file, gain) => {
    await init({ precision: 'f64' });
    const step = differenceForm(file);
    expect(step.threshold).toBeUndefined();
    const [before, after] = [run(file, gain), run(step, gain)];
    expect(before.spikes.some((spike) => spike === 1)).toBe(true);
    expect(after.spikes).toEqual(before.spikes);
    for (const [name, value] of Object.entries(before.states))
      expect(after.states[name]).toBeCloseTo(value, 9);
    for (const [t, value] of before.gradient.entries()) expect(after.gradient[t]).toBeCloseTo(value, 9);
  });

  test('keeps the names of constants, and leaves a step as it is', () => {
    const step = differenceForm(lif);
    expect(step.equations).toContain('tau');
    expect(step.equations).toContain('spike(');
    expect(step.parameters).toMatchObject({ tau: { learn: 5 }, vth: 0.3 });
    expect(differenceForm(step)).toBe(step);
  });
});
