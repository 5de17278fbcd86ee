// What a gradient's gain is predicted to be from firing rates alone. Going back from the spikes behind a convolution
// to its input, the norm is multiplied by
//
//   gain² = s²·E[(surrogate'·φ')²]/M,
//
// s = α·vth·λ being the scale of the tdBN, and M the second moment of the convolution's input. Why: with weights of
// zero mean and variance w², a convolution of n inputs an output multiplies a gradient's square by n·w², and gives
// outputs of variance n·w²·M, by which tdBN divides. Strides and widths cancel. M lies between the variance of spikes
// of rate r, r·(1 - r), and their mean square, r, according to how far their mean is seen by weights whose mean is
// not quite 0: hence two bounds.
//
// The expectation is over membranes H ~ N(m, σ²): σ² is the sum of the variances of what flows in (s² of every norm,
// r·(1 - r) of spikes that are added as they are), and m is such that the layer's own rate is P(H > vth). What is
// left of V from the step before, and the gradient's way through it, are not in the formula.

import type { GradientPath, SpikeGradient, SpikeGradients } from '../../train/gradients/spikes';

/** What is known of a neuron: threshold, and (surrogate'(φ(h) - vth)·φ'(h))². */
export interface NeuronSlope {
  readonly vth: number;
  readonly squared: (h: number) => number;
}

/** Between two bounds. */
export type GainBounds = readonly [low: number, high: number];

/** Standard deviations to either side, and points in each. */
const REACH = 6;
const POINTS = 500;

const GRID = Array.from({ length: 2 * REACH * POINTS + 1 }, (_, i) => i / POINTS - REACH);
const DENSITY = GRID.map((u) => Math.exp((-u * u) / 2) / Math.sqrt(2 * Math.PI) / POINTS);

/** u with P(U > u) = rate for a standard normal U. */
function upperQuantile(rate: number): number {
  let above = 0;
  for (let i = GRID.length - 1; i >= 0; i--) {
    const next = above + DENSITY[i]!;
    if (next >= rate) return GRID[i]! + (0.5 - (rate - above) / DENSITY[i]!) / POINTS;
    above = next;
  }
  return -REACH;
}

/**
 * √E[(surrogate'·φ')²] over membranes of a layer.
 * @param rate share of neuron-steps that spike
 * @param deviation standard deviation of the membranes
 */
export function neuronGain({ vth, squared }: NeuronSlope, rate: number, deviation: number): number {
  const centre = vth - deviation * upperQuantile(rate);
  return Math.sqrt(GRID.reduce((sum, u, i) => sum + DENSITY[i]! * squared(centre + deviation * u), 0));
}

/** Second moment of means of so many spikes: at most with their mean, at least without it. */
function moments(rate: number, pooled: number): GainBounds {
  const variance = (rate * (1 - rate)) / pooled;
  return [variance, variance + rate * rate];
}

/** A path with what is predicted of it. */
export interface PredictedPath extends GradientPath {
  /** Rate of the spikes that it reads, and of those behind it; the former undefined for a layer that reads images. */
  readonly rates: readonly [before: number | undefined, behind: number];
  /** √E[(surrogate'·φ')²] of the neurons behind it. */
  readonly neuron: number;
  /** Undefined without a norm, or where it reads images. */
  readonly predicted: GainBounds | undefined;
}

/** Gradients at the spikes of a layer over those at the last layer's. */
export interface PredictedNeurons extends SpikeGradient {
  readonly measured: number;
  /** Undefined where what comes back to it is not predicted. */
  readonly predicted: GainBounds | undefined;
}

export interface Predictions {
  readonly paths: readonly PredictedPath[];
  readonly neurons: readonly PredictedNeurons[];
}

/** @param slopes of each neuron layer, by name */
export function predictGains(
  { neurons, paths }: SpikeGradients,
  slopes: ReadonlyMap<string, NeuronSlope>,
): Predictions {
  const rates = new Map(neurons.map(({ name, rate }) => [name, rate]));
  const gains = new Map(
    neurons.map(({ name, rate, shortcuts }) => {
      const scales = paths.filter(({ behind }) => behind === name).map(({ scale }) => (scale ?? 0) ** 2);
      const added = shortcuts.map((from) => moments(rates.get(from)!, 1)[0]);
      const deviation = Math.sqrt([...scales, ...added].reduce((sum, variance) => sum + variance, 0));
      return [name, neuronGain(slopes.get(name)!, rate, deviation)];
    }),
  );
  const predictedPaths = paths.map((path): PredictedPath => {
    const { before, behind, pooled, scale } = path;
    const neuron = gains.get(behind)!;
    const rate = before === undefined ? undefined : rates.get(before)!;
    const known = rate !== undefined && rate > 0 && rate < 1 && scale !== undefined;
    const [least, most] = known ? moments(rate, pooled) : [1, 1];
    return {
      ...path,
      rates: [rate, rates.get(behind)!],
      neuron,
      predicted: known
        ? [(scale * neuron) / Math.sqrt(most), (scale * neuron) / Math.sqrt(least)]
        : undefined,
    };
  });
  return { paths: predictedPaths, neurons: throughDepth(neurons, predictedPaths, gains) };
}

/** From the last layer's spikes back to every layer's, adding the squares of what comes by different ways. */
function throughDepth(
  neurons: readonly SpikeGradient[],
  paths: readonly PredictedPath[],
  gains: ReadonlyMap<string, number>,
): PredictedNeurons[] {
  const squares = new Map<string, GainBounds | undefined>();
  const last = neurons.at(-1);
  const known: PredictedNeurons[] = [];
  for (const layer of [...neurons].reverse()) {
    const ways = [
      ...paths
        .filter(({ before }) => before === layer.name)
        .map(({ behind, predicted, pooled }) => times(squares.get(behind), predicted, 1 / pooled)),
      ...neurons
        .filter(({ shortcuts }) => shortcuts.includes(layer.name))
        .map(({ name }) => times(squares.get(name), [gains.get(name)!, gains.get(name)!], 1)),
    ];
    const total: GainBounds | undefined = layer === last ? [1, 1] : sumOf(ways);
    squares.set(layer.name, total);
    known.push({
      ...layer,
      measured: layer.norm / last!.norm,
      predicted: total && [Math.sqrt(total[0]), Math.sqrt(total[1])],
    });
  }
  return known.reverse();
}

function times(
  square: GainBounds | undefined,
  gain: GainBounds | undefined,
  factor: number,
): GainBounds | undefined {
  return square && gain && [square[0] * gain[0] ** 2 * factor, square[1] * gain[1] ** 2 * factor];
}

function sumOf(ways: readonly (GainBounds | undefined)[]): GainBounds | undefined {
  return ways.length === 0
    ? undefined
    : ways.reduce((sum, way) => sum && way && [sum[0] + way[0], sum[1] + way[1]]);
}
