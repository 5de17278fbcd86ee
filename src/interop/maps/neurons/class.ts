// A neuron of another library, by its class there: which constants it has, and what it is here, options of `Lif` where
// those say it, else equations.

import { type Filled, finite, type Option, option, optionTable } from '../../../options';
import type { LifOptions } from '../../../snn/options';
import type { GivenConstants } from '../map';

/** What the file has of a neuron, by the neuron's own names. */
export interface Held {
  /** A number; undefined where it has none. @throws where every neuron has its own */
  (name: string): number | undefined;
  /** Whether every neuron of the layer has its own. */
  each(name: string): boolean;
}

/** The lines of a neuron's step, and its constants by name. */
export interface StepOfNeuron {
  readonly lines: readonly string[];
  /** `'each'`: the file's tensor of that name has one for every neuron. */
  readonly constants: Readonly<Record<string, number | 'each'>>;
  /** What comes out. Default: the spikes. */
  readonly output?: string;
  /** Whether its spikes come back through the linear map that the file has beside it. */
  readonly recurrent?: boolean;
}

/** A neuron here. */
export type Translated = Pick<LifOptions, 'tau' | 'vth' | 'reset' | 'vReset'> | StepOfNeuron;

/** A neuron of another library, once its constants are known to be right. */
type Translate<S> = (constants: Filled<S>, held: Held, refuse: (why: string) => never) => Translated;

export interface NeuronClass {
  translate(where: string, constants: GivenConstants, held: Held, refuse: (why: string) => never): Translated;
}

export function neuronClass<S extends Readonly<Record<string, Option<unknown, unknown>>>>(
  specs: S,
  translate: Translate<S>,
): NeuronClass {
  const table = optionTable(specs);
  return {
    translate: (where, constants, held, refuse) => translate(table.read(where, constants), held, refuse),
  };
}

export const positive = option(finite({ above: 0 }), 1);

/** The next 32-bit float: to fire above θ is to fire on what comes after it. */
export function justAbove(threshold: number): number {
  const float = Float32Array.of(threshold);
  new Uint32Array(float.buffer)[0]! += 1; // of a positive one
  return float[0]!;
}
