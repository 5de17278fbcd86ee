// tdBN in evaluation is a line per channel, so it disappears into the layer before it:
//
//   y = λ·s·(W·x + b - μ)/√(σ² + ε) + β,  s = α·vth      W' = g·W,  b' = g·(b - μ) + β,  g = λ·s/√(σ² + ε)

import { sizeOf } from '../../backends/shape';
import type { Tensor } from '../../core/tensor';
import type { TdBatchNorm } from '../../snn/tdbn';
import type { ArrayWithShape } from '../layout';

export interface WeightAndBias {
  /** The first axis counts the outputs. */
  readonly weight: ArrayWithShape;
  readonly bias: ArrayWithShape;
}

export async function foldTdbn(norm: TdBatchNorm, { weight, bias }: WeightAndBias): Promise<WeightAndBias> {
  const { vth = 0.5, alpha = 1, epsilon = 1e-5 } = norm.options;
  const read = (tensor: Tensor) => tensor.data();
  const lambda = await read(norm.weight);
  const beta = await read(norm.bias);
  const mean = await read(norm.runningMean);
  const variance = await read(norm.runningVariance);
  const folded = { data: weight.data.slice(), shape: weight.shape };
  const moved = { data: bias.data.slice(), shape: bias.shape };
  const each = sizeOf(weight.shape.slice(1));
  for (let out = 0; out < moved.data.length; out++) {
    const gain = (lambda[out]! * alpha * vth) / Math.sqrt(variance[out]! + epsilon);
    for (let i = out * each; i < (out + 1) * each; i++) folded.data[i]! *= gain;
    moved.data[out] = gain * (bias.data[out]! - mean[out]!) + beta[out]!;
  }
  return { weight: folded, bias: moved };
}
