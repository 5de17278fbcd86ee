// Neurons of other libraries as this one's: options of `Lif`, H = tau·V + X, a spike where H reaches vth, a reset; or
// equations. Constants that a state dictionary holds count; others come from the map, else are the library's defaults.
// Each library's equations stand in its file here.

import { check, SpikegradError } from '../../../errors';
import { finite, option, shown, suggestion } from '../../../options';
import type { NeuronChoice } from '../../../snn/neuron-layer';
import { sharedModel } from '../../shared-model';
import type { GivenConstants } from '../map';
import { type Held, justAbove, type NeuronClass, neuronClass, positive } from './class';
import { SINABS } from './sinabs';
import { SNNTORCH } from './snntorch';
import { SPIKINGJELLY } from './spikingjelly';

/** Whose neurons are known. */
export const LIBRARIES = ['spikingjelly', 'snntorch', 'sinabs', 'guo'] as const;
/** A library whose neurons are known. */
export type NeuronLibrary = (typeof LIBRARIES)[number];

/** LIFAct of Guo et al.: H = decay·V + X, fires above V_th/2. */
const GUO: Readonly<Record<string, NeuronClass>> = {
  LIFAct: neuronClass({ V_th: positive, decay: option(finite({ least: 0 }), 0.25) }, ({ V_th, decay }) => ({
    tau: decay,
    vth: justAbove(V_th / 2),
    vReset: 0,
    reset: 'hard',
  })),
};

const CLASSES: Readonly<Record<NeuronLibrary, Readonly<Record<string, NeuronClass>>>> = {
  spikingjelly: SPIKINGJELLY,
  snntorch: SNNTORCH,
  sinabs: SINABS,
  guo: GUO,
};

/** The classes that are known of a library. */
export const neuronClasses = (library: NeuronLibrary): string[] => Object.keys(CLASSES[library]);

/** A neuron here. */
export interface TranslatedNeuron {
  readonly neuron: NeuronChoice;
  /** Whether its spikes come back through a linear map. */
  readonly recurrent: boolean;
  /** Names of the constants that every neuron of the layer has its own of, in the file and here. */
  readonly each: readonly string[];
}

/**
 * @param place of the layer, for messages
 * @throws naming the class, and what of it no neuron here does
 */
export function translateNeuron(
  where: string,
  place: string,
  { library, constants, held }: { library: NeuronLibrary | undefined; constants: GivenConstants; held: Held },
): TranslatedNeuron {
  check(
    library !== undefined,
    where,
    () => `layer ${place} of the map is a neuron; "library" must say whose: ${LIBRARIES.join(', ')}`,
  );
  const { kind: name, ...own } = constants;
  const known = CLASSES[library];
  check(typeof name === 'string' && Object.hasOwn(known, name), where, () => {
    const names = Object.keys(known);
    return `layer ${place} of the map: "kind" is ${shown(name)}; of ${library}'s neurons ${names.join(', ')} can be translated${typeof name === 'string' ? suggestion(name, names) : ''}`;
  });
  const refuse = (why: string): never => {
    throw new SpikegradError(where, `layer ${place} of the map, ${name}: ${why}`);
  };
  const of = `${where}, layer ${place} of the map (${name})`;
  const translated = known[name]!.translate(of, own, held, refuse);
  if (!('lines' in translated)) return { neuron: translated, recurrent: false, each: [] };
  const { lines, output, recurrent = false } = translated;
  const all = Object.entries(translated.constants);
  const numbers = all.filter((one): one is [string, number] => one[1] !== 'each');
  const each = all.filter(([, value]) => value === 'each').map(([key]) => key);
  return { neuron: sharedModel(lines, Object.fromEntries(numbers), { each, output }), recurrent, each };
}
