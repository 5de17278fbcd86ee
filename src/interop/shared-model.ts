// Neurons of other tools as equations: those with the same lines and numbers are one model, so that the layers of a
// network share what is compiled for them.

import { learnable, type NeuronModel, neuron } from '../neurons';

const made = new Map<string, WeakRef<NeuronModel>>();

/**
 * @param numbers constants by name
 * @param more `each`: names of those that every channel has its own of; `output`: what comes out, where not the spikes
 */
export function sharedModel(
  lines: readonly string[],
  numbers: Readonly<Record<string, number>>,
  { each = [], output }: { readonly each?: readonly string[]; readonly output?: string } = {},
): NeuronModel {
  const text = lines.join('\n');
  const key = JSON.stringify([text, numbers, each, output]);
  const known = made.get(key)?.deref();
  if (known !== undefined) return known;
  const learnt = each.map((name) => [name, learnable(0, { per: 'channel' })] as const);
  const outputs = output === undefined ? undefined : [output];
  const model = neuron(text, { parameters: { ...numbers, ...Object.fromEntries(learnt) }, outputs });
  made.set(key, new WeakRef(model));
  return model;
}
