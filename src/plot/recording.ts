// Neurons over time as the charts take them: what a probe's recordings() gives, in plain lists.

import { listOf, type OptionsOf, optional, optionTable, required, text, whole } from '../options';
import { number, plotNumbers } from './chart-options';

/** Some neurons over time. Number [t,i] of each list, row-major, is neuron `neurons[i]` at step t. */
export interface RecordedNeurons {
  /** The layer's name. */
  readonly name: string;
  readonly neurons: readonly number[];
  /** T. */
  readonly steps: number;
  /** O. */
  readonly spikes: ArrayLike<number>;
  /** X. */
  readonly current?: ArrayLike<number>;
  /** H. */
  readonly charged?: ArrayLike<number>;
  /** Ĥ. */
  readonly rectified?: ArrayLike<number>;
  /** V. */
  readonly carried?: ArrayLike<number>;
  /** The firing threshold. */
  readonly vth?: number;
}

export const recordingParts = optionTable({
  name: required(text),
  neurons: required(listOf(whole({ least: 0 }))),
  steps: required(whole({ least: 0 })),
  spikes: required(plotNumbers),
  current: optional(plotNumbers),
  charged: optional(plotNumbers),
  rectified: optional(plotNumbers),
  carried: optional(plotNumbers),
  vth: optional(number),
} satisfies OptionsOf<RecordedNeurons>);

/** What a layer is called; in `sequential` that is a number. */
export function layerName({ name }: Pick<RecordedNeurons, 'name'>): string {
  return name === '' ? 'neurons' : /^[\d.]+$/.test(name) ? `layer ${name}` : name;
}
