// Softmax and cross-entropy.

import { exp, log } from '../../mathematics';
import type { LossKernels } from '../backend';
import { type Allocate, dataOf } from './buffer';

export function lossKernels(allocate: Allocate): LossKernels {
  return {
    logSoftmax(x) {
      const source = dataOf(x.handle);
      const classes = x.shape[x.shape.length - 1]!;
      const y = allocate(source.length);
      for (let i = 0; i < source.length; i += classes) {
        const logSum = logSumExp(source, i, classes);
        for (let c = 0; c < classes; c++) y.data[i + c] = source[i + c]! - logSum;
      }
      return y;
    },

    // dx = g - softmax·Σg
    logSoftmaxGradient(gradient, y) {
      const g = dataOf(gradient.handle);
      const logits = dataOf(y.handle);
      const classes = y.shape[y.shape.length - 1]!;
      const dx = allocate(g.length);
      for (let i = 0; i < g.length; i += classes) {
        let sum = 0;
        for (let c = 0; c < classes; c++) sum += g[i + c]!;
        for (let c = 0; c < classes; c++) dx.data[i + c] = g[i + c]! - exp(logits[i + c]!) * sum;
      }
      return dx;
    },

    crossEntropy(logits, labels) {
      const x = dataOf(logits.handle);
      const classes = x.length / labels.length;
      const probabilities = allocate(x.length);
      const loss = allocate(1);
      let total = 0;
      labels.forEach((label, row) => {
        const i = row * classes;
        const logSum = logSumExp(x, i, classes);
        for (let c = 0; c < classes; c++) probabilities.data[i + c] = exp(x[i + c]! - logSum);
        total += logSum - x[i + label]!;
      });
      loss.data[0] = total / labels.length;
      return { loss, probabilities };
    },

    crossEntropyGradient(scale, probabilities, labels) {
      const p = dataOf(probabilities.handle);
      const classes = p.length / labels.length;
      const factor = dataOf(scale.handle)[0]! / labels.length;
      const dx = allocate(p.length);
      labels.forEach((label, row) => {
        const i = row * classes;
        for (let c = 0; c < classes; c++) dx.data[i + c] = factor * (p[i + c]! - (c === label ? 1 : 0));
      });
      return dx;
    },
  };
}

/** log Σ exp(x), the largest taken out first so that nothing overflows. */
function logSumExp(x: Float32Array | Float64Array, from: number, count: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < count; c++) largest = Math.max(largest, x[from + c]!);
  let sum = 0;
  for (let c = 0; c < count; c++) sum += exp(x[from + c]! - largest);
  return largest + log(sum);
}
