// What a graph with feedback gave before its first step, when all was silent: its neurons nothing, its maps what they
// make of nothing. An Affine on the way back gives its bias from the first step on, as in the tools that write one.

import { zeros } from '../../core/create';
import type { Tensor } from '../../core/tensor';
import { NirDelay } from './delay';
import type { NirLayer } from './layer';
import { NirNeuron } from './neurons';
import type { RunOrder } from './order';
import { joined } from './sums';

/** What remembers, and has nothing to remember yet. */
const isSilent = (layer: NirLayer): boolean => layer instanceof NirNeuron || layer instanceof NirDelay;

/**
 * @param inputs of any step, [1,N,...]
 * @returns what nodes gave, where an edge that closes a cycle carries it; empty where all of that is nothing
 */
export function atRest(
  { order, feeds }: RunOrder,
  layers: ReadonlyMap<string, NirLayer>,
  inputs: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> {
  const rest = new Map<string, Tensor>();
  const delayed = [...feeds.values()].flat().filter((feed) => feed.delayed);
  if (delayed.every(({ from }) => isSilent(layers.get(from)!))) return rest;
  const any = [...inputs.values()][0]!;
  const silence = (shape: readonly number[]) => zeros(shape, { backend: any.backend });
  for (const name of order) {
    const layer = layers.get(name)!;
    const given = inputs.get(name);
    let sum = given && silence(given.shape);
    for (const { from } of feeds.get(name) ?? []) {
      const value = rest.get(from);
      if (value !== undefined) sum = sum === undefined ? value : joined(name, sum, value);
    }
    if (sum === undefined && layer.restShape !== undefined)
      sum = silence([...any.shape.slice(0, 2), ...layer.restShape]);
    if (sum === undefined) continue; // fed by what is not known yet
    const value = layer.forward(sum); // no call: who listens to the layer is told of steps alone
    rest.set(name, isSilent(layer) ? silence(value.shape) : value);
  }
  for (const layer of layers.values()) layer.reset();
  return rest;
}
