// The spiking neuron over all time steps, forward and backward, as the equations are written (snn/lif.ts has them
// whole). Kept for backward: H, the charged potential of every step. Spikes follow from it again.

import type { NeuronKernels, NeuronSpec } from '../backend';
import { type Allocate, dataOf } from './buffer';

/** Ĥ = φ(H). */
function rectify(spec: NeuronSpec, h: number): number {
  return spec.rectifier === undefined ? h : spec.rectifier.value(h);
}

export function neuronKernels(allocate: Allocate): NeuronKernels {
  return {
    neuron(x, initial, spec) {
      const input = dataOf(x.handle);
      const steps = x.shape[0]!;
      const size = steps === 0 ? 0 : input.length / steps;
      const { tau, vth, vReset } = spec;
      const spikes = allocate(input.length, true);
      const charged = allocate(input.length);
      const carried = allocate(size);
      const v = carried.data;
      if (initial !== undefined) v.set(dataOf(initial.handle));
      for (let t = 0, i = 0; t < steps; t++) {
        for (let n = 0; n < size; n++, i++) {
          charged.data[i] = spec.dynamics === 'leak' ? tau * v[n]! + input[i]! : v[n]! + tau * input[i]!;
          const h = charged.data[i]!; // rounded as stored, so that backward sees the same number
          const fires = rectify(spec, h) >= vth;
          if (fires) spikes.data[i] = 1;
          v[n] = !fires ? h : spec.reset === 'hard' ? vReset : h - vth;
        }
      }
      return { spikes, carried, saved: [charged] };
    },

    neuronGradient(gradient, carriedGradient, saved, spec) {
      const g = dataOf(gradient.handle);
      const charged = dataOf(saved[0]!);
      const steps = gradient.shape[0]!;
      const size = steps === 0 ? 0 : g.length / steps;
      const { tau, vth, vReset } = spec;
      const dx = allocate(g.length);
      const dInitial = allocate(size);
      const v = dInitial.data; // the gradient of V[t], from the last step back to V[0]
      if (carriedGradient !== undefined) v.set(dataOf(carriedGradient.handle));
      for (let t = steps - 1; t >= 0; t--) {
        for (let n = 0, i = t * size; n < size; n++, i++) {
          const h = charged[i]!;
          const rectified = rectify(spec, h);
          const fires = rectified >= vth;
          // dO/dH = surrogate'(Ĥ - vth)·φ'(H); φ' is asked for only where the surrogate is not zero
          let slope = spec.surrogate.derivative(rectified - vth);
          if (slope !== 0 && spec.rectifier !== undefined) slope *= spec.rectifier.derivative(h);
          // dV/dO: what the reset took away; dV/dH with O held: what it let through
          const drop = spec.detachReset ? 0 : spec.reset === 'hard' ? vReset - h : -vth;
          const kept = spec.reset === 'hard' && fires ? 0 : 1;
          const dh = v[n]! * kept + (g[i]! + v[n]! * drop) * slope;
          dx.data[i] = spec.dynamics === 'leak' ? dh : tau * dh;
          v[n] = spec.dynamics === 'leak' ? tau * dh : dh;
        }
      }
      return { x: dx, initial: dInitial };
    },
  };
}
