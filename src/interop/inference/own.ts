// Networks that say themselves what they compute at inference, since no layers of theirs do: those of integers.

import type { Shape } from '../../backends/shape';
import type { Module } from '../../nn/module';
import type { InferenceGraph } from './graph';

export interface OwnInference {
  /** One image [H,W,C], or one vector [N]. */
  readonly inputShape: Shape;
  /** T of images; undefined where sequences go in. */
  readonly timesteps: number | undefined;
  /** @param where the function that messages name */
  graph(where: string): Promise<InferenceGraph>;
}

/** A network that has its own. */
export interface HasInference {
  readonly inference: OwnInference;
}

export const ownInference = (network: Module): OwnInference | undefined =>
  (network as Partial<HasInference>).inference;
