// The spiking neuron over all T steps: one dispatch forward, one backward; without WGSL, its twin.

import type { NeuronKernels, NeuronSpec } from '../../backend';
import { type Driver, fold } from '../driver';
import { formulasOf, type NeuronFormulas } from './formulas';
import { type BackwardKernel, backwardKernel, type ForwardKernel, forwardKernel, THREADS } from './kernels';
import { neuronTwin, sizes } from './twin';

/** One kernel for each text. */
function remembered<K>(make: (formulas: NeuronFormulas, hasStart: boolean) => K) {
  const made = new Map<string, K>();
  return (formulas: NeuronFormulas, hasStart: boolean): K => {
    const key = `${hasStart} ${formulas.key}`;
    const kernel = made.get(key) ?? make(formulas, hasStart);
    made.set(key, kernel);
    return kernel;
  };
}

export function neuronKernels(driver: Driver): NeuronKernels {
  if (!driver.hasWgsl) return neuronTwin(driver);
  const forward = remembered<ForwardKernel>(forwardKernel);
  const backward = remembered<BackwardKernel>(backwardKernel);
  const formulas = new WeakMap<NeuronSpec, NeuronFormulas>();

  /** The backward pass asks for the spec that the forward pass had; its thresholds are searched once for both. */
  function prepare(where: string, spec: NeuronSpec): NeuronFormulas {
    const known = formulas.get(spec) ?? formulasOf(where, spec);
    formulas.set(spec, known);
    return known;
  }

  return {
    neuron(x, initial, spec) {
      const known = prepare('neuron', spec);
      const { steps, size } = sizes(x);
      const groups = fold(Math.ceil(size / THREADS));
      const { spikes, charged, carried } = driver.wgsl(forward(known, initial !== undefined), {
        inputs: { x, initial: initial ?? x },
        outputs: { spikes: x.handle.size, charged: x.handle.size, carried: size },
        scalars: { ...known.constants, steps, size, across: groups[0] },
        groups,
      });
      spikes.binary = true;
      return { spikes, carried, saved: [charged] };
    },

    neuronGradient(gradient, carriedGradient, saved, spec) {
      const known = prepare('neuronGradient', spec);
      const { steps, size } = sizes(gradient);
      const groups = fold(Math.ceil(size / THREADS));
      const { dx, dInitial } = driver.wgsl(backward(known, carriedGradient !== undefined), {
        inputs: {
          gradient,
          charged: { handle: saved[0]! },
          carriedGradient: carriedGradient ?? gradient,
        },
        outputs: { dx: gradient.handle.size, dInitial: size },
        scalars: { ...known.constants, steps, size, across: groups[0] },
        groups,
      });
      return { x: dx, initial: dInitial };
    },
  };
}
