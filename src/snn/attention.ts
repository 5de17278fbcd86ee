// Attention on spikes: Zhou et al., "Spikformer: when spiking neural network meets transformer" (ICLR 2023, eq. 6).
// Queries, keys and values are spikes, so what they come to is counted, and there is no softmax:
//
//   SSA(Q, K, V) = neuron(s·Q·Kᵀ·V).
//
// Kᵀ·V is taken first: the same numbers, and fewer operations where there are more pixels than channels of a head.

import { formatShape, sizeOf } from '../backends/shape';
import { scope } from '../core/scope';
import { checkTensor, type Tensor } from '../core/tensor';
import { check } from '../errors';
import type { Flow } from '../nn/flow';
import { Module } from '../nn/module';
import { mul } from '../ops/arithmetic';
import { reshape, select, transpose } from '../ops/layout';
import { matmul } from '../ops/matmul';
import { checkKind, finite, type OptionsOf, option, optionsBelong, optionTable, whole } from '../options';

/** What {@link SpikeAttention} takes besides its heads. */
export interface SpikeAttentionOptions {
  /** s, the factor of what is counted. Default 0.125, SpikingJelly's. */
  scale?: number;
}

export const spikeAttentionOptions = optionTable({
  scale: option(finite({ above: 0 }), 0.125),
} satisfies OptionsOf<SpikeAttentionOptions>);

const headCount = { ...whole({ least: 1 }), advice: optionsBelong('new SpikeAttention(heads, { … })') };

/**
 * s·Q·(Kᵀ·V) for each head over all pixels of an image, at each time step by itself: [...,N,H,W,3·C] to
 * [...,N,H,W,C]. The last axis holds queries, keys and values one after another, each with the channels of one head
 * after those of the other. It has no weights; neurons stand before it, and behind.
 */
export class SpikeAttention extends Module {
  readonly scale: number;

  constructor(
    readonly heads: number,
    options: SpikeAttentionOptions = {},
  ) {
    super();
    checkKind('SpikeAttention', 'heads', headCount, heads);
    this.scale = spikeAttentionOptions.read('SpikeAttention', options).scale;
    if (Object.getPrototypeOf(new.target) === Module) Object.freeze(this);
  }

  forward(x: Tensor): Tensor {
    checkTensor('SpikeAttention', x);
    const { heads, scale } = this;
    const { shape } = x;
    check(
      shape.length >= 4,
      'SpikeAttention',
      () => `takes images [...,N,H,W,3·C], got ${formatShape(shape)}`,
    );
    const channels = this.#channels(shape);
    const images = sizeOf(shape.slice(0, -3));
    const pixels = shape.at(-3)! * shape.at(-2)!;
    return scope(() => {
      const parts = reshape(x, [images, pixels, 3, heads, channels / heads]);
      const byHead = transpose(parts, [2, 0, 3, 1, 4]); // [3,images,heads,pixels,channels of a head]
      const [queries, keys, values] = [0, 1, 2].map((which) => select(byHead, 0, which)) as [
        Tensor,
        Tensor,
        Tensor,
      ];
      const met = matmul(queries, matmul(keys, values, { transposeA: true }));
      return mul(reshape(transpose(met, [0, 2, 1, 3]), [...shape.slice(0, -1), channels]), scale);
    });
  }

  /** @throws unless the last axis holds queries, keys and values of whole heads */
  #channels(shape: readonly number[]): number {
    const channels = shape.at(-1)! / 3;
    check(
      Number.isInteger(channels / this.heads),
      'SpikeAttention',
      () =>
        `the last axis of ${formatShape(shape)} is not 3 times the channels of ${this.heads} heads: queries, keys and values`,
    );
    return channels;
  }

  override outline(x: Flow): Flow {
    const { heads, scale } = this;
    check(
      x.shape === undefined || x.shape.length === 3,
      'SpikeAttention',
      () => `takes images [H,W,3·C], it is fed ${formatShape(x.shape!)}`,
    );
    const channels = x.shape && this.#channels(x.shape);
    const shape = x.shape?.with(-1, channels!);
    const operations = shape && (2 * sizeOf(shape) * channels!) / heads;
    return x.layer({ kind: 'attention', heads, scale }, { shape, operations });
  }
}
