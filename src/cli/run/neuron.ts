// --neuron NAME|FILE|JSON|ADDRESS: a neuron of the library, or equations: in a JSON file, as JSON on the command line
// itself, or in an address of the page, which holds the same JSON.

import { existsSync, readFileSync } from 'node:fs';
import { SpikegradError } from '../../errors';
import type { NeuronFile } from '../../snn';
import { NEURON_NAMES, namedNeuron, runNeuronModel } from '../../train/settings/neuron';
import { neuronInAddress } from './page-address';

/** @throws for a name that there is not, a file that is no JSON, and equations that cannot be */
export function neuronNamed(word: string): 'lif' | NeuronFile {
  const text = writtenIn(word);
  if (text === undefined) return namedNeuron('--neuron', word);
  const json = parsed(text, word);
  runNeuronModel('--neuron', json);
  return json;
}

/** The JSON that a word holds or leads to; undefined where it is a name. */
function writtenIn(word: string): string | undefined {
  if (/^\s*\{/.test(word)) return word;
  const inAddress = neuronInAddress(word);
  if (inAddress !== undefined) return inAddress;
  const isFile = !NEURON_NAMES.includes(word) && (existsSync(word) || /[./\\]/.test(word));
  return isFile ? readText(word) : undefined;
}

/** @throws naming the file, where it cannot be read */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SpikegradError('--neuron', `cannot read ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function parsed(text: string, word: string): NeuronFile {
  try {
    return JSON.parse(text) as NeuronFile;
  } catch (error) {
    const what = text === word ? 'what was given' : word;
    throw new SpikegradError('--neuron', `${what} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}
