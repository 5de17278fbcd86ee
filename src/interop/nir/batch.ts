// Graphs that count the batch, as older writers and snnTorch's do: an Input of [1,2,34,34], neurons of [1,16,16,16], a
// Flatten that begins at axis 1. Nodes of NIR have no batch axis; here it is taken away where it must be one.

import { check } from '../../errors';
import { describeNode, FROM, type NamedNode } from './attributes';
import { integers, type NirArray, type NirGraph, type NirNode, type NirValue } from './graph';

/** Axes of what a node takes and gives, without time and batch. */
const AXES: Readonly<Record<string, number>> = {
  Linear: 1,
  Affine: 1,
  Conv1d: 2,
  Conv2d: 3,
  SumPool2d: 3,
  AvgPool2d: 3,
};
/** Nodes that change nothing of a shape. */
const KEEPS = new Set([
  'Scale',
  'Threshold',
  'Delay',
  'I',
  'IF',
  'LI',
  'LIF',
  'CubaLI',
  'CubaLIF',
  'Input',
  'Output',
]);

/** The most axes that anything here has without a batch. */
const MOST_AXES = 3;

const numbersOf = (value: NirValue | undefined): NirArray | undefined =>
  typeof value === 'object' ? value : undefined;

type Edges = ReadonlyMap<string, readonly string[]>;

function edgesFrom({ edges }: NirGraph, end: 0 | 1): Edges {
  const lists = new Map<string, string[]>();
  for (const edge of edges) {
    const list = lists.get(edge[end]) ?? [];
    lists.set(edge[end], list);
    list.push(edge[end === 0 ? 1 : 0]);
  }
  return lists;
}

/**
 * For each node the axes at the nearest node along the edges that tells, past those that change nothing. Found by
 * going back from all that tell, so that each edge is met once.
 */
function axesAlong({ nodes }: NirGraph, back: Edges): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const from = [...nodes].flatMap(([name, { type }]) =>
    AXES[type] === undefined ? [] : [{ name, axes: AXES[type] }],
  );
  for (let at = 0; at < from.length; at++) {
    const { name, axes } = from[at]!;
    for (const before of back.get(name) ?? []) {
      if (found.has(before)) continue;
      found.set(before, axes);
      if (KEEPS.has(nodes.get(before)?.type ?? '')) from.push({ name: before, axes });
    }
  }
  return found;
}

/**
 * A graph in which no node counts the batch.
 * @param graph without nested graphs
 * @throws where a neuron has numbers of its own for each of several samples
 */
export function withoutBatch(graph: NirGraph): NirGraph {
  const [ahead, behind] = [edgesFrom(graph, 0), edgesFrom(graph, 1)];
  const [followed, led] = [axesAlong(graph, behind), axesAlong(graph, ahead)];
  const nodes = [...graph.nodes].map(([name, node]): [string, NirNode] => {
    const after = followed.get(name);
    if (node.type === 'Flatten') return [name, after === 1 ? flattenLess(node) : node];
    if (!KEEPS.has(node.type)) return [name, node];
    return [name, nodeLess({ name, node }, led.get(name) ?? after ?? MOST_AXES)];
  });
  return { ...graph, nodes: new Map(nodes) };
}

/** The nodes of a graph that count the batch, which is left out. */
export function countingBatch(graph: NirGraph): string[] {
  const plain = withoutBatch(graph);
  return [...graph.nodes].flatMap(([name, node]) => (plain.nodes.get(name) === node ? [] : [name]));
}

/**
 * Before a Linear, which takes one axis, only the batch can stand before axis 1. From the back, axes stay as they are.
 */
function flattenLess(node: NirNode): NirNode {
  const start = numbersOf(node.attributes.get('start_dim'))?.data[0];
  if (start === undefined || start < 1) return node;
  const attributes = new Map(node.attributes);
  for (const key of ['start_dim', 'end_dim']) {
    const axis = numbersOf(node.attributes.get(key))?.data[0];
    if (axis !== undefined && axis >= 1) attributes.set(key, integers([axis - 1], []));
  }
  return { ...node, attributes };
}

/** @param axes that the node's values have */
function nodeLess(named: NamedNode, axes: number): NirNode {
  const { node } = named;
  const changed = [...node.attributes].map(([key, value]): [string, NirValue] => {
    const array = numbersOf(value);
    if (array === undefined) return [key, value];
    const isShape = key === 'shape';
    const lengths = isShape ? Array.from(array.data) : array.shape;
    const more = lengths.length - axes;
    // Rockpool's count time too: several axes of one entry each
    if (more < 1 || (more > 1 && lengths.slice(0, more).some((length) => length !== 1))) return [key, value];
    if (isShape) return [key, integers(lengths.slice(more))];
    check(
      array.shape[0] === 1,
      FROM,
      () =>
        `${describeNode(named)}: "${key}" [${array.shape}] seems to count a batch of ${array.shape[0]}; a neuron has one number for all samples`,
    );
    return [key, { ...array, shape: array.shape.slice(more) }];
  });
  const same = changed.every(([key, value]) => node.attributes.get(key) === value);
  return same ? node : { ...node, attributes: new Map(changed) };
}
