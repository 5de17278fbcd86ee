// --neuron NAME|FILE: a neuron of the library, or equations in a JSON file.

import { existsSync, readFileSync } from 'node:fs';
import { SpikegradError } from '../../errors';
import type { NeuronFile } from '../../snn';
import { NEURON_NAMES, namedNeuron, runNeuronModel } from '../../train/settings/neuron';

/** @throws for a name that there is not, a file that is no JSON, and equations that cannot be */
export function neuronNamed(word: string): 'lif' | NeuronFile {
  if (NEURON_NAMES.includes(word) || !(existsSync(word) || /[./\\]/.test(word)))
    return namedNeuron('--neuron', word);
  const json = fromFile(word);
  runNeuronModel('--neuron', json);
  return json;
}

function fromFile(path: string): NeuronFile {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SpikegradError('--neuron', `cannot read ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    return JSON.parse(content) as NeuronFile;
  } catch (error) {
    throw new SpikegradError('--neuron', `${path} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}
