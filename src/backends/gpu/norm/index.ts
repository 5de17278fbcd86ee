// Threshold-dependent batch normalisation; cpu/norm.ts has the equations. The channel is the last axis of x, which is
// seen as [rows, channels]. Sums over the rows are WGSL (kernels.ts) or, the same by gpu.js alone, twin.ts.

import type { Handle, NormKernels, NormSpec, NormStatistics, Operand } from '../../backend';
import { type Driver, jsKernel } from '../driver';
import { type GpuHandle, view } from '../handle';
import {
  blockRows,
  gradientKernel,
  gradientSumsKernel,
  momentsKernel,
  statisticsKernel,
  tileWidth,
} from './kernels';
import { plainSums } from './twin';

/** What differs between WGSL and its twin. */
export interface NormSums {
  /** Statistics of x [rows, channels]; running statistics move in place. */
  statistics(
    driver: Driver,
    x: Operand,
    runningMean: Handle,
    runningVariance: Handle,
    spec: NormSpec,
  ): { readonly mean: GpuHandle; readonly inverseDeviation: GpuHandle };
  /** dλ = scale·Σ g·x̂ and dβ = Σ g over the rows. */
  gradients(
    driver: Driver,
    gradient: Operand,
    x: Operand,
    statistics: NormStatistics,
    scale: number,
  ): { readonly dWeight: GpuHandle; readonly dBias: GpuHandle };
}

const normaliseKernel = jsKernel(
  'normTrain',
  { arrays: ['x', 'weight', 'bias', 'mean', 'inverseDeviation'], scalars: { scale: 'float' } },
  `return weight[this.thread.x] * scale * inverseDeviation[this.thread.x]
    * (x[this.thread.y][this.thread.x] - mean[this.thread.x]) + bias[this.thread.x];`,
);

const evaluateKernel = jsKernel(
  'normEvaluate',
  { arrays: ['x', 'weight', 'bias', 'mean', 'variance'], scalars: { scale: 'float', epsilon: 'float' } },
  `return weight[this.thread.x] * scale / Math.sqrt(variance[this.thread.x] + epsilon)
    * (x[this.thread.y][this.thread.x] - mean[this.thread.x]) + bias[this.thread.x];`,
);

// dx = λ/√(σ² + ε) · (s·(g - dβ/M) - x̂·dλ/M), with dλ = s·Σ g·x̂
const inputGradientKernel = jsKernel(
  'normGradient',
  {
    arrays: ['g', 'x', 'weight', 'mean', 'inverseDeviation', 'dWeight', 'dBias'],
    scalars: { scale: 'float', rows: 'float' },
  },
  `const normal = (x[this.thread.y][this.thread.x] - mean[this.thread.x]) * inverseDeviation[this.thread.x];
  return weight[this.thread.x] * inverseDeviation[this.thread.x]
    * (scale * (g[this.thread.y][this.thread.x] - dBias[this.thread.x] / rows)
      - normal * dWeight[this.thread.x] / rows);`,
);

/** The sums in WGSL. */
export const sharedSums: NormSums = {
  statistics(driver, x, runningMean, runningVariance, { epsilon, momentum }) {
    const [rows, channels] = x.shape as [number, number];
    const width = tileWidth(channels);
    const blocks = Math.ceil(rows / blockRows(width));
    const { parts } = driver.wgsl(momentsKernel(width), {
      inputs: { x },
      outputs: { parts: 2 * blocks * channels },
      scalars: { rows, channels, blocks },
      groups: [blocks, Math.ceil(channels / width)],
    });
    const { mean, inverseDeviation } = driver.wgsl(statisticsKernel(width), {
      inputs: { parts: { handle: parts } },
      outputs: {
        mean: channels,
        inverseDeviation: channels,
        runningMean: { handle: runningMean },
        runningVariance: { handle: runningVariance },
      },
      scalars: { rows, channels, blocks, epsilon, momentum, unbiased: momentum / (rows - 1) },
      groups: [channels],
    });
    driver.free(parts);
    return { mean, inverseDeviation };
  },

  gradients(driver, gradient, x, { mean, inverseDeviation }, scale) {
    const [rows, channels] = x.shape as [number, number];
    const width = tileWidth(channels);
    const blocks = Math.ceil(rows / blockRows(width));
    const { parts } = driver.wgsl(gradientSumsKernel(width), {
      inputs: {
        g: gradient,
        x,
        mean: { handle: mean },
        inverseDeviation: { handle: inverseDeviation },
      },
      outputs: { parts: 2 * blocks * channels },
      scalars: { rows, channels, blocks },
      groups: [blocks, Math.ceil(channels / width)],
    });
    const sums = driver.wgsl(gradientKernel, {
      inputs: { parts: { handle: parts } },
      outputs: { dWeight: channels, dBias: channels },
      scalars: { channels, blocks, scale },
      groups: [channels],
    });
    driver.free(parts);
    return sums;
  },
};

/** @param sums how rows are summed; in WGSL unless a device has no such kernels */
export function normKernels(
  driver: Driver,
  sums: NormSums = driver.hasWgsl ? sharedSums : plainSums,
): NormKernels {
  return {
    normTrain(x, weight, bias, runningMean, runningVariance, spec) {
      const { scale } = spec;
      const rows = inRows(x, weight);
      const statistics = sums.statistics(driver, rows, runningMean, runningVariance, spec);
      const y = driver.js(normaliseKernel, {
        arrays: {
          x: rows,
          weight: perChannel(weight.handle),
          bias: perChannel(bias.handle),
          mean: perChannel(statistics.mean),
          inverseDeviation: perChannel(statistics.inverseDeviation),
        },
        scalars: { scale },
        output: rows.shape,
      });
      return { y, statistics };
    },

    normEvaluate(x, weight, bias, mean, variance, { scale, epsilon }) {
      const rows = inRows(x, weight);
      return driver.js(evaluateKernel, {
        arrays: {
          x: rows,
          weight: perChannel(weight.handle),
          bias: perChannel(bias.handle),
          mean: perChannel(mean.handle),
          variance: perChannel(variance.handle),
        },
        scalars: { scale, epsilon },
        output: rows.shape,
      });
    },

    normGradient(gradient, x, weight, statistics, { scale }) {
      const rows = inRows(x, weight);
      const g = inRows(gradient, weight);
      const { dWeight, dBias } = sums.gradients(driver, g, rows, statistics, scale);
      const dx = driver.js(inputGradientKernel, {
        arrays: {
          g,
          x: rows,
          weight: perChannel(weight.handle),
          mean: perChannel(statistics.mean),
          inverseDeviation: perChannel(statistics.inverseDeviation),
          dWeight: perChannel(dWeight),
          dBias: perChannel(dBias),
        },
        scalars: { scale, rows: rows.shape[0]! },
        output: rows.shape,
      });
      return { x: dx, weight: dWeight, bias: dBias };
    },
  };
}

function inRows(x: Operand, { handle: { size: channels } }: Operand): Operand {
  return view(x, [x.handle.size / channels, channels]);
}

function perChannel(handle: Handle): Operand {
  return { handle, shape: [handle.size] };
}
