// The neuron's equations in plain f64 loops over one neuron's currents, for the tests of the kernels. Not a test itself.

import type { NeuronSpec } from '../../../../src/backends/backend';

export interface Sequence {
  readonly charged: number[];
  readonly spikes: number[];
  readonly carried: number;
}

const rectify = (spec: NeuronSpec, h: number) => spec.rectifier?.value(h) ?? h;

/** O[t] and V[T] of currents X[t] from V[0]. */
export function run(spec: NeuronSpec, currents: readonly number[], initial: number): Sequence {
  const { tau, vth, vReset } = spec;
  let v = initial;
  const charged: number[] = [];
  const spikes: number[] = [];
  for (const x of currents) {
    const h = spec.dynamics === 'leak' ? tau * v + x : v + tau * x;
    const fires = rectify(spec, h) >= vth;
    charged.push(h);
    spikes.push(fires ? 1 : 0);
    v = !fires ? h : spec.reset === 'hard' ? vReset : h - vth;
  }
  return { charged, spikes, carried: v };
}

/** dX[t] and the gradient of V[0] from those of O[t] and V[T]. */
export function runBack(
  spec: NeuronSpec,
  { charged, spikes }: Sequence,
  gradients: readonly number[],
  carriedGradient: number,
): { dx: number[]; initial: number } {
  const { tau, vth, vReset } = spec;
  let v = carriedGradient;
  const dx: number[] = [];
  for (let t = charged.length - 1; t >= 0; t--) {
    const h = charged[t]!;
    const slope = spec.surrogate.derivative(rectify(spec, h) - vth) * (spec.rectifier?.derivative(h) ?? 1);
    const kept = spec.reset === 'hard' && spikes[t] === 1 ? 0 : 1;
    const drop = spec.detachReset ? 0 : spec.reset === 'hard' ? vReset - h : -vth;
    const dh = v * kept + (gradients[t]! + v * drop) * slope;
    dx[t] = spec.dynamics === 'leak' ? dh : tau * dh;
    v = spec.dynamics === 'leak' ? tau * dh : dh;
  }
  return { dx, initial: v };
}
