// The neuron of a run: `lif`, whose options are settings of their own, or equations as JSON, so that a checkpoint
// holds them.

import { check, SpikegradError } from '../../errors';
import { anObject, type Kind, kind, suggestion } from '../../options';
import {
  type NeuronFile,
  type NeuronModel,
  neuronFromJson,
  neuronToJson,
  type ZooNeuron,
  zoo,
} from '../../snn';
import { checkNeuron } from '../../snn/neuron-layer';
import { settingInWords } from './setting';

/** Neurons of the library that a run takes by name. `lif` is that of `Lif`, with the settings that it has. */
const byName: Readonly<Record<string, ZooNeuron>> = zoo;
/** The names of those that fire. */
export const NEURON_NAMES: readonly string[] = /* @__PURE__ */ firingNames();
function firingNames(): string[] {
  return Object.keys(byName).filter((name) => byName[name]!.fires);
}

/** What `--neuron` takes, for its help. */
export function neuronsInWords(): string {
  return `${NEURON_NAMES.join(', ')}, or equations { equations, parameters, surrogate, start }: a JSON file, JSON itself, or an address of the page`;
}

export const aNeuronSetting: Kind<'lif' | NeuronFile> = kind(
  `'lif', or a neuron as JSON { equations, parameters, surrogate, start }`,
  (value) => value === 'lif' || (anObject.holds(value) && 'equations' in value),
  (value) =>
    typeof value === 'string' && Object.hasOwn(byName, value) ? `neuronToJson(${value}())` : undefined,
);

/** The equations of a name. @throws for a name that there is not */
export function namedNeuron(where: string, name: string): 'lif' | NeuronFile {
  if (name === 'lif') return name;
  const found = Object.hasOwn(byName, name) ? byName[name] : undefined;
  check(
    found?.fires !== false,
    where,
    () => `${name} is a read-out, which gives no spikes: the neurons of a network have to fire`,
  );
  if (found !== undefined) return neuronToJson(found());
  throw new SpikegradError(
    where,
    `there is no neuron ${name}; there are ${NEURON_NAMES.join(', ')}${suggestion(name, NEURON_NAMES)}`,
  );
}

/** A neuron that can stand between the layers of a run's network. @throws for one that does not fire, or is none */
export function runNeuronModel(where: string, json: NeuronFile): NeuronModel {
  const model = neuronFromJson(json);
  checkNeuron(where, model);
  return model;
}

/** What the neuron of a run is called: `LIF`, a name of the zoo, or its own equations. */
export function neuronInWords(neuron: 'lif' | NeuronFile | undefined): string {
  if (neuron === undefined || neuron === 'lif') return 'LIF';
  const same = NEURON_NAMES.find(
    (name) => JSON.stringify(neuronToJson(byName[name]!())) === JSON.stringify(neuron),
  );
  return same ?? settingInWords(neuron);
}
