// A NIR graph as rows to print: one for each node, in the order in which a time step meets them.

import { sizeOf } from '../../backends/shape';
import { flattenGraph, nodesOfType } from './flatten-graph';
import { checkGraph, type NirGraph, type NirNode, type NirValue } from './graph';
import { type FromNirOptions, fromNirOptions, stepLength } from './network';
import { NEURON_TYPES, responseInWords, short } from './neuron-constants';
import { runOrder } from './order';
import { stepWarnings } from './reach';

/** One node of a graph, in words. */
export interface NirRow {
  readonly name: string;
  readonly type: string;
  /** What its attributes hold: `weight [4,3,3,3]`, `stride 1,1`, `v_threshold [4,8,8] of 0.5`. */
  readonly attributes: readonly string[];
  /** Whose values it takes; those of the step before are marked `(t-1)`. */
  readonly from: readonly string[];
  /** Floats that it holds. */
  readonly numbers: number;
  /** Of a neuron, what an input of 1 does in a step: `keeps 0.9, adds 0.1, fires after 22 steps`. */
  readonly step?: string;
}

/**
 * One row for each node, whether or not the graph runs here.
 * @param dt seconds of a step, as for `fromNir`
 * @throws when a nested graph has not one input and one output, or an edge names no node
 */
export function describeNir(graph: NirGraph, options: FromNirOptions = {}): NirRow[] {
  checkGraph('describeNir', graph);
  const seconds = stepLength(graph, fromNirOptions.read('describeNir', options).dt);
  const flat = flattenGraph(graph);
  const { order, feeds } = runOrder(flat.nodes.keys(), flat.edges, nodesOfType(graph, 'Input'));
  return order.map((name) => {
    const node = flat.nodes.get(name)!;
    return {
      name,
      type: node.type,
      attributes: [...node.attributes].map(([key, value]) => `${key} ${words(value)}`),
      from: (feeds.get(name) ?? []).map(({ from, delayed }) => (delayed ? `${from} (t-1)` : from)),
      numbers: numbersOf(node),
      ...(NEURON_TYPES.includes(node.type) && { step: responseInWords({ name, node }, seconds) }),
    };
  });
}

function numbersOf(node: NirNode): number {
  return [...node.attributes.values()]
    .filter((value) => typeof value !== 'string' && !value.integer)
    .reduce((sum, value) => sum + (typeof value === 'string' ? 0 : sizeOf(value.shape)), 0);
}

function words(value: NirValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  const { data, shape } = value;
  if (data.length <= 4) return Array.from(data, short).join(',');
  const [first] = data;
  return `[${shape}]${data.every((number) => number === first) ? ` of ${short(first!)}` : ''}`;
}

/**
 * Neurons of a graph that diverge at a step of dt, or can hardly reach their thresholds, each with what to pass.
 * @throws as {@link describeNir}
 */
export function nirWarnings(graph: NirGraph, options: FromNirOptions = {}): string[] {
  checkGraph('nirWarnings', graph);
  const { dt } = fromNirOptions.read('nirWarnings', options);
  const flat = flattenGraph(graph);
  const order = runOrder(flat.nodes.keys(), flat.edges, nodesOfType(graph, 'Input'));
  return stepWarnings(flat, order, stepLength(graph, dt));
}
