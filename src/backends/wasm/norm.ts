// tdBN. The statistics are one pass over the planes while they are in the cache; what is normalised is never written: the
// result says that it is a·x + b, and the gradient that it is A·g + B·x + D. The formulas stand in ../cpu/norm.ts.

import type { Handle, NormKernels, Operand } from '../backend';
import { part, whole, wholeOut } from './argument';
import { type Engine, spread } from './engine';
import { imagesOf, pixelsOf } from './images';
import { chunksOf } from './threads/program';

/** Two f64 sums a channel of a gradient. */
const PART = 16;

export function normKernels(engine: Engine): NormKernels {
  const { scheduler } = engine;
  const all = (operand: Operand) => whole(engine.dense(operand));

  /** A parameter or statistic that a kernel changes in place. */
  function inPlace(handle: Handle, channels: number) {
    return wholeOut(engine.changeable({ handle, shape: [channels] }));
  }

  return {
    normTrain(x, weight, bias, runningMean, runningVariance, spec) {
      const images = imagesOf(x.shape);
      const { times, channels } = images;
      const { size } = x.handle;
      const chunks = chunksOf(images.images);
      const bytes = engine.compute('batchPartBytes', channels);
      const parts = engine.buffer(chunks * bytes);
      const mean = engine.out(channels);
      const inverseDeviation = engine.out(channels);
      const coefficients = engine.buffer(2 * channels * 4);
      const moving = inPlace(runningMean, channels);
      const planes = engine.planes(x.handle, images);
      scheduler.schedule(images.images, [
        { kernel: 'clear', when: 'chunk', args: [part(parts, bytes), bytes] },
        {
          kernel: 'batchSums',
          when: 'item',
          args: [...spread(planes), times, pixelsOf(images), channels, part(parts, bytes)],
        },
      ]);
      scheduler.serially('normCoefficients', [
        whole(parts),
        chunks,
        bytes,
        channels,
        all(weight),
        all(bias),
        spec.scale,
        spec.epsilon,
        spec.momentum,
        wholeOut(coefficients),
        wholeOut(mean.buffer),
        wholeOut(inverseDeviation.buffer),
        moving,
        inPlace(runningVariance, channels),
      ]);
      scheduler.release(parts);
      return {
        y: engine.lazy(size, { kind: 'affine', x: engine.handle(x.handle), coefficients, channels }),
        statistics: { mean: mean.handle, inverseDeviation: inverseDeviation.handle },
      };
    },

    normEvaluate(x, weight, bias, mean, variance, spec) {
      const channels = weight.handle.size;
      const coefficients = engine.buffer(2 * channels * 4);
      scheduler.serially('evaluationCoefficients', [
        all(mean),
        all(variance),
        all(weight),
        all(bias),
        spec.scale,
        spec.epsilon,
        channels,
        wholeOut(coefficients),
      ]);
      return engine.lazy(x.handle.size, {
        kind: 'affine',
        x: engine.handle(x.handle),
        coefficients,
        channels,
      });
    },

    normGradient(gradient, x, weight, statistics, spec) {
      const images = imagesOf(x.shape);
      const { times, channels } = images;
      const { size } = x.handle;
      const chunks = chunksOf(images.images);
      const bytes = channels * PART;
      const parts = engine.buffer(chunks * bytes);
      const abd = engine.buffer(3 * channels * 4);
      const dWeight = engine.out(channels);
      const dBias = engine.out(channels);
      const statistic = (handle: Handle) => all({ handle, shape: [channels] });
      const dx = engine.planes(gradient.handle, images);
      const y = engine.planes(x.handle, images);
      scheduler.schedule(images.images, [
        { kernel: 'clear', when: 'chunk', args: [part(parts, bytes), bytes] },
        {
          kernel: 'gradientSums',
          when: 'item',
          args: [
            ...spread(dx),
            ...spread(y),
            times,
            pixelsOf(images),
            channels,
            statistic(statistics.mean),
            part(parts, bytes),
          ],
        },
      ]);
      scheduler.serially('gradientCoefficients', [
        whole(parts),
        chunks,
        bytes,
        channels,
        size / channels,
        statistic(statistics.mean),
        statistic(statistics.inverseDeviation),
        all(weight),
        spec.scale,
        wholeOut(abd),
        wholeOut(dWeight.buffer),
        wholeOut(dBias.buffer),
      ]);
      scheduler.release(parts);
      const [from, input] = [engine.handle(gradient.handle), engine.handle(x.handle)];
      return {
        x: engine.lazy(size, { kind: 'normGradient', dx: from, y: input, coefficients: abd, channels }),
        weight: dWeight.handle,
        bias: dBias.handle,
      };
    },
  };
}
