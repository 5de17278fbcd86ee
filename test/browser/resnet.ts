// A small spiking ResNet20, trained for a few steps on one batch: the losses, and every gradient of the first step.
// It is told which spikegrad to train with, and imports nothing but types.

import type { GpuBackend } from '../../src/gpu';
import type * as Spikegrad from '../../src/index';

export interface Steps {
  losses: number[];
  gradients: Record<string, number[]>;
  /** Buffers or textures after the second step and after the last; uploads and reads of a step that nobody looks at. */
  live: number[];
  uploads: number;
  reads: number;
}

const [IMAGES, SIZE, CLASSES] = [2, 8, 2];

export async function trainResnet(
  spikegrad: typeof Spikegrad,
  options: Spikegrad.InitOptions,
  steps: number,
): Promise<Steps> {
  const { crossEntropy, mpr, Random, resnet20, scope, Sgd, tensor, triangular } = spikegrad;
  const backend = await spikegrad.init(options);
  const gpu = backend.name === 'gpu' ? (backend as GpuBackend) : undefined;
  const neuron = { rectifier: mpr({ k: 3 }), surrogate: triangular({ width: 2 }) };
  const network = resnet20({ width: 4, timesteps: 2, classes: CLASSES, neuron, random: new Random(5) });
  network.train();
  const optimizer = new Sgd(network.parameters(), { lr: 0.3, momentum: 0.9 });
  const random = new Random(11);
  const pixels = Float32Array.from({ length: IMAGES * SIZE * SIZE * 3 }, () => random.normal());
  const labels = Array.from({ length: IMAGES }, (_, i) => i % CLASSES);
  const step = () =>
    scope(() => {
      const loss = crossEntropy(network.call(tensor(pixels, [IMAGES, SIZE, SIZE, 3])), labels);
      loss.backward();
      return loss;
    });
  const losses: number[] = [];
  const gradients: Record<string, number[]> = {};
  const live: number[] = [];
  let [uploads, reads] = [0, 0];
  let before: ReturnType<GpuBackend['counters']> | undefined;
  for (let i = 0; i < steps; i++) {
    const loss = step();
    if (i === 0) {
      for (const [key, { tensor: parameter, trainable }] of network.state()) {
        if (trainable) gradients[key] = Array.from(await parameter.grad!.data());
      }
    }
    optimizer.step();
    optimizer.zeroGrad();
    const after = gpu?.counters();
    if (before !== undefined && after !== undefined) {
      [uploads, reads] = [after.uploads - before.uploads, after.reads - before.reads];
    }
    losses.push(await loss.item());
    before = gpu?.counters();
    loss.dispose();
    if (gpu !== undefined && (i === 1 || i === steps - 1)) live.push(gpu.memory().live);
  }
  gpu?.close();
  return { losses, gradients, live, uploads, reads };
}
