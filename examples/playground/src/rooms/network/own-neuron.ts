// A neuron that the reader wrote, for the layers of a network: it must fire, and its currents must be as strong as it
// needs them, which tdBN sees to.

import { neuronFromJson, noGrad, runNeuron, Spiking, scope, tensor } from 'spikegrad';
import { FIRST } from '../neuron/own/first';
import { fromJson, sound } from '../neuron/own/written';
import type { TrainingSettings } from './state';
import type { OwnNeuron } from './training';

/** Currents that are tried: four to each doubling. */
const CURRENTS = Array.from({ length: 80 }, (_, i) => 2 ** (i / 4 - 6));

/** @throws with a sentence for the reader where it cannot stand in a network */
export function ownNeuron({ own, T, width }: TrainingSettings): OwnNeuron {
  const written = fromJson(own) ?? fromJson(FIRST)!;
  const model = neuronFromJson(sound(written));
  const [output] = model.outputs;
  const spikes = noGrad(() =>
    scope(() => {
      const x = tensor(Array.from({ length: T }, () => CURRENTS).flat(), [T, CURRENTS.length]);
      return Array.from(runNeuron(model, x).outputs[output!]!.dataSync());
    }),
  );
  if (spikes.some((spike) => !(spike === 0 || Math.abs(spike) === 1)))
    throw new Error(`your neuron gives ${output} of any size and no spikes: a network needs one that fires`);
  const fires = (steps: number) =>
    CURRENTS.findIndex((_, i) =>
      Array.from({ length: steps }, (_, t) => spikes[t * CURRENTS.length + i]!).some((spike) => spike !== 0),
    );
  const found = [Math.min(2, T), T].map(fires).find((index) => index >= 0);
  if (found === undefined) throw new Error(`no current makes your neuron fire within ${T} steps`);
  return { layer: () => new Spiking(model, { channels: width }), drive: CURRENTS[found]! };
}
