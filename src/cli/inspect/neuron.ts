// `spikegrad inspect` of a neuron of equations: what becomes of it, and where the page shows it.

import { extname } from 'node:path';
import { explain, type NeuronFile, neuronFromJson } from '../../snn';
import { neuronNamed } from '../run/neuron';
import { addressOf } from '../run/page-address';
import { print, printJson } from '../terminal';

/** Whether a path is that of a neuron's file. */
export const isNeuronFile = (path: string): boolean => extname(path).toLowerCase() === '.json';

export function inspectNeuron(path: string, json: boolean): void {
  const neuron = neuronNamed(path);
  if (neuron === 'lif') return;
  if (json) printJson({ neuron, page: addressOf(neuron) });
  else print([explain(neuronFromJson(neuron)), ...pageInWords(neuron)].join('\n'));
}

/** Where the page shows a neuron. */
export const pageInWords = (neuron: NeuronFile): string[] => [
  'in the page (npm run playground), behind its address:',
  `  ${addressOf(neuron)}`,
];

/** The equations of a run's neuron. Nothing of `lif`. */
export function neuronInWords(neuron: 'lif' | NeuronFile | undefined): string[] {
  if (neuron === undefined || neuron === 'lif') return [];
  const { equations } = neuron;
  const lines = typeof equations === 'string' ? equations.split('\n') : equations;
  return ['', 'its neuron:', ...lines.map((line) => `  ${line.trim()}`)];
}
