// Threshold-dependent batch normalisation (Zheng et al., AAAI 2021): y = λ·s·(x - μ)/√(σ² + ε) + β with s = α·vth, one
// μ and σ per channel over every other axis. The channel is the last axis.
//
// Backward, with x̂ = (x - μ)/√(σ² + ε), M values per channel and g the gradient of y:
//   dβ = Σ g,   dλ = s·Σ g·x̂,   dx = λ·s/√(σ² + ε) · (g - Σg/M - x̂·Σ(g·x̂)/M).

import type { NormKernels } from '../backend';
import { type Allocate, dataOf } from './buffer';

export function normKernels(allocate: Allocate): NormKernels {
  return {
    normTrain(x, weight, bias, runningMean, runningVariance, spec) {
      const source = dataOf(x.handle);
      const channels = weight.handle.size;
      const count = source.length / channels;
      const mean = allocate(channels);
      const inverseDeviation = allocate(channels);
      const sums = new Float64Array(channels);
      for (let i = 0; i < source.length; i += channels) {
        for (let c = 0; c < channels; c++) sums[c]! += source[i + c]!;
      }
      const means = sums.map((sum) => sum / count);
      const squares = new Float64Array(channels); // of the deviations: a second pass loses no digits
      for (let i = 0; i < source.length; i += channels) {
        for (let c = 0; c < channels; c++) {
          const d = source[i + c]! - means[c]!;
          squares[c]! += d * d;
        }
      }
      const movingMean = dataOf(runningMean);
      const movingVariance = dataOf(runningVariance);
      const gain = new Float64Array(channels);
      for (let c = 0; c < channels; c++) {
        const inverse = 1 / Math.sqrt(squares[c]! / count + spec.epsilon);
        mean.data[c] = means[c]!;
        inverseDeviation.data[c] = inverse;
        gain[c] = dataOf(weight.handle)[c]! * spec.scale * inverse;
        movingMean[c] = (1 - spec.momentum) * movingMean[c]! + spec.momentum * means[c]!;
        movingVariance[c] =
          (1 - spec.momentum) * movingVariance[c]! + (spec.momentum * squares[c]!) / (count - 1);
      }
      const y = allocate(source.length);
      const offset = dataOf(bias.handle);
      for (let i = 0; i < source.length; i += channels) {
        for (let c = 0; c < channels; c++)
          y.data[i + c] = gain[c]! * (source[i + c]! - means[c]!) + offset[c]!;
      }
      return { y, statistics: { mean, inverseDeviation } };
    },

    normEvaluate(x, weight, bias, mean, variance, spec) {
      const source = dataOf(x.handle);
      const channels = weight.handle.size;
      const centre = dataOf(mean.handle);
      const offset = dataOf(bias.handle);
      const gain = new Float64Array(channels);
      for (let c = 0; c < channels; c++) {
        gain[c] =
          (dataOf(weight.handle)[c]! * spec.scale) / Math.sqrt(dataOf(variance.handle)[c]! + spec.epsilon);
      }
      const y = allocate(source.length);
      for (let i = 0; i < source.length; i += channels) {
        for (let c = 0; c < channels; c++)
          y.data[i + c] = gain[c]! * (source[i + c]! - centre[c]!) + offset[c]!;
      }
      return y;
    },

    normGradient(gradient, x, weight, statistics, spec) {
      const g = dataOf(gradient.handle);
      const source = dataOf(x.handle);
      const channels = weight.handle.size;
      const count = source.length / channels;
      const mean = dataOf(statistics.mean);
      const inverse = dataOf(statistics.inverseDeviation);
      const sumG = new Float64Array(channels);
      const sumGX = new Float64Array(channels);
      for (let i = 0; i < g.length; i += channels) {
        for (let c = 0; c < channels; c++) {
          sumG[c]! += g[i + c]!;
          sumGX[c]! += g[i + c]! * (source[i + c]! - mean[c]!) * inverse[c]!;
        }
      }
      const dWeight = allocate(channels);
      const dBias = allocate(channels);
      const gain = new Float64Array(channels);
      for (let c = 0; c < channels; c++) {
        dWeight.data[c] = spec.scale * sumGX[c]!;
        dBias.data[c] = sumG[c]!;
        gain[c] = dataOf(weight.handle)[c]! * spec.scale * inverse[c]!;
      }
      const dx = allocate(g.length);
      for (let i = 0; i < g.length; i += channels) {
        for (let c = 0; c < channels; c++) {
          const xHat = (source[i + c]! - mean[c]!) * inverse[c]!;
          dx.data[i + c] = gain[c]! * (g[i + c]! - (sumG[c]! + xHat * sumGX[c]!) / count);
        }
      }
      return { x: dx, weight: dWeight, bias: dBias };
    },
  };
}
