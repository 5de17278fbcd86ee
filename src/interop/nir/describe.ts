// A NIR graph as rows to print: one for each node, in the order in which a time step meets them. Broken graphs too:
// what is wrong stands with the node.

import { sizeOf } from '../../backends/shape';
import { SpikegradError } from '../../errors';
import { countingBatch } from './batch';
import type { NirConvention } from './convention';
import { Faults } from './faults';
import { withFeedback } from './feedback';
import { flattenGraph, nodesOfType, twiceInWords } from './flatten-graph';
import { checkGraph, type NirGraph, type NirNode, type NirValue } from './graph';
import { type FromNirOptions, fromNirOptions, stepLength } from './network';
import { NEURON_TYPES, neuronConstants, responseInWords, short } from './neurons/constants';
import { NODE_TYPES } from './node-layers';
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
  /** Whether it counts the batch, as older writers' do; `fromNir` leaves that axis out. */
  readonly countsBatch?: true;
  /** Why it does not run here. */
  readonly faults: readonly string[];
}

/** One row for each node, whether or not the graph runs here; what is wrong with a node stands in its row. */
export function describeNir(graph: NirGraph, options: FromNirOptions = {}): NirRow[] {
  checkGraph('describeNir', graph);
  const { dt, convention } = fromNirOptions.read('describeNir', options);
  return describeGraph(graph, stepLength(graph, dt, convention), new Faults(), convention);
}

/**
 * @param seconds of a step
 * @param faults that are known already; those of the graph as a whole are added under ''
 */
export function describeGraph(
  graph: NirGraph,
  seconds: number,
  faults: Faults,
  convention?: NirConvention,
): NirRow[] {
  const unread = faults.nodes; // of which nothing more is to be said
  const { flat, order, feeds } = soundGraph(graph, faults);
  const batched = batchedNodes(flat, faults);
  return order.map((name) => {
    const node = flat.nodes.get(name)!;
    const isNeuron = NEURON_TYPES.includes(node.type);
    const problem =
      isNeuron && !unread.has(name)
        ? problemOf(() => neuronConstants({ name, node }, seconds, convention))
        : undefined;
    if (problem !== undefined) faults.add(name, problem);
    if (node.type !== '?' && !NODE_TYPES.has(node.type))
      faults.add(name, `no node of type ${node.type} runs here`);
    return {
      name,
      type: node.type,
      attributes: [...node.attributes].map(([key, value]) => `${key} ${words(value)}`),
      from: feeds.get(name) ?? [],
      numbers: numbersOf(node),
      ...(isNeuron && { step: responseInWords({ name, node }, seconds, convention) }),
      ...(batched.has(name) && { countsBatch: true as const }),
      faults: faults.of(name),
    };
  });
}

function problemOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof SpikegradError) return error.problem;
    throw error;
  }
}

function batchedNodes(flat: NirGraph, faults: Faults): ReadonlySet<string> {
  let nodes: ReadonlySet<string> = new Set();
  const problem = problemOf(() => {
    nodes = new Set(countingBatch(flat));
  });
  if (problem !== undefined) faults.add('', problem);
  return nodes;
}

/**
 * The graph without nested ones and without the edges that lead nowhere, and whose values each node takes, in words.
 */
function soundGraph(graph: NirGraph, faults: Faults) {
  const flat = flattenGraph(graph, '', faults);
  const lost = new Map<string, string[]>();
  const edges = flat.edges.filter(([from, to]) => {
    const [isFrom, isTo] = [flat.nodes.has(from), flat.nodes.has(to)];
    if (isFrom && isTo) return true;
    if (isFrom) faults.add(from, `an edge leads to "${to}", which is no node`);
    else
      faults.add(
        isTo ? to : '',
        `an edge ${isTo ? 'comes' : `to "${to}" comes`} from "${from}", which is no node`,
      );
    if (isTo) {
      const list = lost.get(to) ?? [];
      lost.set(to, list);
      list.push(`${from} (no such node)`);
    }
    return false;
  });
  const sound = { ...flat, edges };
  const { order, feeds } = runOrder(flat.nodes.keys(), edges, nodesOfType(graph, 'Input'));
  const inWords = order.map((name): [string, string[]] => {
    const known = (feeds.get(name) ?? []).map(({ from, delayed }) => (delayed ? `${from} (t-1)` : from));
    return [name, [...known, ...(lost.get(name) ?? [])]];
  });
  return { flat: sound, order, feeds: new Map(inWords) };
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
 * Neurons of a graph that diverge at a step of dt, or can hardly reach their thresholds, each with what to pass; and
 * edges that stand more than once.
 * @throws when a nested graph has not one input and one output, or an edge names no node
 */
export function nirWarnings(graph: NirGraph, options: FromNirOptions = {}): string[] {
  checkGraph('nirWarnings', graph);
  const { dt, convention } = fromNirOptions.read('nirWarnings', options);
  const seconds = stepLength(graph, dt, convention);
  const { graph: flat } = withFeedback(flattenGraph(graph), seconds, convention);
  const order = runOrder(flat.nodes.keys(), flat.edges, nodesOfType(graph, 'Input'));
  return [...twiceInWords(graph), ...stepWarnings(flat, order, seconds, convention)];
}
