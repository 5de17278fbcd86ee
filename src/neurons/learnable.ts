// Parameters of a neuron that have a gradient.

import { checkKind, finite, flag, type OptionsOf, oneOf, option, optionTable } from '../options';

/** How many numbers a learnable parameter is, and whether it decays. */
export interface LearnableOptions {
  /** `layer`: one number for all neurons of a layer; `channel`: one for each channel. Default `layer`. */
  per?: 'layer' | 'channel';
  /** Whether an optimiser's weight decay pulls it towards 0. Default false. */
  decay?: boolean;
}

export const learnableOptions = optionTable({
  per: option(oneOf(['layer', 'channel']), 'layer'),
  decay: option(flag, false),
} satisfies OptionsOf<LearnableOptions>);

/** A parameter with a gradient, as {@link learnable} makes it. */
export class Learnable {
  constructor(
    /** Where it starts. */
    readonly value: number,
    readonly per: 'layer' | 'channel',
    readonly decay: boolean,
  ) {
    Object.freeze(this);
  }
}

/**
 * A parameter of a neuron that is trained.
 * @param value where it starts; the equations say what is made of it, `sigmoid(w)` for example
 */
export function learnable(value: number, options: LearnableOptions = {}): Learnable {
  checkKind('learnable', 'value', finite(), value);
  const { per, decay } = learnableOptions.read('learnable', options);
  return new Learnable(value, per, decay);
}
