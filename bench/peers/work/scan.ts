// LIF and ALIF over T steps, forward or backward, as python/lif.py has them. The engine is lazy: reading any number
// that is computed makes it compute all that waits, so a turn ends with one number that has nothing to do with the
// neuron.

import * as spikegrad from 'spikegrad'; // as a whole: an older build that is loaded with this has no neurons by name
import { timed, type Work } from '../protocol';
import { engine, factsOf } from './engine';

export interface ScanJob {
  readonly kind: 'scan';
  readonly neuron: 'lif' | 'alif';
  readonly pass: 'forward' | 'backward';
  readonly timesteps: number;
  /** In each time step. */
  readonly neurons: number;
  /** As images of 32x32 pixels and 16 channels, as networks have them, or as one row. */
  readonly layout: 'images' | 'row';
}

const PIXELS = 32;
const CHANNELS = 16;

/** Evenly in [0, 1). */
const spread = (count: number, factor: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.fround((Math.imul(i, factor) >>> 0) / 2 ** 32));

export async function scanWork({ neuron, pass, timesteps, neurons, layout }: ScanJob): Promise<Work> {
  const backend = await engine(1);
  const { scope, Spiking, tensor, zoo } = spikegrad;
  const count = timesteps * neurons;
  const images = [timesteps, neurons / (PIXELS ** 2 * CHANNELS), PIXELS, PIXELS, CHANNELS];
  const shape = layout === 'images' ? images : [timesteps, neurons];
  const numbers = (factor: number, by: number, from: number) =>
    spread(count, factor).map((value) => Math.fround(by * value) + from);
  const x = tensor(numbers(2654435761, 1.7, -0.5), shape, { requiresGrad: true });
  const g = tensor(numbers(2246822519, 1, -0.5), shape);
  const layer = new Spiking(neuron === 'lif' ? zoo.lif() : zoo.alif());
  const one = tensor([1]);
  const settle = () => void scope(() => spikegrad.neg(one).itemSync());
  const y = layer.call(x);
  const back = () => {
    y.backward(g, { retainGraph: true });
    settle();
    const gradient = x.grad!;
    x.grad = null;
    return gradient;
  };
  const forward = () =>
    scope(() => {
      layer.call(x);
      settle();
    });
  const gradient = back();
  const mean = (values: ArrayLike<number>) =>
    Array.from(values).reduce((sum, value) => sum + Math.abs(value), 0) / count;
  const facts = { ...factsOf(backend), rate: mean(y.dataSync()), gradient: mean(gradient.dataSync()) };
  gradient.dispose();
  const once = pass === 'forward' ? forward : () => back().dispose();
  return { facts, run: (repetitions) => timed(repetitions, once) };
}
