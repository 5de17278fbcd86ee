// Spyx's recurrent neurons. Spikes leave them a step after the membrane that made them, and come back in the very step
// in which they leave; their files send the input through the recurrent weights, where the network adds it beside them.
// The same in steps: the neuron fires at once, what comes back waits for a step as any feedback does, and so does what
// leaves.

import { conventionOf, type NirConvention } from './convention';
import { floats, type NirGraph, type NirNode, nirNode } from './graph';
import { NEURON_TYPES } from './neurons/constants';

const MAPS: ReadonlySet<string> = new Set(['Linear', 'Affine']);

/**
 * @param graph without nested graphs
 * @param dt seconds of a step
 * @returns the graph to run, and the neurons in it that fire ahead of what leaves them
 */
export function withFeedback(
  graph: NirGraph,
  dt: number,
  convention: NirConvention,
): { readonly graph: NirGraph; readonly ahead: ReadonlySet<string> } {
  const ahead = new Set<string>();
  if (conventionOf(convention).firing !== 'delayed') return { graph, ahead };
  const nodes = new Map<string, NirNode>(graph.nodes);
  let edges = [...graph.edges];
  for (const [map, { type }] of graph.nodes) {
    if (!MAPS.has(type)) continue;
    const into = edges.flatMap(([from, to]) => (to === map ? [from] : []));
    const out = edges.flatMap(([from, to]) => (from === map ? [to] : []));
    const [neuron] = out;
    const isNeuron = out.length === 1 && NEURON_TYPES.includes(graph.nodes.get(neuron!)?.type ?? '');
    if (!isNeuron || !into.includes(neuron!)) continue;
    ahead.add(neuron!);
    const behind = freeName(nodes, `${neuron}.spikes`);
    nodes.set(behind, nirNode('Delay', { delay: floats(Float64Array.of(dt), [1]) }));
    edges = edges.map(([from, to]) => {
      if (from === neuron && to !== map) return [behind, to];
      return to === map && from !== neuron ? [from, neuron!] : [from, to];
    });
    edges.push([neuron!, behind]);
  }
  return { graph: { ...graph, nodes, edges }, ahead };
}

function freeName(nodes: ReadonlyMap<string, NirNode>, wanted: string): string {
  let name = wanted;
  while (nodes.has(name)) name += "'";
  return name;
}
