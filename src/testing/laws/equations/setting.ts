// What the laws of a neuron of equations are given: the neuron that is run, and the one whose equations promise.

import type fc from 'fast-check';
import type { NeuronModel } from '../../../neurons';
import type { TensorData } from '../../arbitraries';
import type { Drive } from './drive';

export interface LawSetting {
  /** What is run. */
  readonly subject: NeuronModel;
  /** Whose equations say what is right; mostly the same. */
  readonly promise: NeuronModel;
  /** How strong currents are. */
  readonly drive: Drive;
  /** Such currents, [T,B,N]. */
  readonly currents: fc.Arbitrary<TensorData>;
}
