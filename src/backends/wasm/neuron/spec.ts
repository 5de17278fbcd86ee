// A neuron's constants for the SIMD kernels (kernels/neuron/layout.ts says where each lies). What keeps the kernels
// small is decided here: φ is strictly increasing, so whether a neuron fires and whether the surrogate's window holds
// it are comparisons of H itself with numbers found once, exactly; and inside a narrow window 1/(s·φ'(H)) is a
// polynomial. Nothing here touches WebAssembly.

import { cosh, tanh } from '../../../mathematics';
import { firstFloat, floatBefore } from '../../../neurons/graph/float-search';
import type { NeuronSpec } from '../../backend';
import { type BuiltIn, type BuiltInName, builtInOf } from '../../built-in';
import { constants as layout } from '../generated/signatures';
import { fitReciprocal, type ReciprocalFit } from './reciprocal-fit';

/** Floats of the whole record: those by name, then the nibble table. */
const LENGTH = layout.NIBBLES / 4 + 64;

/** How the slopes of a surrogate that stands alone are found. */
const surrogateCodes: Readonly<Record<Exclude<BuiltInName, 'mpr'>, number>> = {
  rectangular: layout.RECTANGULAR,
  triangular: layout.TRIANGULAR,
  sigmoidal: layout.SIGMOIDAL,
  arctan: layout.ARCTAN,
  fastSigmoid: layout.FAST_SIGMOID,
};

/** A polynomial stands in for 1/(s·φ') where it comes this near, relatively. */
const TOLERANCE = 2e-6;

/**
 * The record that kernels/neuron/layout.ts describes, number by number.
 * @returns undefined when the rectifier or the surrogate is not one that the kernels know, or X has no influence
 */
export function neuronConstants(spec: NeuronSpec): Float32Array | undefined {
  const { dynamics, tau, vth, vReset, reset, detachReset, rectifier, surrogate } = spec;
  const [retain, gain] = dynamics === 'leak' ? [tau, 1] : [1, tau];
  const slopes = builtInOf(surrogate);
  const bend = rectifier === undefined ? undefined : builtInOf(rectifier);
  const isKnown = rectifier === undefined || bend?.name === 'mpr';
  if (slopes === undefined || slopes.name === 'mpr' || !isKnown || gain === 0) return undefined;
  const form = surrogateForm(slopes);
  const { k = 0, centre = vth } = bend?.parameters ?? {};
  const half = k === 0 ? 0 : 1 / (2 * tanh(k / 2));
  const rectify = (h: number) => (rectifier === undefined ? h : rectifier.value(h));
  const [low, high] = windowOf(form.reach, (h) => rectify(h) - vth);
  const slope = gain * form.height;
  const polynomial =
    slopes.name === 'rectangular' && k > 0 ? fitSlope(slope * k * half, k, centre, low, high) : undefined;
  const soft = reset === 'soft';
  const constants = new Float32Array(LENGTH);
  const put = (values: { readonly [Name in keyof typeof layout]?: number }) => {
    for (const [name, value] of Object.entries(values))
      constants[layout[name as keyof typeof layout] / 4] = value;
  };
  put({
    RETAIN: retain,
    GAIN: gain,
    FIRE: firstFloat((h) => rectify(h) >= vth) ?? Number.NaN, // NaN: no H is a spike
    LOW: low,
    HIGH: high,
    SOFT: soft ? 1 : 0,
    REST: soft ? -vth : vReset,
    ATTACHED: detachReset ? 0 : 1,
    SLOPE: polynomial?.code ?? surrogateCodes[slopes.name],
    HEIGHT: slope,
    STEEPNESS: form.steepness,
    THRESHOLD: vth,
    K: k,
    CENTRE: centre,
    HALF: half,
    CARRY: retain / gain,
  });
  if (polynomial !== undefined) {
    const [SHIFT, ALPHA, BETA, DELTA, GAMMA, NUMERATOR] = polynomial.fit;
    put({ SHIFT, ALPHA, BETA, DELTA, GAMMA, NUMERATOR });
  }
  for (let i = 0; i < 64; i++) constants[layout.NIBBLES / 4 + i] = ((i >> 2) >> (i & 3)) & 1;
  return constants;
}

const square = (x: number) => x * x;

interface SurrogateForm {
  /** s(0). */
  readonly height: number;
  /** What |u| is multiplied by. */
  readonly steepness: number;
  /** s is zero where |u| >= reach. */
  readonly reach: number;
}

/** The formulas of snn/surrogate.ts in one shape. */
function surrogateForm({ name, parameters }: BuiltIn): SurrogateForm {
  const { window = 1, width = 1, alpha = 1, beta = 1, scale = 1 } = parameters;
  const wide = { reach: Number.POSITIVE_INFINITY };
  if (name === 'rectangular') return { height: scale / window, steepness: 0, reach: window / 2 };
  if (name === 'triangular') return { height: scale / width, steepness: 1 / width, ...wide };
  if (name === 'sigmoidal') return { height: scale * alpha, steepness: alpha, ...wide };
  if (name === 'arctan') return { height: (scale * alpha) / 2, steepness: (Math.PI / 2) * alpha, ...wide };
  return { height: scale, steepness: beta, ...wide };
}

/** [low, high] with |u(H)| < reach exactly for the f32 numbers low < H < high. */
function windowOf(reach: number, u: (h: number) => number): [number, number] {
  const first = firstFloat((h) => u(h) > -reach);
  const beyond = firstFloat((h) => u(h) >= reach);
  return [
    first === undefined ? Number.POSITIVE_INFINITY : floatBefore(first),
    beyond ?? Number.POSITIVE_INFINITY,
  ];
}

/**
 * 1/(gain·s·φ') = cosh²(k·d)/peak as a polynomial of d², d = H - centre, over the window; where k is too large for
 * that, the square of one for cosh(k·d)/√peak.
 */
function fitSlope(
  peak: number,
  k: number,
  centre: number,
  low: number,
  high: number,
): { code: number; fit: ReciprocalFit } | undefined {
  const reach = Math.max(Math.abs(low - centre), Math.abs(high - centre));
  if (!Number.isFinite(reach) || peak <= 0) return undefined;
  const root = (w: number) => cosh(k * Math.sqrt(w)) / Math.sqrt(peak);
  const whole = fitReciprocal((w) => square(root(w)), square(reach), TOLERANCE);
  if (whole !== undefined) return { code: layout.BY_POLYNOMIAL, fit: whole };
  const half = fitReciprocal(root, square(reach), TOLERANCE / 2);
  if (half === undefined) return undefined;
  const [shift, alpha, beta, delta, gamma, numerator] = half;
  return { code: layout.BY_SQUARE, fit: [shift, alpha, beta, delta, gamma, square(numerator)] };
}
