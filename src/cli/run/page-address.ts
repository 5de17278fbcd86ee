// A neuron in an address of the page (examples/playground): its JSON is the parameter `neuron.own` of the query.

import type { NeuronFile } from '../../snn';

const NAME = 'neuron.own';

/** The JSON in an address; undefined where it is none of the page's. */
export function neuronInAddress(word: string): string | undefined {
  const query = word.indexOf('?');
  if (query < 0) return undefined;
  return new URLSearchParams(word.slice(query).replace(/#.*$/s, '')).get(NAME) ?? undefined;
}

/** What follows the page's own address: there the neuron stands in the Neuron room. */
export const addressOf = (neuron: NeuronFile): string =>
  `?${new URLSearchParams({ [NAME]: JSON.stringify(neuron) })}#neuron`;
