// Three steps of a small spiking network, the same in Node, on a page and in a worker: it is told which spikegrad to
// train with. Sent to the browser without its types, so it imports nothing but types.

import type * as Spikegrad from '../../src/index';

export interface Training {
  backend: string;
  /** What the backend computes with; undefined on `cpu`. */
  flavour: string | undefined;
  threads: number | undefined;
  /** The bits of each step's f32 loss, and of one number of the first layer's weights after the last step. */
  bits: number[];
}

const [STEPS, IMAGES, SIZE, TIMESTEPS, CLASSES] = [3, 10, 8, 2, 4];

export async function train(spikegrad: typeof Spikegrad, options: Spikegrad.InitOptions): Promise<Training> {
  const { Conv2d, crossEntropy, Direct, Flatten, Lif, Linear, mpr, scope, sequential, Sgd } = spikegrad;
  const backend: Spikegrad.Backend & { flavour?: string; threads?: number } = await spikegrad.init({
    seed: 7,
    ...options,
  });
  const neuron = { rectifier: mpr({ k: 3 }) };
  const network = sequential(
    new Conv2d(3, 8),
    new Direct(TIMESTEPS),
    new spikegrad.TdBatchNorm(8),
    new Lif(neuron),
    new Conv2d(8, 16, { stride: 2 }),
    new spikegrad.TdBatchNorm(16),
    new Lif(neuron),
    new Conv2d(16, 16),
    new spikegrad.TdBatchNorm(16),
    new Lif(neuron),
    new spikegrad.AvgPool2d(2),
    new Flatten(3),
    new Linear(16 * (SIZE / 4) ** 2, CLASSES),
    new spikegrad.TimeMean(),
  );
  network.train();
  const optimizer = new Sgd(network.parameters(), { lr: 0.1, momentum: 0.9 });
  const images = spikegrad.randn([IMAGES, SIZE, SIZE, 3], { random: new spikegrad.Random(11) });
  const labels = Array.from({ length: IMAGES }, (_, i) => i % CLASSES);
  const numbers: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const loss = scope(() => {
      const value = crossEntropy(network.call(images), labels);
      value.backward();
      return value;
    });
    numbers.push(await loss.item());
    loss.dispose();
    optimizer.step();
    optimizer.zeroGrad();
  }
  numbers.push((await network.parameters()[0]!.data())[0]!);
  return {
    backend: backend.name,
    flavour: backend.flavour,
    threads: backend.threads,
    bits: Array.from(new Int32Array(Float32Array.from(numbers).buffer)),
  };
}
