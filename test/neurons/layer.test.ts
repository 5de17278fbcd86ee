// Neurons of equations as layers: parameters that are trained and saved, states that are carried, what networks and
// probes make of them, and what is refused.

import { beforeAll, describe, expect, test } from 'vitest';
import {
  alif,
  customSurrogate,
  learnable,
  li,
  load,
  mul,
  neuron,
  neuronFromJson,
  neuronToJson,
  plif,
  probe,
  Random,
  randn,
  resnet20,
  runNeuron,
  Sgd,
  Spiking,
  scope,
  slice,
  stateOf,
  sub,
  sum,
  type Tensor,
  tensor,
  writeSafetensors,
  zeros,
} from '../../src';
import { memory } from '../../src/core/storage';
import { initTested } from '../support/backend';

beforeAll(async () => {
  await initTested();
});

const data = (t: Tensor) => [...t.dataSync()];
const currents = (shape: readonly number[], seed = 1) => randn(shape, { random: new Random(seed) });

describe('a layer of neurons of equations', () => {
  test('learns the time constant that made the membranes it is shown', () => {
    // below the threshold, so that the membrane is smooth in w: 1/σ(w) starts at 2 and is to become 5
    const x = mul(currents([8, 5, 3]), 0.1);
    const target = new Spiking(plif({ tau: 5 })).run(x).states.v!.detach();
    const layer = new Spiking(plif());
    const sgd = new Sgd(layer.parameters(), { lr: 4, momentum: 0.8 });
    for (let i = 0; i < 60; i++) {
      sgd.zeroGrad();
      const off = sub(layer.run(x).states.v!, target);
      sum(mul(off, off)).backward();
      sgd.step();
    }
    const [w] = data(layer.learned.w!);
    expect(1 + Math.exp(-w!)).toBeCloseTo(5, 1);
  });

  test('has one parameter a channel, saved and loaded by name', async () => {
    const layer = new Spiking(plif({ per: 'channel' }), { channels: 3 });
    expect([...layer.state().keys()]).toEqual(['w']);
    layer.learned.w!.overwrite([1, 2, 3]);
    const other = new Spiking(plif({ per: 'channel' }), { channels: 3 });
    await load(other, writeSafetensors(await stateOf(layer)));
    expect(data(other.learned.w!)).toEqual(data(layer.learned.w!));
    expect(() => new Spiking(plif({ per: 'channel' }))).toThrow(
      'Spiking: the parameter w is learnable by channel: give { channels }',
    );
    expect(() => layer.call(zeros([2, 1, 4]))).toThrow(
      'Spiking: parameter w is [3], it must be [4], one for each channel, the last axis of x',
    );
  });

  test('gives piece by piece what it gives of the whole', () => {
    const model = alif({ vth: 0.5 });
    const x = currents([6, 2, 4]);
    const whole = data(new Spiking(model).call(x));
    const layer = new Spiking(model, { stateful: true });
    const pieces = [0, 2, 3].map((from, i) => data(layer.call(slice(x, [from], [[2, 3, 6][i]!]))));
    expect(pieces.flat()).toEqual(whole);
    expect(layer.continues).toBe(true);
    layer.reset();
    expect(data(layer.call(slice(x, [0], [2])))).toEqual(pieces[0]);
  });

  test('leaves nothing behind but its spikes', () => {
    const layer = new Spiking(alif());
    const x = currents([3, 2, 4]);
    const before = memory().tensors;
    layer.call(x);
    expect(memory().tensors).toBe(before + 1);
  });

  test('goes back through a read-out whose membrane is the loss', () => {
    const x = tensor([[1], [2], [4]], undefined, { requiresGrad: true });
    const { outputs } = runNeuron(li({ tau: 0.5 }), x);
    expect(data(outputs.v!)).toEqual([1, 2.5, 5.25]);
    sum(outputs.v!).backward();
    expect(data(x.grad!)).toEqual([1.75, 1.5, 1]);
    expect(() => runNeuron(li(), x).spikes).toThrow(
      'this neuron gives no spikes, it gives v: take outputs.v',
    );
  });

  test('stands in a ResNet20 and is probed there', async () => {
    const network = resnet20({ width: 4, timesteps: 3, neuron: alif({ vth: 0.4, learns: true }) });
    const looking = probe(network);
    network.call(currents([2, 8, 8, 3])).dispose();
    const { layers } = await looking.report();
    const [recording] = await looking.recordings();
    expect(layers).toHaveLength(19);
    expect(layers[0]!.rate).toBeGreaterThan(0);
    expect(recording!.vth).toBe(0.4);
    expect(recording!.carried!.some((v) => v !== 0)).toBe(true);
    expect([...network.state().keys()].filter((name) => name.startsWith('stem.0.lif'))).toEqual([
      'stem.0.lif.tau',
      'stem.0.lif.rho',
      'stem.0.lif.beta',
    ]);
    expect(() => resnet20({ neuron: li() })).toThrow(
      'resnet20: neuron: gives v, which is no spike: the neurons of a network have to fire',
    );
  });
});

describe('runNeuron refuses', () => {
  const x = () => scope(() => zeros([3, 2]));
  test.each([
    [() => runNeuron(plif(), x(), { initial: { u: x() } }), "initial names 'u'; its states are v"],
    [
      () => runNeuron(plif(), x(), { parameters: { tau: x() } }),
      "parameters names 'tau'; its learnable parameters are w",
    ],
    [
      () => runNeuron(plif(), x(), { initial: { v: x() } }),
      'initial v is [3,2], it must be [2], x without time',
    ],
    [() => runNeuron(plif(), zeros([0, 2])), 'x must be [T,...] with at least one time step, got [0,2]'],
    [() => runNeuron('v = x' as never, x()), 'model must be what neuron() makes'],
  ])('%s', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('a neuron as JSON', () => {
  test.each([plif(), plif({ per: 'channel' }), alif({ learns: true }), li()])(
    'comes back as it was',
    (model) => {
      const json = neuronToJson(model);
      const again = neuronFromJson(JSON.parse(JSON.stringify(json)));
      expect(neuronToJson(again)).toEqual(json);
      const x = currents([4, 2, 3]);
      expect(data(runNeuron(again, x).outputs[model.outputs[0]!]!)).toEqual(
        data(runNeuron(model, x).outputs[model.outputs[0]!]!),
      );
    },
  );

  test('with a rectifier and a start of its own', () => {
    const json = {
      equations: ['h = 0.25*v + x', 'spikes = spike(phi(h) - 0.5)', 'v = h*(1 - spikes)'],
      functions: { phi: { name: 'mpr', k: 5 } },
      start: { v: 0.25 },
    };
    const model = neuronFromJson(json);
    expect(neuronToJson(model)).toMatchObject({
      functions: { phi: { name: 'mpr', k: 5, centre: 0.5 } },
      start: { v: 0.25 },
      surrogate: { name: 'rectangular', window: 1, scale: 1 },
    });
    expect(data(runNeuron(model, zeros([1, 1])).states.v!)).toEqual([0.0625]);
  });

  test('is refused where a file could not say it', () => {
    const own = customSurrogate({ name: 'arctan', integral: 1, value: Math.tanh, derivative: Math.cos });
    const text = 'v = x + v; spikes = spike(v - 1)';
    expect(() => neuronToJson(neuron(text, { surrogate: own }))).toThrow(
      'surrogate is a function of your own',
    );
    expect(() =>
      neuronToJson(neuron({ state: { v: 0 }, step: ({ v }, x) => ({ v: v ?? x }), outputs: ['v'] })),
    ).toThrow('this neuron was given as functions');
    expect(() => neuronFromJson({ equations: text, surrogate: 'arctn' })).toThrow(
      "surrogate names 'arctn'; there are rectangular, triangular, sigmoidal, arctan, fastSigmoid; did you mean arctan?",
    );
    expect(() => neuronFromJson({ equations: text, parameters: { a: 'b' as never } })).toThrow(
      'parameters.a must be a finite number or { learn }',
    );
  });
});

test('a neuron as functions is the neuron of its equations', () => {
  const byText = neuron('h = tau*v + x; spikes = spike(h - 1); v = h*(1 - spikes)', {
    parameters: { tau: learnable(0.5) },
  });
  const byFunctions = neuron({
    state: { v: 0 },
    parameters: { tau: learnable(0.5) },
    step({ v }, x, { tau }, { add, mul, sub, spike }) {
      const h = add(mul(tau, v), x);
      const spikes = spike(sub(h, 1));
      return { h, spikes, v: mul(h, sub(1, spikes)) };
    },
  });
  const gradients = [byText, byFunctions].map((model) => {
    const x = randn([5, 2, 3], { random: new Random(3), requiresGrad: true });
    const run = runNeuron(model, x);
    sum(mul(run.spikes, run.spikes)).backward();
    return [data(run.spikes), data(x.grad!)];
  });
  expect(gradients[1]).toEqual(gradients[0]);
});
