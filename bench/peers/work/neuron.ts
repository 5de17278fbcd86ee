// The rectified LIF neuron on its own, forward and backward. The engine is lazy: reading the gradient's sum makes it
// compute all of it.

import { lif, mpr, Random, scope, sum, tensor } from 'spikegrad';
import { timed, type Work } from '../protocol';
import { engine, factsOf } from './engine';

export interface NeuronJob {
  readonly kind: 'neuron';
  readonly timesteps: number;
  /** In each time step. */
  readonly neurons: number;
}

export async function neuronWork({ timesteps, neurons }: NeuronJob): Promise<Work> {
  const backend = await engine(1);
  const random = new Random(4);
  const numbers = Float32Array.from({ length: timesteps * neurons }, () => random.normal());
  const currents = tensor(numbers, [timesteps, neurons], { requiresGrad: true });
  const neuron = { rectifier: mpr({ k: 3 }) };
  const once = () => {
    scope(() => {
      sum(lif(currents, neuron)).backward();
      sum(currents.grad!).itemSync();
    });
    currents.grad!.dispose();
    currents.grad = null;
  };
  return { facts: factsOf(backend), run: (repetitions) => timed(repetitions, once) };
}
