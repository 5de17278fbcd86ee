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

/** What currents may be multiplied with. */
const GAINS = [1, 10, 100, 1000];
/** The current that the room begins with, in which a neuron should fire now and again. */
const WAVE = Array.from({ length: 48 }, (_, t) => 0.7 * Math.sin((2 * Math.PI * t) / 24));
const ENOUGH = 2;

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
      WAVE.map((current) => GAINS.map((gain) => current * gain)),
      undefined,
      { backend },
    );
    return Array.from(runNeuron(model, x).outputs[model.outputs[0]!]!.dataSync());
  });
  const fired = (i: number) => spikes.filter((spike, at) => at % GAINS.length === i && spike === 1).length;
  return GAINS.find((_, i) => fired(i) >= ENOUGH) ?? 1;
}
