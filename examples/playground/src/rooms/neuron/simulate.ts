// What the neuron does with its input, and the curves it does it by. Every number comes out of the library:
// potentials and spikes from lifTrace, the gradient from the backward pass of lif. Only the mean distances are taken
// here, as a probe takes them: a probe would bring layers and networks along, which the page at first does without.

import {
  type Backend,
  type LifOptions,
  lif,
  lifTrace,
  mpr,
  rectangular,
  scope,
  sum,
  tensor,
} from 'spikegrad';
import type { Domain } from '../../parts/plot-area';
import { inputCurrent } from './input';
import type { NeuronState } from './state';

export interface Simulation {
  /** X, H, Ĥ, O and V, one value a time step. */
  readonly input: ArrayLike<number>;
  readonly charged: ArrayLike<number>;
  readonly rectified: ArrayLike<number>;
  readonly spikes: ArrayLike<number>;
  readonly carried: ArrayLike<number>;
  /** ∂O[t]/∂H[t], the effective surrogate gradient where the membrane is. */
  readonly slope: ArrayLike<number>;
  /** Mean distance of the membrane from its spike, before rectification and after. */
  readonly error: { readonly before: number; readonly after: number };
}

/** φ and the effective surrogate gradient over a range of membranes; `plain` is that of the same neuron without MPR. */
export interface Curves {
  readonly membrane: ArrayLike<number>;
  readonly rectified: ArrayLike<number>;
  readonly slope: ArrayLike<number>;
  readonly plain: ArrayLike<number>;
}

export function neuronOptions(state: NeuronState): LifOptions {
  const { dynamics, tau, vth, vReset, reset, k, window } = state;
  const rectifier = state.mpr ? mpr({ k, centre: state.centred ? vth : 0.5 }) : null;
  return { dynamics, tau, vth, vReset, reset, rectifier, surrogate: rectangular({ window }) };
}

/**
 * ∂O/∂H at each membrane: the gradient of one time step's spikes, where in the leak form H = X.
 */
function slopeAt(membrane: ArrayLike<number>, options: LifOptions, backend: Backend): ArrayLike<number> {
  return scope(() => {
    const x = tensor(Float64Array.from(membrane), [1, membrane.length], { backend, requiresGrad: true });
    sum(lif(x, { ...options, dynamics: 'leak' })).backward();
    return x.grad!.dataSync();
  });
}

/** Mean of |u[t] - O[t]|. */
function distance(membrane: ArrayLike<number>, spikes: ArrayLike<number>): number {
  return (
    Array.from(membrane, (u, t) => Math.abs(u - spikes[t]!)).reduce((a, b) => a + b, 0) / membrane.length
  );
}

export async function simulate(state: NeuronState, backend: Backend): Promise<Simulation> {
  const input = inputCurrent(state);
  const options = neuronOptions(state);
  const traced = scope(() => {
    const x = tensor(Float64Array.from(input), [input.length, 1], { backend });
    const { charged, rectified, spikes, carried } = lifTrace(x, options);
    return {
      charged: charged.dataSync(),
      rectified: rectified.dataSync(),
      spikes: spikes.dataSync(),
      carried: carried.dataSync(),
    };
  });
  return {
    input,
    ...traced,
    slope: slopeAt(traced.charged, options, backend),
    error: {
      before: distance(traced.charged, traced.spikes),
      after: distance(traced.rectified, traced.spikes),
    },
  };
}

/** Points on a curve before it is looked at more closely where it bends. */
const POINTS = 601;
/**
 * Parts that an interval is cut into where it bends, and the bend, as a share of the curve's height, that asks for it.
 */
const PARTS = 12;
const BEND = 0.002;

/** `xs` and more points in the intervals at whose ends a curve through `ys` bends. */
function refined(xs: Float64Array, ys: ArrayLike<number>): Float64Array {
  const height = Math.max(...Array.from(ys)) || 1;
  const bends = Array.from(xs, (_, i) => {
    const [before, here, after] = [ys[i - 1] ?? ys[i]!, ys[i]!, ys[i + 1] ?? ys[i]!];
    return Math.abs(before - 2 * here + after) > BEND * height;
  });
  const points: number[] = [];
  xs.forEach((x, i) => {
    const parts = bends[i] || bends[i + 1] ? PARTS : 1;
    for (let part = 0; part < parts; part++) points.push(x + ((xs[i + 1] ?? x) - x) * (part / parts));
  });
  return new Float64Array([...new Set(points)]);
}

/** @param seen membranes that occurred: the curve goes through their points */
export function curves(
  state: NeuronState,
  seen: ArrayLike<number>,
  [low, high]: Domain,
  backend: Backend,
): Curves {
  const options = neuronOptions(state);
  const even = Array.from({ length: POINTS }, (_, i) => low + ((high - low) * i) / (POINTS - 1));
  const rough = Float64Array.from(new Set([...even, ...Array.from(seen)])).sort();
  const plainOptions = { ...options, rectifier: null };
  const bent = refined(rough, slopeAt(rough, options, backend));
  const membrane = refined(bent, slopeAt(bent, plainOptions, backend));
  const rectified = scope(() => {
    const x = tensor(membrane, [1, membrane.length], { backend });
    return lifTrace(x, { ...options, dynamics: 'leak' }).rectified.dataSync();
  });
  return {
    membrane,
    rectified,
    slope: slopeAt(membrane, options, backend),
    plain: slopeAt(membrane, plainOptions, backend),
  };
}
