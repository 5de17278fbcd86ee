// Our 3x3 convolution of spikes, forward and weight gradient, on its own. The engine is lazy: it computes when
// something is read or overwritten, so the forward pass ends by overwriting its weights (which a training step
// changes as well) and the weight gradient by reading its few numbers.

import { lif, Random, type Tensor, tensor } from 'spikegrad';
import type { ConvGeometry } from '../../../src/backends/geometry';
import type { WasmBackend } from '../../../src/backends/wasm';
import { timed, type Work } from '../protocol';
import { engine, factsOf } from './engine';

export interface ConvJob {
  readonly kind: 'conv';
  readonly pass: 'forward' | 'weight';
  readonly channels: number;
  readonly side: number;
  readonly timesteps: number;
  readonly batch: number;
  /** Firing rate of the input. */
  readonly rate: number;
}

/** 10⁹ operations of a dense one. */
export function convGigaflop({ timesteps, batch, side, channels }: Omit<ConvJob, 'kind' | 'pass' | 'rate'>) {
  return (2 * timesteps * batch * side ** 2 * 9 * channels ** 2) / 1e9;
}

export async function convWork(job: ConvJob): Promise<Work> {
  const backend = await engine(1);
  return { facts: factsOf(backend), ...convolution(backend, job) };
}

export function convolution(backend: WasmBackend, job: Omit<ConvJob, 'kind'>): Pick<Work, 'run'> {
  const { pass, timesteps, batch, side, channels, rate } = job;
  const random = new Random(2);
  const shape = [timesteps, batch, side, side, channels];
  const size = timesteps * batch * side ** 2 * channels;
  const spikes = spikesOf(shape, () => random.uniform() < rate);
  const weightShape = [3, 3, channels, channels];
  const geometry = sameSize(timesteps * batch, side, channels);
  const weights = Float32Array.from({ length: 9 * channels ** 2 }, () => random.normal() * 0.1);
  const weight = { handle: backend.upload(weights), shape: weightShape };
  if (pass === 'forward') {
    const once = () => {
      const out = backend.conv2d(spikes, weight, geometry);
      backend.overwrite(weight.handle, weights);
      backend.free(out);
    };
    return { run: (repetitions) => timed(repetitions, once) };
  }
  const gradients = Float32Array.from({ length: size }, () => random.normal());
  return {
    run: (repetitions) =>
      Array.from({ length: repetitions }, () => {
        // a new one each time: what the engine prepares of a gradient it keeps with it
        const gradient = { handle: backend.upload(gradients), shape };
        const [time] = timed(1, () => {
          const out = backend.conv2dWeightGradient(spikes, gradient, geometry);
          backend.readSync(out);
          backend.free(out);
        });
        backend.free(gradient.handle);
        return time!;
      }),
  };
}

/** Of a 3x3 convolution with stride 1 and padding 1 that keeps sides and channels. */
function sameSize(batch: number, side: number, channels: number): ConvGeometry {
  const image = { batch, height: side, width: side, channels };
  const kernel = { kernelHeight: 3, kernelWidth: 3, filters: channels, stride: 1, padding: 1 };
  return { ...image, ...kernel, outHeight: side, outWidth: side };
}

/** Spikes come out of a neuron: this one fires exactly where its current is 1. */
function spikesOf(shape: readonly number[], fires: () => boolean): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const current = tensor(
    Float32Array.from({ length: size }, () => (fires() ? 1 : 0)),
    shape,
  );
  const spikes = lif(current);
  current.dispose();
  return spikes;
}
