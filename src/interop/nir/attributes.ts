// Attributes of a NIR node, checked: what is missing or of another kind is said with the node's name.

import { check, SpikegradError } from '../../errors';
import { permuteArray } from '../layout';
import type { SpikeRule } from './convention';
import type { NirArray, NirNode } from './graph';

export const FROM = 'fromNir';

/** A node and its name, for messages. */
export interface NamedNode {
  readonly name: string;
  readonly node: NirNode;
  /** Of a neuron that fires otherwise than the others of its tool. */
  readonly firing?: SpikeRule;
}

export function describeNode({ name, node }: NamedNode): string {
  return `node "${name}" (${node.type})`;
}

/** An attribute that may be absent. @throws when it is text */
export function optionalArray(named: NamedNode, key: string): NirArray | undefined {
  const value = named.node.attributes.get(key);
  if (typeof value === 'string') {
    throw new SpikegradError(
      FROM,
      `${describeNode(named)}: "${key}" is the text "${value}", expected numbers`,
    );
  }
  return value;
}

/** An attribute that must be there. */
export function array(named: NamedNode, key: string): NirArray {
  const value = optionalArray(named, key);
  if (value === undefined) {
    const keys = [...named.node.attributes.keys()].join(', ') || 'none';
    throw new SpikegradError(FROM, `${describeNode(named)} has no "${key}"; its attributes are ${keys}`);
  }
  return value;
}

/** One whole number for each of `count` axes; a single number stands for all. */
export function wholes(named: NamedNode, key: string, count: number, least: number): number[] {
  const { data } = array(named, key);
  const values = data.length === 1 ? Array.from({ length: count }, () => data[0]!) : Array.from(data);
  check(
    values.length === count && values.every((value) => Number.isInteger(value) && value >= least),
    FROM,
    () => `${describeNode(named)}: "${key}" must be ${count} whole number(s) >= ${least}, got [${data}]`,
  );
  return values;
}

/** Channels first to channels last, as values are kept while a network runs: [C,H,W] to [H,W,C], [C,L] to [L,C]. */
export function channelLast(array: NirArray): NirArray {
  const rank = array.shape.length;
  if (rank < 2) return array;
  const order = [...Array.from({ length: rank - 1 }, (_, axis) => axis + 1), 0];
  const { data, shape } = permuteArray(array, order);
  return { ...array, data: data as NirArray['data'], shape };
}
