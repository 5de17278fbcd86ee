// Depthwise and 1x1 convolutions of spikes, forward and weight gradient, on numbers that python/sparse.py has too. The
// engine is lazy: forward ends by overwriting the weights, the weight gradient by reading its few numbers.

import { type LifOptions, lif, tensor } from 'spikegrad';
import type { Handle, Operand } from '../../../src/backends/backend';
import type { WasmBackend } from '../../../src/backends/wasm';
import { timed, type Work } from '../protocol';
import { engine, factsOf } from './engine';

export interface SparseJob {
  readonly kind: 'sparse';
  readonly shape: 'depthwise' | 'pointwise';
  readonly pass: 'forward' | 'weight';
  readonly channels: number;
  readonly side: number;
  /** Images of all time steps. */
  readonly planes: number;
  /** Firing rate of the input. */
  readonly rate: number;
}

/** Evenly in [0, 1), from an index and a factor. */
const spread = (length: number, factor: number) =>
  Float32Array.from({ length }, (_, i) => Math.fround((Math.imul(i + 1, factor) >>> 0) / 2 ** 32));

/** Its current is over the threshold exactly where a spike is wanted. */
const FIRES: LifOptions = { vth: 0.5 };

/** Both passes of either shape. */
function passes(backend: WasmBackend, { shape, channels, side, planes }: SparseJob) {
  const image = { batch: planes, height: side, width: side, channels };
  const out = { outHeight: side, outWidth: side, filters: channels };
  if (shape === 'pointwise') {
    const g = { ...image, ...out, kernelHeight: 1, kernelWidth: 1, stride: 1, padding: 0 };
    return {
      forward: (x: Operand, w: Operand) => backend.conv2d(x, w, g),
      weight: (x: Operand, dy: Operand) => backend.conv2dWeightGradient(x, dy, g),
    };
  }
  const axis = { size: 3, stride: 1, padding: 1, dilation: 1 };
  const g = { ...image, ...out, rows: axis, columns: axis, groups: channels };
  return {
    forward: (x: Operand, w: Operand) => backend.groupedConv2d(x, w, g),
    weight: (x: Operand, dy: Operand) => backend.groupedConv2dWeightGradient(x, dy, g),
  };
}

const mean = (numbers: ArrayLike<number>) =>
  Array.from(numbers).reduce((sum, x) => sum + Math.abs(x), 0) / numbers.length;

export async function sparseWork(job: SparseJob): Promise<Work> {
  const backend = await engine(1);
  const { channels, side, planes, rate } = job;
  const size = planes * side ** 2 * channels;
  // one step of a neuron, whose spikes lie as a network's do
  const shape = [1, planes, side, side, channels];
  const current = spread(size, 2654435761).map((x) => (x < rate ? 1 : 0));
  const spikes = lif(tensor(current, shape), FIRES);
  const kernels = passes(backend, job);
  const read = (handle: Handle) => {
    const numbers = backend.readSync(handle);
    backend.free(handle);
    return numbers;
  };
  if (job.pass === 'weight') {
    const gradients = spread(size, 2246822519).map((x) => x - 0.5);
    // a new one each time: what the engine prepares of a gradient it keeps with it
    const once = (time: (work: () => void) => void) => {
      const dy = { handle: backend.upload(gradients), shape };
      let result: ArrayLike<number> = [];
      time(() => {
        result = read(kernels.weight(spikes, dy));
      });
      backend.free(dy.handle);
      return result;
    };
    const facts = { ...factsOf(backend), sum: mean(once((work) => work())) };
    const timing = () => {
      let taken = 0;
      once((work) => {
        [taken] = timed(1, work) as [number];
      });
      return taken;
    };
    return { facts, run: (repetitions) => Array.from({ length: repetitions }, timing) };
  }
  const taps = job.shape === 'depthwise' ? [3, 3, 1, channels] : [1, 1, channels, channels];
  const weights = spread(
    taps.reduce((a, b) => a * b, 1),
    3266489917,
  ).map((x) => x - 0.5);
  const w = { handle: backend.upload(weights), shape: taps };
  const facts = { ...factsOf(backend), sum: mean(read(kernels.forward(spikes, w))) };
  const once = () => {
    const out = kernels.forward(spikes, w);
    backend.overwrite(w.handle, weights);
    backend.free(out);
  };
  return { facts, run: (repetitions) => timed(repetitions, once) };
}
