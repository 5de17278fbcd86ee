// The paper's Figure 2: response curves of φ for several k over the spike function, and beside them what they make of the
// surrogate gradient. Numbers and an SVG text, nothing else; it runs anywhere.
//
//   response             Ĥ = φ(H)
//   effective surrogate  e(H) = s(φ(H) - vth) · φ'(H), by which ∂L/∂O is multiplied on its way to H
//   its area             ∫ e dH = S(φ(∞) - vth) - S(φ(-∞) - vth), with S' = s and φ(±∞) = 1/2 ± 1/(2 tanh(k/2))

import { check } from '../errors';
import { type Band, type LineSeries, lineChart, panels } from '../plot';
import { type MprRectifier, mpr, rectangular, type Surrogate } from '../snn';

export interface Figure2Options {
  /** Steepness of each curve. Default 1, 3, 5, 7, the paper's. */
  readonly k?: readonly number[];
  /** Default: the paper's rectangle of window 1. */
  readonly surrogate?: Surrogate;
  /** Membrane potentials H to draw. Default -0.5 to 1.5. */
  readonly range?: readonly [number, number];
}

/** What a curve is at some points. */
export interface Figure2Row {
  readonly k: number;
  /** φ'(1/2): how much steeper than the identity φ is at the threshold. */
  readonly slope: number;
  /** φ'(0) = φ'(1): what is left of it where a membrane is a whole spike's height from the threshold's middle. */
  readonly edge: number;
  /** e(1/2). */
  readonly effective: number;
  /** ∫ e dH: 1 for the paper's rectangle whatever k is. */
  readonly area: number;
}

export interface Figure2 {
  readonly svg: string;
  readonly rows: readonly Figure2Row[];
}

/** The paper's threshold, and the centre of φ. */
const THRESHOLD = 0.5;
/** Intervals along the axis. */
const STEPS = 400;
/** Up to so many curves have colours that tell each apart; more of them run along a scale. */
const APART = 7;

/**
 * Figure 2 of Guo et al. (AAAI 2022).
 * @throws SpikegradError without a k, for one that is not above 0, or for an empty range
 */
export function figure2(options: Figure2Options = {}): Figure2 {
  const { k: steepness = [1, 3, 5, 7], surrogate = rectangular(), range = [-0.5, 1.5] } = options;
  check(steepness.length > 0, 'figure2', 'needs at least one k');
  check(
    range.every(Number.isFinite) && range[0] < range[1],
    'figure2',
    () => `range must be two rising numbers, got ${range[0]}, ${range[1]}`,
  );
  const curves = steepness.map((k) => mpr({ k }));
  const ordered = curves.length > APART;
  const [low, high] = range;
  const step: LineSeries = {
    name: 'spike function Θ',
    reference: true,
    points: [
      [low, Number(low >= THRESHOLD)],
      [Math.max(low, THRESHOLD), Number(low >= THRESHOLD)],
      [Math.max(low, Math.min(high, THRESHOLD)), Number(high >= THRESHOLD)],
      [high, Number(high >= THRESHOLD)],
    ],
  };
  const responses = curves.map((curve, i) => ({
    name: `k = ${steepness[i]}`,
    points: sample(curve.value, range),
  }));
  const plain = {
    name: 'without φ',
    reference: true,
    points: sample((h) => surrogate.derivative(h - THRESHOLD), range),
  };
  const gradients = curves.map((curve, i) => ({
    name: `k = ${steepness[i]}`,
    points: sample((h) => effectiveSurrogate(curve, surrogate, h), range),
  }));
  const size = { width: 480, height: 380, xLabel: 'membrane potential H', ordered };
  const window = windowOf(surrogate);
  return {
    rows: curves.map((curve) => rowOf(curve, surrogate)),
    svg: panels({
      title: 'Membrane potential rectification and the gradient through it',
      subtitle: `φ(x) = tanh(k(x - 1/2)) / (2 tanh(k/2)) + 1/2; surrogate s: ${describe(surrogate)}`,
      charts: [
        lineChart({
          ...size,
          title: 'Response Ĥ = φ(H) over the spike function',
          yLabel: 'rectified potential Ĥ',
          series: [step, ...responses],
          bands: window === undefined ? [] : [band('y', window)],
        }),
        lineChart({
          ...size,
          title: "Effective surrogate s(Ĥ - 1/2)·φ'(H)",
          yLabel: 'gradient of a spike to H',
          series: [plain, ...gradients],
          // φ fixes 0 and 1, so only this window is the same on H as on Ĥ
          bands: window === 1 ? [band('x', window)] : [],
        }),
      ],
    }),
  };
}

/** e(H) = s(φ(H) - 1/2)·φ'(H). */
export function effectiveSurrogate(curve: MprRectifier, surrogate: Surrogate, h: number): number {
  return surrogate.derivative(curve.value(h) - THRESHOLD) * curve.derivative(h);
}

function rowOf(curve: MprRectifier, surrogate: Surrogate): Figure2Row {
  const { k } = curve.parameters;
  const reach = 1 / (2 * Math.tanh(k / 2));
  return {
    k,
    slope: curve.derivative(THRESHOLD),
    edge: curve.derivative(0),
    effective: effectiveSurrogate(curve, surrogate, THRESHOLD),
    area: surrogate.value(reach) - surrogate.value(-reach),
  };
}

/**
 * Points of a curve. Where it leaves or reaches 0 between two of them, as a rectangle does at once, the place is searched,
 * so that a jump is drawn upright.
 */
function sample(f: (h: number) => number, [low, high]: readonly [number, number]): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 0; i <= STEPS; i++) {
    const h = low + ((high - low) * i) / STEPS;
    const value = f(h);
    const before = points.at(-1);
    if (before !== undefined && (before[1] === 0) !== (value === 0)) {
      let [from, to] = [before[0], h];
      for (let round = 0; round < 60; round++) {
        const middle = (from + to) / 2;
        if ((f(middle) === 0) === (before[1] === 0)) from = middle;
        else to = middle;
      }
      points.push([from, f(from)], [to, f(to)]);
    }
    points.push([h, value]);
  }
  return points;
}

/** The whole width of Ĥ around the threshold that has a gradient; undefined where all of it has. */
function windowOf({ name, parameters }: Surrogate): number | undefined {
  if (name === 'rectangular') return parameters.window;
  return name === 'triangular' ? 2 * parameters.width! : undefined;
}

function band(axis: Band['axis'], window: number): Band {
  const name = axis === 'x' ? 'window' : 'window of the surrogate';
  return { axis, from: THRESHOLD - window / 2, to: THRESHOLD + window / 2, label: name };
}

function describe({ name, parameters }: Surrogate): string {
  const list = Object.entries(parameters).map(([key, value]) => `${key} ${value}`);
  return [name, ...list].join(', ');
}
