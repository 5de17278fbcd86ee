// tdBN. The statistics are one pass over the planes while they are in the cache; what is normalised is never written:
// the result says that it is a·x + b, and the gradient that it is A·g + B·x + D. The formulas stand in
// ../cpu/norm.ts.

import type { Handle, NormKernels, Operand } from '../backend';
import { entire, entireOut, part } from './argument';
import type { Buffer } from './buffer';
import type { Engine } from './engine';
import { type Images, imagesOf, LONGEST_ROW, pixelsOf } from './images';
import { kernelCall } from './kernel-call';
import { chunksOf } from './threads/program';
import { Affine } from './values/affine';
import { NormGradient } from './values/norm-gradient';

/** Whether both see the same pixels in the same order. */
const alike = (a: Images, b: Images): boolean =>
  a.times === b.times &&
  a.images === b.images &&
  a.height === b.height &&
  a.width === b.width &&
  a.channels === b.channels;

/** Two f64 sums a channel of a gradient. */
const PART = 16;

export function normKernels(engine: Engine): NormKernels {
  const { scheduler } = engine;
  const all = (operand: Operand) => entire(engine.dense(operand));

  /** A parameter or statistic that a kernel changes in place. */
  function inPlace(handle: Handle, channels: number) {
    return entireOut(engine.changeable({ handle, shape: [channels] }));
  }

  /** The sums of a gradient, by chunk of images. */
  function sumUp(gradient: Operand, x: Operand, mean: Handle): { parts: Buffer; chunks: number } {
    const images = imagesOf(x.shape);
    const { times, channels } = images;
    const chunks = chunksOf(images.images);
    const bytes = channels * PART;
    const parts = engine.buffer(chunks * bytes);
    const dx = engine.planes(gradient.handle, images);
    const y = engine.planes(x.handle, images);
    scheduler.schedule(images.images, [
      kernelCall('clear', 'chunk', { p: part(parts, bytes), bytes }),
      kernelCall('gradientSums', 'item', {
        dx: dx.plane,
        dxPitch: dx.pitch,
        y: y.plane,
        yPitch: y.pitch,
        T: times,
        pixels: pixelsOf(images),
        run: Math.min(images.width, LONGEST_ROW),
        C: channels,
        mean: all({ handle: mean, shape: [channels] }),
        sums: part(parts, bytes),
      }),
    ]);
    return { parts, chunks };
  }

  /**
   * Those that a neuron has made on its way, the same to the last bit; undefined where it was none, or had another
   * input.
   */
  function summed(
    gradient: Operand,
    x: Operand,
    mean: Handle,
  ): { parts: Buffer; chunks: number } | undefined {
    const { sums } = engine.handle(gradient.handle);
    if (sums === undefined || sums.y !== engine.handle(x.handle)) return undefined;
    if (!alike(sums.images, imagesOf(x.shape))) return undefined;
    if (!engine.handle(mean).value.buffers.includes(sums.mean)) return undefined;
    sums.parts.references++;
    return sums;
  }

  return {
    normTrain(x, weight, bias, runningMean, runningVariance, spec) {
      const images = imagesOf(x.shape);
      const { times, channels } = images;
      const { size } = x.handle;
      const chunks = chunksOf(images.images);
      const bytes = engine.compute('batchPartBytes', { C: channels });
      const parts = engine.buffer(chunks * bytes);
      const mean = engine.out(channels);
      const inverseDeviation = engine.out(channels);
      const coefficients = engine.buffer(2 * channels * 4);
      const moving = inPlace(runningMean, channels);
      const planes = engine.planes(x.handle, images);
      scheduler.schedule(images.images, [
        kernelCall('clear', 'chunk', { p: part(parts, bytes), bytes }),
        kernelCall('batchSums', 'item', {
          y: planes.plane,
          yPitch: planes.pitch,
          T: times,
          pixels: pixelsOf(images),
          C: channels,
          part: part(parts, bytes),
        }),
      ]);
      scheduler.serially('normCoefficients', {
        parts: entire(parts),
        nParts: chunks,
        partBytes: bytes,
        C: channels,
        weight: all(weight),
        bias: all(bias),
        scale: spec.scale,
        epsilon: spec.epsilon,
        momentum: spec.momentum,
        coef: entireOut(coefficients),
        mean: entireOut(mean.buffer),
        inverseDeviation: entireOut(inverseDeviation.buffer),
        runningMean: moving,
        runningVariance: inPlace(runningVariance, channels),
      });
      scheduler.release(parts);
      mean.buffer.references++; // the value has it too
      return {
        y: engine.lazy(size, new Affine(engine.handle(x.handle), coefficients, channels, mean.buffer)),
        statistics: { mean: mean.handle, inverseDeviation: inverseDeviation.handle },
      };
    },

    normEvaluate(x, weight, bias, mean, variance, spec) {
      const channels = weight.handle.size;
      const coefficients = engine.buffer(2 * channels * 4);
      scheduler.serially('evaluationCoefficients', {
        mean: all(mean),
        variance: all(variance),
        weight: all(weight),
        bias: all(bias),
        scale: spec.scale,
        epsilon: spec.epsilon,
        C: channels,
        coef: entireOut(coefficients),
      });
      return engine.lazy(x.handle.size, new Affine(engine.handle(x.handle), coefficients, channels));
    },

    normGradient(gradient, x, weight, statistics, spec) {
      const { channels } = imagesOf(x.shape);
      const { size } = x.handle;
      const bytes = channels * PART;
      const abd = engine.buffer(3 * channels * 4);
      const dWeight = engine.out(channels);
      const dBias = engine.out(channels);
      const statistic = (handle: Handle) => all({ handle, shape: [channels] });
      const { parts, chunks } = summed(gradient, x, statistics.mean) ?? sumUp(gradient, x, statistics.mean);
      scheduler.serially('gradientCoefficients', {
        parts: entire(parts),
        nParts: chunks,
        partBytes: bytes,
        C: channels,
        M: size / channels,
        mean: statistic(statistics.mean),
        inverseDeviation: statistic(statistics.inverseDeviation),
        weight: all(weight),
        scale: spec.scale,
        abd: entireOut(abd),
        dWeight: entireOut(dWeight.buffer),
        dBias: entireOut(dBias.buffer),
      });
      scheduler.release(parts);
      const [from, input] = [engine.handle(gradient.handle), engine.handle(x.handle)];
      return {
        x: engine.lazy(size, new NormGradient(from, input, abd, channels)),
        weight: dWeight.handle,
        bias: dBias.handle,
      };
    },
  };
}
