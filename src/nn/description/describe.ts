// From a module to its description: a value without numbers is sent through, and the norms that can go into the
// weights before them are marked.

import { aShape, type Shape } from '../../backends/shape';
import { check } from '../../errors';
import type { PerAxis } from '../../ops/sides';
import { type OptionsOf, optional, optionTable, whole } from '../../options';
import { Flow, FlowBook } from '../flow';
import type { Module } from '../module';
import { INPUT, type LayerDescription, type NetworkDescription } from '.';

/** What a network is described for. */
export interface DescribeOptions {
  /** One image [H,W,C], or one vector [N]; without it shapes and operations are not known. */
  inputShape?: Shape;
  /** T of sequences; without it what goes in are images, without time axis. */
  timesteps?: number;
}

export const describeOptions = optionTable({
  inputShape: optional(aShape),
  timesteps: optional(whole({ least: 1 })),
} satisfies OptionsOf<DescribeOptions>);

/** @param where the function that messages name */
export function describeNetwork(
  where: string,
  network: Module,
  options: DescribeOptions,
): NetworkDescription {
  const { inputShape, timesteps } = describeOptions.read(where, options);
  check(
    inputShape === undefined || inputShape.length === 1 || inputShape.length === 3,
    where,
    () => `inputShape must be [H,W,C] or [N], got [${inputShape}]`,
  );
  const book = new FlowBook(where, network);
  const input = { shape: inputShape, sequence: timesteps !== undefined, timesteps, spikes: false };
  const { from, shape: outputShape } = book.outline(new Flow(book, [INPUT], input));
  const layers = book.layers.map((layer) => withFold(layer, book.layers));
  const steps = timesteps ?? layers.find((layer) => layer.kind === 'repeat')?.timesteps;
  const isKnown = layers.every((layer) => layer.operations !== undefined);
  return {
    type: network.constructor.name,
    ...(inputShape !== undefined && { inputShape }),
    ...(outputShape !== undefined && { outputShape }),
    ...(steps !== undefined && { timesteps: steps }),
    layers,
    output: from[0]!,
    parameters: network.parameterCount(),
    ...(isKnown && { operations: layers.reduce((sum, { operations }) => sum + operations!, 0) }),
  };
}

/**
 * A norm is a line per channel, so it can go into the weights of the layer before it; also through what lies between,
 * where that gives means of what it gets: repetition over time, pools, a mean over time, and dropout, which does
 * nothing.
 */
function withFold(layer: LayerDescription, layers: readonly LayerDescription[]): LayerDescription {
  if (layer.kind !== 'norm') return layer;
  const takers = (path: string) => layers.filter(({ from }) => from.includes(path)).length;
  const before = ({ from }: LayerDescription) =>
    from.length === 1 && takers(from[0]!) === 1 ? layers.find(({ path }) => path === from[0]) : undefined;
  let found = before(layer);
  while (found !== undefined && letsThrough(found)) found = before(found);
  const outputs =
    found?.kind === 'conv' ? found.filters : found?.kind === 'linear' ? found.outputs : undefined;
  return outputs === layer.channels ? { ...layer, foldsInto: found!.path } : layer;
}

const noneOf = (padding: PerAxis) => (typeof padding === 'number' ? padding : Math.max(...padding)) === 0;

function letsThrough(layer: LayerDescription): boolean {
  switch (layer.kind) {
    case 'repeat':
    case 'dropout':
    case 'globalAveragePool':
    case 'timeMean':
    case 'norm':
      return true;
    case 'averagePool':
      return !layer.countIncludePad || noneOf(layer.padding); // zeros around the image know of no offset
    case 'flatten':
      return layer.axes === 1;
    default:
      return false;
  }
}
