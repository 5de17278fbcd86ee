// The paper's Figure 2: response curves of φ for several k over the spike function, and beside them what they make of
// the surrogate gradient. Numbers and an SVG text, nothing else; it runs anywhere.
//
//   response             Ĥ = φ(H), centred on the threshold
//   effective surrogate  e(H) = s(φ(H) - vth)·φ'(H), by which ∂L/∂O is multiplied on its way to H
//   its area             ∫ e dH = S(φ(∞) - vth) - S(φ(-∞) - vth), with S' = s and φ(±∞) = vth ± 1/(2 tanh(k/2))

import { check } from '../../errors';
import { madeOf } from '../../neurons/built-in';
import { finite, listOf, type OptionsOf, option, optionTable } from '../../options';
import { type Band, type LineSeries, lineChart, panels } from '../../plot';
import { type MprRectifier, mpr, rectangular, type Surrogate } from '../../snn';
import { aSurrogate } from '../../snn/surrogate';
import { sampleCurve } from './sample-curve';

export interface Figure2Options {
  /** Steepness of each curve. Default `[1, 3, 5, 7]`, the paper's. */
  readonly k?: readonly number[];
  /** Threshold, on which φ is centred. Default 0.5, the paper's. */
  readonly vth?: number;
  /** Default `rectangular()`, the paper's. */
  readonly surrogate?: Surrogate;
}

export const figure2Options = optionTable({
  k: option(listOf(finite({ above: 0 })), () => [1, 3, 5, 7]),
  vth: option(finite(), 0.5),
  surrogate: option(aSurrogate, () => rectangular(), 'rectangular()'),
} satisfies OptionsOf<Figure2Options>);

/** What a curve is at some points. */
export interface Figure2Row {
  readonly k: number;
  /** φ'(vth): how much steeper than the identity φ is at the threshold. */
  readonly slope: number;
  /** φ'(vth ± 1/2): what is left of it where φ meets the identity again, at 0 and 1 for the paper's threshold. */
  readonly edge: number;
  /** e(vth). */
  readonly effective: number;
  /** ∫ e dH: 1 for the paper's rectangle whatever k is. */
  readonly area: number;
}

export interface Figure2 {
  readonly svg: string;
  readonly rows: readonly Figure2Row[];
}

/** Up to so many curves have colours that tell each apart; more of them run along a scale. */
const APART = 7;

/**
 * Figure 2 of Guo et al. (AAAI 2022), over membrane potentials from vth - 1 to vth + 1.
 * @throws SpikegradError without a k, for one that is not above 0, or for a threshold that is not finite
 */
export function figure2(options: Figure2Options = {}): Figure2 {
  const { k: steepness, vth, surrogate } = figure2Options.read('figure2', options);
  check(steepness.length > 0, 'figure2', 'needs at least one k');
  const curves = steepness.map((k) => ({ name: `k = ${k}`, phi: mpr({ k, centre: vth }) }));
  const range = [vth - 1, vth + 1] as const;
  const step: LineSeries = {
    name: 'spike function Θ',
    reference: true,
    points: [
      [range[0], 0],
      [vth, 0],
      [vth, 1],
      [range[1], 1],
    ],
  };
  const responses = curves.map(({ name, phi }) => ({ name, points: sampleCurve(phi.value, range) }));
  const plain: LineSeries = {
    name: 'without φ',
    reference: true,
    points: sampleCurve((h) => surrogate.derivative(h - vth), range),
  };
  const gradients = curves.map(({ name, phi }) => ({
    name,
    points: sampleCurve((h) => effectiveSurrogate(phi, surrogate, h), range),
  }));
  const size = { width: 480, height: 380, xLabel: 'membrane potential H', ordered: curves.length > APART };
  const window = windowOf(surrogate);
  const bandOn = (axis: Band['axis'], label: string): Band[] =>
    window === undefined ? [] : [{ axis, from: vth - window / 2, to: vth + window / 2, label }];
  return {
    rows: curves.map(({ phi }) => rowOf(phi, surrogate)),
    svg: panels({
      title: 'Membrane potential rectification and the gradient through it',
      subtitle: `φ(x) = tanh(k(x - ${vth})) / (2 tanh(k/2)) + ${vth}; surrogate s: ${describe(surrogate)}`,
      charts: [
        lineChart({
          ...size,
          title: 'Response Ĥ = φ(H) over the spike function',
          yLabel: 'rectified potential Ĥ',
          series: [step, ...responses],
          bands: bandOn('y', 'window of the surrogate'),
        }),
        lineChart({
          ...size,
          title: `Effective surrogate s(Ĥ - ${vth})·φ'(H)`,
          yLabel: 'gradient of a spike to H',
          series: [plain, ...gradients],
          // φ fixes vth ± 1/2, so only this window is the same on H as on Ĥ.
          bands: window === 1 ? bandOn('x', 'window') : [],
        }),
      ],
    }),
  };
}

/** e(H) = s(φ(H) - vth)·φ'(H), φ centred on vth. */
export function effectiveSurrogate(phi: MprRectifier, surrogate: Surrogate, h: number): number {
  return surrogate.derivative(phi.value(h) - phi.parameters.centre) * phi.derivative(h);
}

function rowOf(phi: MprRectifier, surrogate: Surrogate): Figure2Row {
  const { k, centre } = phi.parameters;
  const reach = 1 / (2 * Math.tanh(k / 2));
  return {
    k,
    slope: phi.derivative(centre),
    edge: phi.derivative(centre - 0.5),
    effective: effectiveSurrogate(phi, surrogate, centre),
    area: surrogate.value(reach) - surrogate.value(-reach),
  };
}

/** The whole width of Ĥ around the threshold that has a gradient; undefined where all of it has. */
function windowOf(surrogate: Surrogate): number | undefined {
  const { name, parameters } = madeOf(surrogate) ?? {};
  if (name === 'rectangular') return parameters?.window;
  return name === 'triangular' ? 2 * parameters!.width! : undefined;
}

function describe({ name, parameters }: Surrogate): string {
  const list = Object.entries(parameters).map(([key, value]) => `${key} ${value}`);
  return [name, ...list].join(', ');
}
