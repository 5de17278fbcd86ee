// The work that the GPU is measured with, on any backend: one training step, one matrix product. Each runs to its last
// number: what is read in the end waits for everything before it.

import type { Backend } from '../../src/backends/backend';
import { tensor } from '../../src/core/create';
import { setActiveBackend } from '../../src/core/engine';
import { Random } from '../../src/core/random';
import { scope } from '../../src/core/scope';
import { noGrad } from '../../src/core/tape';
import { matmul, slice } from '../../src/ops';
import { Sgd } from '../../src/optim';
import { probe } from '../../src/snn/probe';
import { type ResNetVariant, resnet20 } from '../../src/snn/resnet20';
import { descend } from '../../src/train/workload';
import type { ImageBatch } from '../peers/work/images';

/** One repetition, and what it computes. */
export interface GpuWork {
  readonly name: string;
  /** Of the dense operations; spikes need fewer. */
  readonly gigaflop: number;
  run(): Promise<void>;
  dispose(): void;
}

export interface StepJob {
  readonly variant: ResNetVariant;
  readonly width: number;
  readonly timesteps: number;
  readonly batch: ImageBatch;
}

/** A training step of the spiking ResNet20, batch and labels uploaded, the loss read. */
export async function trainingWork(
  backend: Backend,
  { variant, width, timesteps, batch }: StepJob,
): Promise<GpuWork> {
  setActiveBackend(backend);
  const { images, labels } = batch;
  const shape = [labels.length, 32, 32, 3];
  const network = resnet20({ variant, width, timesteps, random: new Random(1) });
  const sgd = new Sgd(network.parameters(), { lr: 0.05, momentum: 0.9 });
  const looking = probe(network, { membranes: false });
  noGrad(() => scope(() => void network.call(tensor(images, shape))));
  const { operations } = await looking.report();
  looking.detach();
  const macs = operations.layers.reduce((sum, layer) => sum + layer.dense, 0);
  return {
    name: `training step, ${variant === 'small' ? 'resnet20-small' : 'resnet20'} width ${width}, T=${timesteps}, batch ${labels.length}`,
    // forward, input gradient, weight gradient; nobody wants the gradient of the images
    gigaflop: (2 * labels.length * (3 * macs - operations.layers[0]!.dense)) / 1e9,
    async run() {
      setActiveBackend(backend);
      const loss = descend(network, sgd, () => tensor(images, shape), labels);
      await loss.item();
      loss.dispose();
    },
    dispose() {
      sgd.dispose();
      network.dispose();
    },
  };
}

/** A square matrix product, of which one number is read. */
export function matmulWork(backend: Backend, size: number): GpuWork {
  setActiveBackend(backend);
  const random = new Random(2);
  const square = () =>
    tensor(
      Float32Array.from({ length: size * size }, () => random.normal()),
      [size, size],
    ).keep();
  const [a, b] = [square(), square()];
  return {
    name: `matmul ${size}x${size}x${size}`,
    gigaflop: (2 * size ** 3) / 1e9,
    async run() {
      const corner = noGrad(() => scope(() => slice(matmul(a, b), [0, 0], [1, 1])));
      await corner.item();
      corner.dispose();
    },
    dispose() {
      a.dispose();
      b.dispose();
    },
  };
}

/** Milliseconds of each of `repetitions` rounds. */
export async function timed(work: GpuWork, repetitions: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    await work.run();
    times.push(performance.now() - start);
  }
  return times;
}
