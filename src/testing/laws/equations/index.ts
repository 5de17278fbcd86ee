// The laws of a neuron of equations: those that every neuron keeps, and those that its own equations promise.

import { type NeuronModel, valuesOfStep } from '../../../neurons';
import { runNeuron } from '../../../snn/equations';
import type { Unchecked } from '../hold';
import type { Law } from '../law';
import { outsideLaws } from '../neuron/outside';
import { currentsFor } from './draws';
import { driveOf } from './drive';
import { gradientLaw } from './gradient';
import { lineLaws } from './lines';
import type { LawSetting } from './setting';
import { wayLaws } from './ways';
import { wholeLaws } from './whole';

/**
 * @param given what is run
 * @param promisedBy whose equations say what is right
 */
export function equationLaws(given: NeuronModel, promisedBy: NeuronModel): (Law | Unchecked)[] {
  const promise = complete(promisedBy);
  const subject = given === promisedBy ? promise : complete(given);
  const drive = driveOf(promise);
  const currents = currentsFor(drive, { maxSteps: 5, maxBatch: 3, maxNeurons: 3 });
  const setting: LawSetting = { subject, promise, drive, currents };
  const first = promise.outputs[0]!;
  const spikes = (x: Parameters<typeof runNeuron>[1]) => runNeuron(subject, x).outputs[first]!;
  const [binary, ...rest] = wholeLaws(setting);
  return [
    binary!,
    ...outsideLaws({ spikes }, currents).filter(({ name }) => name !== 'binary'),
    ...rest,
    ...lineLaws(setting),
    ...wayLaws(setting),
    gradientLaw(setting),
  ];
}

/** The same neuron, whose trace has every state too. */
const complete = (model: NeuronModel): NeuronModel =>
  Object.freeze({ ...model, assigned: valuesOfStep(model) });
