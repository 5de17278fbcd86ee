// The zoo as a list: what help, errors, documents and pages take from it.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { neuronsPage, PAGE } from '../../../docs/neurons';
import {
  adex,
  arctan,
  lif,
  type NeuronModel,
  neuronFromJson,
  neuronToJson,
  Random,
  randn,
  type ZooNeuron,
  zoo,
} from '../../../src';
import { runNeuron } from '../../../src/snn';
import { NEURON_NAMES, namedNeuron } from '../../../src/train/settings/neuron';
import { initTested } from '../../support/backend';

const byName: Readonly<Record<string, ZooNeuron<string>>> = zoo;

test('docs/neurons.md is current (npm run docs:neurons)', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(neuronsPage());
});

describe.each(Object.entries(byName))('%s', (_name, make) => {
  test('goes into a file and comes back', () => {
    const json = neuronToJson(make());
    expect(neuronToJson(neuronFromJson(JSON.parse(JSON.stringify(json))))).toEqual(json);
  });

  test('has each of its constants in its equations, learnable where it says so', () => {
    const model = make({ learns: true });
    for (const [name, { learns, inEquations }] of Object.entries(make.constants)) {
      const parameter = model.parameters.find((one) => one.name === (inEquations?.name ?? name));
      expect(parameter?.learnable !== undefined, name).toBe(learns === true);
    }
  });
});

test('what a neuron does not have is refused in its name, with the nearest', () => {
  expect(() => adex({ tauw: 3 } as never)).toThrow("adex: has no option 'tauw'; did you mean tauW?");
  expect(() => adex({ tau: -1 })).toThrow(
    'adex: tau must be a number above 0 or what learnable() makes, got -1',
  );
  expect(() => zoo.li({ surrogate: arctan() })).toThrow("li: has no option 'surrogate'");
  expect(() => zoo['lif-delayed']({ detachReset: true })).toThrow("lifDelayed: has no option 'detachReset'");
});

test('a run takes by name those that fire', () => {
  expect(NEURON_NAMES).toContain('resonate-and-fire');
  expect(NEURON_NAMES).not.toContain('cuba-li');
  expect(namedNeuron('--neuron', 'lif')).toBe('lif');
  expect(namedNeuron('--neuron', 'adex')).toEqual(neuronToJson(adex()));
  expect(() => namedNeuron('--neuron', 'li')).toThrow('--neuron: li is a read-out, which gives no spikes');
  expect(() => namedNeuron('--neuron', 'izhikevic')).toThrow('did you mean izhikevich?');
});

test('the LIF of the zoo is that of Lif, bit by bit', async () => {
  await initTested();
  const x = randn([12, 3, 5], { random: new Random(4) });
  const spikes = (model: NeuronModel) => [...runNeuron(model, x).spikes.dataSync()];
  expect(spikes(zoo.lif())).toEqual([...lif(x).dataSync()]);
  expect(spikes(zoo['lif-soft']({ vth: 0.7 }))).toEqual([...lif(x, { reset: 'soft', vth: 0.7 }).dataSync()]);
  expect(spikes(zoo['lif-mpr']())).toEqual(spikes(zoo.lif()));
});
