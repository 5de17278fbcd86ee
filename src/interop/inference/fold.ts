// tdBN in evaluation is a line per channel, so it disappears into the layer before it:
//
//   y = λ·s·(W·x + b - μ)/√(σ² + ε) + β,  s = α·vth      W' = g·W,  b' = g·b + o,  g = λ·s/√(σ² + ε),  o = β - g·μ

import { sizeOf } from '../../backends/shape';
import type { ArrayWithShape } from '../layout';

export interface WeightAndBias {
  /** The first axis counts the outputs. */
  readonly weight: ArrayWithShape;
  readonly bias: ArrayWithShape;
}

/** λ, β, μ and σ², each [C]. */
export interface NormArrays {
  readonly lambda: ArrayWithShape;
  readonly beta: ArrayWithShape;
  readonly mean: ArrayWithShape;
  readonly variance: ArrayWithShape;
}

/** gain·x + offset for each channel, in f64 whatever the weights are in, so that they are rounded once. */
export interface Line {
  readonly gain: Float64Array;
  readonly offset: Float64Array;
}

export function lineOf({ lambda, beta, mean, variance }: NormArrays, scale: number, epsilon: number): Line {
  const gain = Float64Array.from(
    lambda.data,
    (weight, c) => (weight * scale) / Math.sqrt(variance.data[c]! + epsilon),
  );
  return { gain, offset: gain.map((g, c) => beta.data[c]! - g * mean.data[c]!) };
}

/** The layer with a line behind it. */
export function folded({ weight, bias }: WeightAndBias, { gain, offset }: Line): WeightAndBias {
  const each = sizeOf(weight.shape.slice(1));
  const data = weight.data.slice();
  const moved = bias.data.slice();
  for (let out = 0; out < moved.length; out++) {
    for (let i = out * each; i < (out + 1) * each; i++) data[i]! *= gain[out]!;
    moved[out] = gain[out]! * bias.data[out]! + offset[out]!;
  }
  return { weight: { data, shape: weight.shape }, bias: { data: moved, shape: bias.shape } };
}
