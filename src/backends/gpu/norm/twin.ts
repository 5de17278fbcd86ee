// The sums of tdBN by gpu.js's kernels alone, for devices without shared memory: a pass for the means, another for the
// deviations from them. Twin of the kernels in kernels.ts.

import type { Operand } from '../../backend';
import { type Driver, jsKernel } from '../driver';
import { type GpuHandle, view } from '../handle';
import { reduceChunks } from '../reduce';
import type { NormSums } from '.';

const scaledKernel = jsKernel(
  'norm',
  { arrays: ['x'], scalars: { factor: 'float' } },
  'return x[this.thread.x] * factor;',
);

const squaresKernel = jsKernel(
  'normTrain',
  { arrays: ['x', 'mean'] },
  `const d = x[this.thread.y][this.thread.x] - mean[this.thread.x];
  return d * d;`,
);

const inverseKernel = jsKernel(
  'normTrain',
  { arrays: ['squares'], scalars: { rows: 'float', epsilon: 'float' } },
  'return 1 / Math.sqrt(squares[this.thread.x] / rows + epsilon);',
);

const runningKernel = jsKernel(
  'normTrain',
  { arrays: ['running', 'batch'], scalars: { kept: 'float', share: 'float' } },
  'return kept * running[this.thread.x] + share * batch[this.thread.x];',
);

const productKernel = jsKernel(
  'normGradient',
  { arrays: ['g', 'x', 'mean', 'inverseDeviation'] },
  `return g[this.thread.y][this.thread.x]
    * (x[this.thread.y][this.thread.x] - mean[this.thread.x]) * inverseDeviation[this.thread.x];`,
);

/** Sums of the columns of x [rows, channels]. */
function columnSums(driver: Driver, x: Operand): GpuHandle {
  const [rows, channels] = x.shape as [number, number];
  return reduceChunks(driver, 'sum', x, [1, rows, channels]);
}

function scaled(driver: Driver, x: GpuHandle, factor: number): GpuHandle {
  const flat = [x.size];
  const result = driver.js(scaledKernel, {
    arrays: { x: { handle: x, shape: flat } },
    scalars: { factor },
    output: flat,
  });
  driver.free(x);
  return result;
}

export const plainSums: NormSums = {
  statistics(driver, x, runningMean, runningVariance, { epsilon, momentum }) {
    const [rows, channels] = x.shape as [number, number];
    const row = (handle: Operand['handle']) => view({ handle }, [channels]);
    const mean = scaled(driver, columnSums(driver, x), 1 / rows);
    const deviations = driver.js(squaresKernel, { arrays: { x, mean: row(mean) }, output: x.shape });
    const squares = columnSums(driver, view({ handle: deviations }, x.shape));
    const inverseDeviation = driver.js(inverseKernel, {
      arrays: { squares: row(squares) },
      scalars: { rows, epsilon },
      output: [channels],
    });
    const moves = [
      { running: runningMean, batch: mean, share: momentum },
      { running: runningVariance, batch: squares, share: momentum / (rows - 1) },
    ];
    for (const { running, batch, share } of moves) {
      const fresh = driver.js(runningKernel, {
        arrays: { running: row(running), batch: row(batch) },
        scalars: { kept: 1 - momentum, share },
        output: [channels],
      });
      driver.replace(running, fresh);
    }
    driver.free(deviations);
    driver.free(squares);
    return { mean, inverseDeviation };
  },

  gradients(driver, gradient, x, { mean, inverseDeviation }, scale) {
    const channels = x.shape[1]!;
    const products = driver.js(productKernel, {
      arrays: {
        g: gradient,
        x,
        mean: view({ handle: mean }, [channels]),
        inverseDeviation: view({ handle: inverseDeviation }, [channels]),
      },
      output: x.shape,
    });
    const dWeight = scaled(driver, columnSums(driver, view({ handle: products }, x.shape)), scale);
    driver.free(products);
    return { dWeight, dBias: columnSums(driver, gradient) };
  },
};
