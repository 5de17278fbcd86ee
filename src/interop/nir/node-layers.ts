// The layer that a node of a NIR graph runs as here, by its type.

import { SpikegradError } from '../../errors';
import { describeNode, FROM, type NamedNode } from './attributes';
import { conventionOf, type NirConvention } from './convention';
import { NirDelay } from './delay';
import type { NirLayer } from './layer';
import { NirFlatten, NirIdentity, NirLinear, NirScale, NirThreshold } from './maps';
import { NirNeuron } from './neurons';
import { NEURON_TYPES } from './neurons/constants';
import { NirConv, NirPool } from './windows';

/** The types of nodes that run here. */
export const NODE_TYPES: ReadonlySet<string> = new Set([
  ...NEURON_TYPES,
  ...['Input', 'Output', 'Linear', 'Affine', 'Scale', 'Threshold', 'Flatten', 'Delay'],
  ...['Conv1d', 'Conv2d', 'SumPool2d', 'AvgPool2d'],
]);

/** The layer that a node runs as here. @throws naming the node, where it does not */
export function makeLayer(named: NamedNode, dt: number, convention: NirConvention = 'nir'): NirLayer {
  const { type } = named.node;
  if (NEURON_TYPES.includes(type)) return new NirNeuron(named, dt, convention);
  switch (type) {
    case 'Input':
    case 'Output':
      return new NirIdentity();
    case 'Linear':
    case 'Affine':
      return new NirLinear(named);
    case 'Scale':
      return new NirScale(named);
    case 'Threshold':
      return new NirThreshold(named);
    case 'Flatten':
      return new NirFlatten(named, conventionOf(convention).channelsLast);
    case 'Delay':
      return new NirDelay(named, dt);
    case 'Conv1d':
    case 'Conv2d':
      return new NirConv(named);
    case 'SumPool2d':
    case 'AvgPool2d':
      return new NirPool(named, conventionOf(convention).channelsLast);
  }
  throw new SpikegradError(FROM, `${describeNode(named)} is of a type that does not run here`);
}
