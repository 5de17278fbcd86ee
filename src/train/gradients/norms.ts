// How large the gradient of the loss is in each layer, ‖∂L/∂W‖₂ over the layer's weights, batch by batch as a
// training step meets it: statistics of the batch, nothing clipped. No weight changes, but the running statistics
// move.

import { tensor } from '../../core/create';
import { scope } from '../../core/scope';
import { watchTape } from '../../core/tape';
import type { Batch } from '../../data/batches';
import type { Module } from '../../nn/module';
import { crossEntropy } from '../../ops/loss';
import { type SpikeGradients, SpikeGradientWatch } from './spikes';
import { type SurrogateGain, watchSurrogate } from './surrogate-gain';

/** The weights of one convolution or linear layer. */
export interface LayerNorms {
  /** The layer's name in the network. */
  readonly name: string;
  readonly kind: 'conv' | 'linear';
  /** One for each batch. */
  readonly norms: readonly number[];
}

export interface GradientNorms {
  /** Cross-entropy of each batch. */
  readonly losses: readonly number[];
  /** Every layer with weights, in order of registration. */
  readonly layers: readonly LayerNorms[];
  /** What the LIF layers let through, on the first batch. */
  readonly neurons: readonly SurrogateGain[];
  /** What becomes of the gradient from layer to layer, on the first batch. */
  readonly spikes: SpikeGradients;
}

function weightsOf(network: Module) {
  return [...network.state()].flatMap(([name, { tensor: weight, layout }]) =>
    layout === 'plain'
      ? []
      : [
          {
            name: name.replace(/\.weight$/, ''),
            kind: layout === 'linear' ? layout : 'conv',
            weight,
          } as const,
        ],
  );
}

/** √Σg², 0 without a gradient. */
function norm(gradient: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  return Math.sqrt(squares);
}

/**
 * Runs each batch forward and backward in training and leaves the network in the mode it was in, without gradients.
 */
export async function gradientNorms(
  network: Module,
  batches: Iterable<Batch>,
  onBatch: (done: number) => void = () => {},
): Promise<GradientNorms> {
  const weights = weightsOf(network);
  const losses: number[] = [];
  const norms = weights.map((): number[] => []);
  const watch = watchSurrogate(network);
  const spikes = new SpikeGradientWatch(network);
  const wasTraining = network.training;
  network.train();
  try {
    for (const batch of batches) {
      const pass = () =>
        scope(() => {
          const value = crossEntropy(network.call(tensor(batch.images, batch.shape)), batch.labels);
          value.backward();
          return value;
        });
      const loss = watchTape(losses.length === 0 ? spikes : undefined, pass);
      watch.detach(); // every neuron once more for each look: the first batch is enough
      spikes.detach();
      losses.push(await loss.item());
      loss.dispose();
      const gradients = await Promise.all(
        weights.map(async ({ weight }) => (await weight.grad?.data()) ?? []),
      );
      gradients.forEach((gradient, i) => {
        norms[i]!.push(norm(gradient));
      });
      forgetGradients(network);
      onBatch(losses.length);
    }
    return {
      losses,
      layers: weights.map(({ name, kind }, i) => ({ name, kind, norms: norms[i]! })),
      neurons: await watch.report(),
      spikes: await spikes.report(),
    };
  } finally {
    watch.detach();
    spikes.dispose();
    forgetGradients(network);
    if (!wasTraining) network.evaluate();
  }
}

function forgetGradients(network: Module): void {
  for (const parameter of network.parameters()) {
    parameter.grad?.dispose();
    parameter.grad = null;
  }
}
