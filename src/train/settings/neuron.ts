// The neuron of a run: `lif`, whose options are settings of their own, or equations as JSON, so that a checkpoint
// holds them.

import { SpikegradError } from '../../errors';
import { anObject, type Kind, kind, suggestion } from '../../options';
import { alif, type NeuronFile, type NeuronModel, neuronFromJson, neuronToJson, plif } from '../../snn';
import { checkNeuron } from '../../snn/neuron-layer';

/** Neurons of the library that a run takes by name. */
const byName: Readonly<Record<string, () => NeuronModel>> = { plif, alif };
/** Their names. */
export const NEURON_NAMES: readonly string[] = ['lif', ...Object.keys(byName)];

export const aNeuronSetting: Kind<'lif' | NeuronFile> = kind(
  `'lif', or a neuron as JSON { equations, parameters, surrogate, start }`,
  (value) => value === 'lif' || (anObject.holds(value) && 'equations' in value),
  (value) =>
    typeof value === 'string' && Object.hasOwn(byName, value) ? `neuronToJson(${value}())` : undefined,
);

/** The equations of a name. @throws for a name that there is not */
export function namedNeuron(where: string, name: string): 'lif' | NeuronFile {
  if (name === 'lif') return name;
  if (Object.hasOwn(byName, name)) return neuronToJson(byName[name]!());
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
