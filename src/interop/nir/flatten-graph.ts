// Nested graphs dissolved: a node of type NIRGraph becomes its own nodes under `NAME.`, and the edges into and out of it
// go to its Input and come from its Output.

import { check } from '../../errors';
import { FROM } from './attributes';
import type { NirGraph, NirNode } from './graph';

/** The only node of a type in a graph. @throws when there is none, or several */
export function onlyNode(graph: NirGraph, type: 'Input' | 'Output', where: string): string {
  const names = [...graph.nodes].filter(([, node]) => node.type === type).map(([name]) => name);
  check(
    names.length === 1,
    FROM,
    () => `${where} must have one node of type ${type}, it has ${names.length}: ${names.join(', ')}`,
  );
  return names[0]!;
}

/** The same graph without nodes of type NIRGraph. */
export function flattenGraph(graph: NirGraph): NirGraph {
  const nodes = new Map<string, NirNode>();
  const edges: [string, string][] = [];
  /** Where an edge into, and out of, a nested graph really goes. */
  const entry = new Map<string, string>();
  const exit = new Map<string, string>();
  const put = (name: string, node: NirNode) => {
    check(!nodes.has(name), FROM, () => `two nodes are called "${name}" once nested graphs are dissolved`);
    nodes.set(name, node);
  };
  for (const [name, node] of graph.nodes) {
    if (node.graph === undefined) {
      put(name, node);
      continue;
    }
    const inner = flattenGraph(node.graph);
    for (const [key, value] of inner.nodes) put(`${name}.${key}`, value);
    for (const [from, to] of inner.edges) edges.push([`${name}.${from}`, `${name}.${to}`]);
    entry.set(name, `${name}.${onlyNode(node.graph, 'Input', `graph "${name}"`)}`);
    exit.set(name, `${name}.${onlyNode(node.graph, 'Output', `graph "${name}"`)}`);
  }
  for (const [from, to] of graph.edges) edges.push([exit.get(from) ?? from, entry.get(to) ?? to]);
  return { ...graph, nodes, edges };
}
