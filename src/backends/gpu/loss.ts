// Softmax and cross-entropy, one row of classes after the other; gpu.js kernels only. Logits are shifted by the largest
// of their row, and log Σ exp stays apart from it, so that large logits lose no digits. Labels go up once: they stay
// with the probabilities that were made from them, for the backward pass, and are freed with those.

import type { Handle, LossKernels, Operand } from '../backend';
import { type Driver, jsKernel } from './driver';
import { type GpuHandle, view } from './handle';
import { reduceAxis } from './reduce';

const largestKernel = jsKernel(
  'logSoftmax',
  { arrays: ['x'], scalars: { classes: 'integer' } },
  `let largest = x[this.thread.x][0];
  for (let i = 1; i < classes; i++) { largest = Math.max(largest, x[this.thread.x][i]); }
  return largest;`,
);

/** log Σ exp(x - largest). */
const logSumKernel = jsKernel(
  'logSoftmax',
  { arrays: ['x', 'largest'], scalars: { classes: 'integer' } },
  `let sum = 0;
  for (let i = 0; i < classes; i++) { sum += Math.exp(x[this.thread.x][i] - largest[this.thread.x]); }
  return Math.log(sum);`,
);

const LOG_PROBABILITY = '(x[this.thread.y][this.thread.x] - largest[this.thread.y]) - logSum[this.thread.y]';

const logSoftmaxKernel = jsKernel(
  'logSoftmax',
  { arrays: ['x', 'largest', 'logSum'] },
  `return ${LOG_PROBABILITY};`,
);

const probabilitiesKernel = jsKernel(
  'crossEntropy',
  { arrays: ['x', 'largest', 'logSum'] },
  `return Math.exp(${LOG_PROBABILITY});`,
);

/** Each row's share of the mean. */
const lossKernel = jsKernel(
  'crossEntropy',
  { arrays: ['x', 'largest', 'logSum', 'labels'], scalars: { rows: 'float' } },
  `return (logSum[this.thread.x] + (largest[this.thread.x] - x[this.thread.x][labels[this.thread.x]])) / rows;`,
);

const sumKernel = jsKernel(
  'logSoftmaxGradient',
  { arrays: ['g'], scalars: { classes: 'integer' } },
  `let sum = 0;
  for (let i = 0; i < classes; i++) { sum += g[this.thread.x][i]; }
  return sum;`,
);

// dx = g - softmax·Σg
const logSoftmaxGradientKernel = jsKernel(
  'logSoftmaxGradient',
  { arrays: ['g', 'y', 'sum'] },
  'return g[this.thread.y][this.thread.x] - Math.exp(y[this.thread.y][this.thread.x]) * sum[this.thread.y];',
);

const crossEntropyGradientKernel = jsKernel(
  'crossEntropyGradient',
  { arrays: ['scale', 'p', 'labels'], scalars: { rows: 'float' } },
  `const hit = Math.abs(labels[this.thread.y] - this.thread.x) < 0.5 ? 1 : 0;
  return scale[0] / rows * (p[this.thread.y][this.thread.x] - hit);`,
);

interface PlacedLabels {
  readonly labels: Int32Array;
  readonly handle: GpuHandle;
}

/** `release` is to be called with every handle that is freed. */
export function lossKernels(driver: Driver): LossKernels & { release(handle: Handle): void } {
  const placed = new WeakMap<Handle, PlacedLabels>();

  /** Per row the largest logit and log Σ exp of the others' distance from it. */
  function normalisers(x: Operand, [rows, classes]: readonly [number, number]) {
    const all = view(x, [rows, classes]);
    const scalars = { classes };
    const output = [rows];
    const largest = view(
      { handle: driver.js(largestKernel, { arrays: { x: all }, scalars, output }) },
      output,
    );
    const logSum = driver.js(logSumKernel, { arrays: { x: all, largest }, scalars, output });
    return { x: all, largest, logSum: view({ handle: logSum }, output) };
  }

  return {
    logSoftmax(x) {
      const [rows, classes] = rowsOf(x);
      const arrays = normalisers(x, [rows, classes]);
      const y = driver.js(logSoftmaxKernel, { arrays, output: [rows, classes] });
      driver.free(arrays.largest.handle);
      driver.free(arrays.logSum.handle);
      return y;
    },

    logSoftmaxGradient(gradient, y) {
      const [rows, classes] = rowsOf(y);
      const g = view(gradient, [rows, classes]);
      const sum = driver.js(sumKernel, { arrays: { g }, scalars: { classes }, output: [rows] });
      const dx = driver.js(logSoftmaxGradientKernel, {
        arrays: { g, y: view(y, [rows, classes]), sum: view({ handle: sum }, [rows]) },
        output: [rows, classes],
      });
      driver.free(sum);
      return dx;
    },

    crossEntropy(logits, labels) {
      const rows = labels.length;
      const classes = logits.handle.size / rows;
      const arrays = normalisers(logits, [rows, classes]);
      const probabilities = driver.js(probabilitiesKernel, { arrays, output: [rows, classes] });
      const handle = driver.upload('crossEntropy', labels);
      placed.set(probabilities, { labels, handle });
      const shares = driver.js(lossKernel, {
        arrays: { ...arrays, labels: view({ handle }, [rows]) },
        scalars: { rows },
        output: [rows],
      });
      const loss = reduceAxis(driver, 'sum', view({ handle: shares }, [rows]), [1, rows, 1]);
      for (const done of [arrays.largest.handle, arrays.logSum.handle, shares]) driver.free(done);
      return { loss, probabilities };
    },

    crossEntropyGradient(scale, probabilities, labels) {
      const rows = labels.length;
      const known = placed.get(probabilities.handle);
      const isKnown = known?.labels === labels;
      const handle = isKnown ? known.handle : driver.upload('crossEntropyGradient', labels);
      const shape = [rows, probabilities.handle.size / rows];
      const dx = driver.js(crossEntropyGradientKernel, {
        arrays: { scale: view(scale, [1]), p: view(probabilities, shape), labels: view({ handle }, [rows]) },
        scalars: { rows },
        output: shape,
      });
      if (!isKnown) driver.free(handle);
      return dx;
    },

    release(handle) {
      const known = placed.get(handle);
      if (known === undefined) return;
      placed.delete(handle);
      driver.free(known.handle);
    },
  };
}

/** All axes but the last as one. */
function rowsOf({ handle: { size }, shape }: Operand): [number, number] {
  const classes = shape.at(-1)!;
  return [classes === 0 ? 0 : size / classes, classes];
}
