// What every optimiser is to whoever trains with it.

import type { FloatArray } from '../backends/backend';
import type { Tensor } from '../core/tensor';

/** What an optimiser remembers, as numbers: for files. Parameters are in the order of `optimizer.parameters`. */
export interface OptimizerState {
  /** Steps that each parameter has taken. */
  readonly steps: readonly number[];
  /** By the name of what is remembered, such as `velocity`: each parameter's, or null where it has none. */
  readonly values: Readonly<Record<string, readonly (FloatArray | null)[]>>;
}

/** Parameters that share their constants. Each may be set between steps, and is checked then. */
export interface OptimizerGroup {
  readonly parameters: readonly Tensor[];
  lr: number;
  weightDecay: number;
}

/** Changes parameters by their gradients. */
export interface Optimizer {
  /** Learning rate of the next step. Setting it moves the rates of all groups in proportion. */
  lr: number;
  /** What is trained, each once. */
  readonly parameters: readonly Tensor[];
  readonly groups: readonly OptimizerGroup[];
  /** Updates every parameter that has a gradient. */
  step(): void;
  /** Drops the gradients, so that the next backward starts from nothing. */
  zeroGrad(): void;
  /** What it remembers, to go on from later. */
  state(): Promise<OptimizerState>;
  /** @throws unless it is the state of such an optimiser of such parameters */
  loadState(state: OptimizerState): void;
  /** Frees what it remembers; parameters and gradients stay. */
  dispose(): void;
}
