// Functions that equations have by the names of other tools, made of those that every backend has: value and
// derivative against JavaScript's; and what may be named like a property that every object has.

import { expect, test } from 'vitest';
import { customSurrogate, init, neuron, runNeuron, sum, tensor } from '../../src';
import { checkNeuron, checkRectifier } from '../../src/testing';

const functions: Readonly<Record<string, readonly [(x: number) => number, (x: number) => number]>> = {
  tan: [Math.tan, (x) => 1 + Math.tan(x) ** 2],
  sinh: [Math.sinh, Math.cosh],
  cosh: [Math.cosh, Math.sinh],
  ceil: [Math.ceil, () => 0],
  log10: [Math.log10, (x) => 1 / (x * Math.LN10)],
  log1p: [Math.log1p, (x) => 1 / (1 + x)],
  expm1: [Math.expm1, Math.exp],
};

test.each(Object.entries(functions))('%s is computed, and differentiated', async (name, [value, slope]) => {
  await init({ backend: 'cpu', precision: 'f64' });
  const points = [1e-9, 0.03, 0.7, 1.4, 3.25];
  const x = tensor([points], undefined, { requiresGrad: true });
  const { outputs } = runNeuron(neuron(`v = ${name}(x)`), x);
  sum(outputs.v!).backward();
  // log1p is log(1 + x): as near as that comes
  const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(2e-15 * (1 + Math.abs(b)));
  for (const [i, point] of points.entries()) {
    near(outputs.v!.dataSync()[i]!, value(point));
    near(x.grad!.dataSync()[i]!, slope(point));
  }
});

test('a constant that is finite only where a choice takes it is no mistake', () => {
  expect(neuron('v = a > 0 ? x/a : x', { parameters: { a: 0 } }).outputs).toEqual(['v']);
});

test('states and parameters may be called toString and constructor', async () => {
  await init({ backend: 'cpu', precision: 'f64' });
  const model = neuron('toString = constructor*toString + x', { parameters: { constructor: 0.5 } });
  expect(Object.values(runNeuron(model, tensor([1, 1])).outputs)[0]!.dataSync()).toEqual(
    Float64Array.of(1, 1.5),
  );
  expect(checkNeuron(model, { runs: 3 }).held.map(({ law }) => law)).toContain('unrolled');
});

test('a constant that no text of a surrogate names is told, as that of a neuron is', () => {
  const given = { name: 's', value: 'tanh(a*u)', parameters: { a: 2, b: 1 } };
  expect(() => customSurrogate({ ...given, integral: 2 })).toThrow(
    'customSurrogate: the parameter b is in no text',
  );
  expect(() => checkRectifier({ value: 'x', parameters: { b: 1 } })).toThrow('the parameter b is in no text');
});

test('Brian2 declares its input, which here is x', () => {
  const text = 'dv/dt = (x - v)/tau : 1\nx : 1\ntau : 1 (constant)';
  expect(neuron(text, { threshold: 'v > 1', parameters: { tau: 2 } }).outputs).toEqual(['spikes']);
});
