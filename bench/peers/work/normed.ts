// The rectified neuron behind tdBN, as a network trains it: what the kernels of one pass take by the engine's own
// clock, and no JavaScript around them. Backward counts the sums that tdBN's gradient needs, which one build makes on
// the way and another in a pass of its own.

import { Lif, mpr, Random, scope, TdBatchNorm, tensor } from 'spikegrad';
import type { Work } from '../protocol';
import { engine, factsOf } from './engine';

export interface NormedJob {
  readonly kind: 'normed';
  readonly pass: 'forward' | 'backward';
  readonly timesteps: number;
  readonly images: number;
  /** Of an image of 32 pixels in a row and 16 channels: one of 16 rows stays in the cache. */
  readonly height: number;
}

const WIDTH = 32;
const CHANNELS = 16;
/** Kernels of each pass, by the names that builds give them. */
const KERNELS = {
  forward: ['neuronForward', 'neuronForwardDense', 'scan'],
  backward: ['neuronBackward', 'neuronBackwardDense', 'scanGradient', 'gradientSums', 'clear'],
};

export async function normedWork({ pass, timesteps, images, height }: NormedJob): Promise<Work> {
  const backend = await engine(1);
  backend.profile(true);
  const shape = [timesteps, images, height, WIDTH, CHANNELS];
  const random = new Random(7);
  const normal = () => Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
  const x = tensor(normal(), shape, { requiresGrad: true });
  const g = tensor(normal(), shape);
  const norm = new TdBatchNorm(CHANNELS);
  const neuron = new Lif({ rectifier: mpr({ k: 3 }) });
  const spent = () =>
    backend
      .profiled()
      .kernels.filter(({ kernel }) => KERNELS[pass].includes(kernel))
      .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const once = () => {
    const before = spent();
    scope(() => {
      neuron.call(norm.call(x)).backward(g);
      spent(); // makes the engine compute what waits while the scope still holds it
    });
    const after = spent();
    for (const parameter of [x, ...norm.parameters()]) {
      parameter.grad!.dispose();
      parameter.grad = null;
    }
    return after - before;
  };
  return {
    facts: factsOf(backend),
    run: (repetitions) => Array.from({ length: repetitions }, once),
  };
}
