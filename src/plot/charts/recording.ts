// Neurons over time as the charts take them: what a probe's recordings() gives, in plain lists.

import { check } from '../../errors';
import { listOf, type OptionsOf, optional, optionTable, required, text, whole } from '../../options';
import { number, plotNumbers } from './options';

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

const recordingParts = optionTable({
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

/** @throws where it is none, or a list has not a number for each neuron and step */
export function checkRecording(where: string, given: RecordedNeurons): void {
  const { neurons, steps, ...lists } = recordingParts.read(where, given);
  const length = neurons.length * steps;
  for (const [name, list] of Object.entries(lists)) {
    if (typeof list !== 'object') continue;
    check(
      list.length === length,
      where,
      () => `${name} must have ${steps} x ${neurons.length} numbers, got ${list.length}`,
    );
  }
}

/** What a layer is called; in `sequential` that is a number. */
export function layerName({ name }: Pick<RecordedNeurons, 'name'>): string {
  return name === '' ? 'neurons' : /^[\d.]+$/.test(name) ? `layer ${name}` : name;
}
