/**
 * What `spikegrad/nir` gives: NIR graphs to and from files, and to and from networks that run here. Files need the
 * package h5wasm, which is loaded when the first one is read or written.
 *
 * @module spikegrad/nir
 */

export type { NirConvention } from './convention';
export { describeNir, type NirRow, nirWarnings } from './describe';
export { type ToNirOptions, toNir } from './export';
export {
  floats,
  integers,
  type NirArray,
  type NirGraph,
  type NirNode,
  type NirValue,
  nirNode,
} from './graph';
export { type FromNirOptions, fromNir, NirNetwork, stepLength as nirStep } from './network';
export { readNir } from './read';
export { writeNir } from './write';
