// Nested graphs dissolved: a node of type NIRGraph becomes its own nodes under `NAME.`, and the edges into and out of
// it go to its Input and come from its Output.

import { check } from '../../errors';
import { FROM } from './attributes';
import type { Faults } from './faults';
import type { NirGraph, NirNode } from './graph';

/** The names of a graph's own nodes of a type, those of nested graphs left out. */
export function nodesOfType({ nodes }: NirGraph, type: string): string[] {
  return [...nodes].filter(([, node]) => node.type === type).map(([name]) => name);
}

/** The Inputs or Outputs of a whole graph. @throws when there is none */
export function someNodes(graph: NirGraph, type: 'Input' | 'Output'): string[] {
  const names = nodesOfType(graph, type);
  check(names.length > 0, FROM, () => wrongCount(type, names, ''));
  return names;
}

/**
 * The only node of a type in a nested graph.
 * @throws when there is none, or several, unless `faults` takes that: then it is the first, or a name that no node has
 */
function onlyNode(graph: NirGraph, type: 'Input' | 'Output', path: string, faults?: Faults): string {
  const names = nodesOfType(graph, type);
  check(names.length === 1 || faults !== undefined, FROM, () => wrongCount(type, names, path));
  if (names.length !== 1) faults?.add(path, wrongCount(type, names, path));
  return names[0] ?? type;
}

/** NIR allows several; its edges name a nested graph as a whole, so they do not tell which of them they mean. */
function wrongCount(type: 'Input' | 'Output', names: readonly string[], path: string): string {
  const graph = path === '' ? 'the graph' : `the nested graph "${path}"`;
  if (names.length === 0) return `${graph} has no node of type ${type}; add one, with an edge to or from it`;
  return `${graph} has ${names.length} nodes of type ${type} (${names.join(', ')}); which of them an edge of "${path}" means is not said: put its nodes into the graph around it`;
}

const edgeKey = ([from, to]: readonly [string, string]) => JSON.stringify([from, to]);

/** Edges that stand more than once, in a graph or a nested one, in words: the format has an edge or has it not. */
export function twiceInWords({ nodes, edges }: NirGraph): string[] {
  const counts = new Map<string, number>();
  for (const edge of edges) counts.set(edgeKey(edge), (counts.get(edgeKey(edge)) ?? 0) + 1);
  const own = [...counts].flatMap(([edge, count]) =>
    count > 1 ? [`the edge ${edge} stands ${count} times in the graph; it counts once`] : [],
  );
  return [...own, ...[...nodes.values()].flatMap(({ graph }) => (graph ? twiceInWords(graph) : []))];
}

/**
 * The same graph without nodes of type NIRGraph, each edge once.
 * @param path of the graph within others, for messages
 * @param faults takes what is wrong, which throws where it is not given
 */
export function flattenGraph(graph: NirGraph, path = '', faults?: Faults): NirGraph {
  const nodes = new Map<string, NirNode>();
  const edges: [string, string][] = [];
  /** Where an edge into, and out of, a nested graph really goes. */
  const entry = new Map<string, string>();
  const exit = new Map<string, string>();
  const within = (name: string) => (path === '' ? name : `${path}.${name}`);
  const put = (name: string, node: NirNode) => {
    const problem = `two nodes are called "${name}" once nested graphs are dissolved`;
    check(!nodes.has(name) || faults !== undefined, FROM, problem);
    if (nodes.has(name)) faults?.add(within(name), problem);
    nodes.set(name, node);
  };
  for (const [name, node] of graph.nodes) {
    if (node.graph === undefined) {
      put(name, node);
      continue;
    }
    const inner = flattenGraph(node.graph, within(name), faults);
    for (const [key, value] of inner.nodes) put(`${name}.${key}`, value);
    for (const [from, to] of inner.edges) edges.push([`${name}.${from}`, `${name}.${to}`]);
    entry.set(name, `${name}.${onlyNode(node.graph, 'Input', within(name), faults)}`);
    exit.set(name, `${name}.${onlyNode(node.graph, 'Output', within(name), faults)}`);
  }
  for (const [from, to] of graph.edges) edges.push([exit.get(from) ?? from, entry.get(to) ?? to]);
  return { ...graph, nodes, edges: [...new Map(edges.map((edge) => [edgeKey(edge), edge])).values()] };
}
