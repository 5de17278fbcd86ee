// What the options of layers have in common.

import { randomTensorOptions } from '../core/create';
import type { Random } from '../core/random';
import { type Kind, type OptionsOf, optional, optionsBelong, optionTable, whole } from '../options';

/** What every layer with weights takes. */
export interface LayerOptions {
  /** The stream that initial weights are drawn from. Default: the global one. */
  random?: Random;
}

export const layerOptions = optionTable({
  random: optional(randomTensorOptions.specs.random.kind, 'the global one'),
} satisfies OptionsOf<LayerOptions>);

/** A size of a layer; whoever gives options in its place is told where they belong. */
export const count = (call: string): Kind<number> => ({
  ...whole({ least: 1 }),
  advice: optionsBelong(call),
});
