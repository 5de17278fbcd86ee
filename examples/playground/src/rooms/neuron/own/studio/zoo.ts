// What menus offer: the library's zoo, and its surrogates.

import {
  arctan,
  type Backend,
  doubleExponential,
  fastSigmoid,
  gaussian,
  neuronFromJson,
  neuronToJson,
  rectangular,
  runNeuron,
  scope,
  sigmoidal,
  straightThrough,
  tensor,
  triangular,
  zoo,
} from 'spikegrad';
import { DIFFERENTIAL, FIRST } from '../first';
import { fromJson, toJson } from '../written';
import type { Offer, ZooEntry } from './messages';

const surrogates = {
  arctan,
  fastSigmoid,
  sigmoidal,
  triangular,
  rectangular,
  gaussian,
  doubleExponential,
  straightThrough,
};

/** What currents may be multiplied with, and the current and steps within which a neuron should fire. */
const GAINS = [1, 10, 100, 1000];
const [CURRENT, STEPS] = [0.7, 40];

export function offer(backend: Backend): Offer {
  const all = Object.entries(zoo).map(([name, make]) =>
    entryOf(backend, name, make.title, JSON.stringify(neuronToJson(make()))),
  );
  return {
    zoo: [
      entryOf(backend, 'first', 'a LIF neuron whose leak is learnt', FIRST),
      entryOf(backend, 'differential', 'LIF as a differential equation', DIFFERENTIAL),
      ...all,
    ],
    surrogates: Object.fromEntries(
      Object.entries(surrogates).map(([name, make]) => [name, make().parameters]),
    ),
  };
}

function entryOf(backend: Backend, name: string, title: string, json: string): ZooEntry {
  const own = toJson(fromJson(json)!);
  return { name, title, own, gain: gainOf(own, backend) };
}

function gainOf(own: string, backend: Backend): number {
  const model = neuronFromJson(JSON.parse(own));
  const spikes = scope(() => {
    const x = tensor(
      Array.from({ length: STEPS }, () => GAINS.map((gain) => CURRENT * gain)),
      undefined,
      { backend },
    );
    return Array.from(runNeuron(model, x).outputs[model.outputs[0]!]!.dataSync());
  });
  return GAINS.find((_, i) => spikes.some((spike, at) => at % GAINS.length === i && spike === 1)) ?? 1;
}
