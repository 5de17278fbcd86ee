// What a neuron of differential equations was made of, for whoever writes it down or explains it. The step itself is an
// ordinary neuron's.

import type { NumberFunction } from '../graph/expression';
import type { IntegrationMethod } from './methods';

/** What `neuron()` was given besides differential equations, with defaults filled in. */
export interface DifferentialSource {
  readonly threshold: string | undefined;
  readonly reset: string | undefined;
  readonly refractory: number | string;
  /** States that stand still while the neuron is refractory. */
  readonly hold: readonly string[];
  readonly dt: number;
  readonly method: IntegrationMethod;
  readonly detachReset: boolean;
  /** The surrogate before it was widened. */
  readonly surrogate: NumberFunction;
  readonly width: number;
  /** The state that the threshold looks at, and the name of its value before the reset. */
  readonly membrane: { readonly name: string; readonly charged: string } | undefined;
  /** From rest to threshold, and the membrane at which that is; undefined where it is no number above 0. */
  readonly distance: number | undefined;
  readonly level: number | undefined;
  /** What is left of a state after a step without input, where that is a number. */
  readonly decays: readonly StateDecay[];
}

/** What is left of a state after a step without input. */
export interface StateDecay {
  readonly state: string;
  /** By the exponential, and by Euler's step. */
  readonly exact: number;
  readonly euler: number;
}
