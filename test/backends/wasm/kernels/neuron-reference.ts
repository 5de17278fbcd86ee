// The neuron's equations in plain f64 loops over one neuron's currents, and beside every number how far rounding in f32
// may take it, carried along as Wilkinson's running error. For tests on f32; not a test itself.

import type { FusedNeuron } from '../../../../src/snn/options';

/** Of a number, relative to its terms: constants rounded to f32, the affine, the shortcut, the step itself. */
const ROUNDED = 8 * 2 ** -24;
/**
 * Of a slope s(φ(H) - vth)·φ'(H), relative to the steepest: 2e-6 that the polynomial may be off, some 50 roundings in
 * exponentials and what follows them.
 */
const SLOPE = 2e-6 + 50 * 2 ** -24;

export interface Sequence {
  readonly charged: number[];
  readonly spikes: number[];
  readonly carried: number;
  /** How far each H may be off. */
  readonly chargedErrors: number[];
  readonly carriedError: number;
}

export interface Gradients {
  readonly dx: number[];
  readonly initial: number;
  readonly dxErrors: number[];
  readonly initialError: number;
}

const rectify = (spec: FusedNeuron, h: number) => spec.rectifier?.value(h) ?? h;

/**
 * O[t] and V[T] of currents X[t] from V[0].
 * @param sizes sums of the magnitudes of what each current is the sum of
 */
export function run(
  spec: FusedNeuron,
  currents: readonly number[],
  initial: number,
  sizes = currents.map(Math.abs),
): Sequence {
  const { dynamics, tau, vth, vReset } = spec;
  const [retain, gain] = dynamics === 'leak' ? [tau, 1] : [1, tau];
  let v = initial;
  let error = 0;
  const charged: number[] = [];
  const spikes: number[] = [];
  const chargedErrors: number[] = [];
  currents.forEach((x, t) => {
    const h = retain * v + gain * x;
    error = retain * error + ROUNDED * (Math.abs(retain * v) + gain * sizes[t]!);
    const fires = rectify(spec, h) >= vth;
    charged.push(h);
    chargedErrors.push(error);
    spikes.push(fires ? 1 : 0);
    if (!fires) v = h;
    else if (spec.reset === 'hard') [v, error] = [vReset, ROUNDED * Math.abs(vReset)];
    else [v, error] = [h - vth, error + ROUNDED * (Math.abs(h) + vth)];
  });
  return { charged, spikes, carried: v, chargedErrors, carriedError: error };
}

/** dX[t] and the gradient of V[0] from those of O[t] and V[T]. */
export function runBack(
  spec: FusedNeuron,
  { charged, spikes, chargedErrors }: Sequence,
  gradients: readonly number[],
  carriedGradient: number,
): Gradients {
  const { dynamics, tau, vth, vReset } = spec;
  const [retain, gain] = dynamics === 'leak' ? [tau, 1] : [1, tau];
  const { abs, max } = Math;
  const slopeAt = (h: number) =>
    spec.surrogate.derivative(rectify(spec, h) - vth) * (spec.rectifier?.derivative(h) ?? 1);
  const steepest = spec.surrogate.derivative(0) * (spec.rectifier?.derivative(centreOf(spec)) ?? 1);
  let v = carriedGradient;
  let error = 0;
  const dx: number[] = [];
  const dxErrors: number[] = [];
  for (let t = charged.length - 1; t >= 0; t--) {
    const [h, off, g] = [charged[t]!, chargedErrors[t]! + ROUNDED * vth, gradients[t]!];
    const slope = slopeAt(h);
    // twice: on the one side of H it may be steeper than on the other
    const slopeError =
      SLOPE * steepest + 2 * max(abs(slopeAt(h - off) - slope), abs(slopeAt(h + off) - slope));
    const kept = spec.reset === 'hard' && spikes[t] === 1 ? 0 : 1;
    const drop = spec.detachReset ? 0 : spec.reset === 'hard' ? vReset - h : -vth;
    const dropError = spec.detachReset || spec.reset === 'soft' ? 0 : off + ROUNDED * (abs(vReset) + abs(h));
    const dh = v * kept + (g + v * drop) * slope;
    const through = abs(g) + abs(v * drop);
    error =
      error * kept +
      (error * abs(drop) + abs(v) * dropError) * (slope + slopeError) +
      through * slopeError +
      ROUNDED * (abs(v) * kept + through * slope);
    dx[t] = gain * dh;
    dxErrors[t] = gain * error + ROUNDED * abs(gain * dh);
    v = retain * dh;
    error = retain * error + ROUNDED * abs(v);
  }
  return { dx, initial: v, dxErrors, initialError: error };
}

/** Where φ is steepest. */
function centreOf({ rectifier, vth }: FusedNeuron): number {
  return rectifier?.parameters.centre ?? vth;
}
