// A NIR graph in memory (Neuromorphic Intermediate Representation, https://neuroir.org): nodes by name, each with its
// attributes, and edges between them. Shapes and layouts are those of the file: channels first, weights as PyTorch's.

import { checkShape, type Shape, sizeOf } from '../../backends/shape';
import { check } from '../../errors';
import { anObject, checkKind, type Kind, kind, text } from '../../options';

/** Numbers of a file. `integer` says how they are stored; in memory they are floats. */
export interface NirArray {
  readonly shape: Shape;
  readonly data: Float32Array | Float64Array;
  readonly integer: boolean;
}

/** What a node's attribute holds. */
export type NirValue = string | NirArray;

/** A node of a graph: a layer, a neuron, an input or output, or a graph of its own. */
export interface NirNode {
  /** `Conv2d`, `LIF`, … */
  readonly type: string;
  readonly attributes: ReadonlyMap<string, NirValue>;
  /** What a node of type `NIRGraph` holds. */
  readonly graph?: NirGraph;
}

/** Nodes by name and the edges between them. */
export interface NirGraph {
  readonly nodes: ReadonlyMap<string, NirNode>;
  /** From, to. Several edges into one node are summed. */
  readonly edges: readonly (readonly [string, string])[];
  readonly metadata: ReadonlyMap<string, NirValue>;
  /** Of the NIR library that wrote the file. */
  readonly version?: string;
}

const wholes: Kind<readonly number[]> = kind(
  'a list of whole numbers',
  (value) => Array.isArray(value) && value.every(Number.isInteger),
  (value) => (typeof value === 'number' ? `in a list: [${value}]` : undefined),
);

const floatArray: Kind<Float32Array | Float64Array> = kind(
  'a Float32Array or Float64Array',
  (value) => /^\[object Float(32|64)Array\]$/.test(Object.prototype.toString.call(value)),
  (value) => (Array.isArray(value) ? 'Float64Array.from(list) makes one' : undefined),
);

/** @throws unless the value is a graph as `readNir` and `toNir` give it */
export function checkGraph(where: string, value: unknown): asserts value is NirGraph {
  checkKind(where, 'graph', aGraph, value);
}

const aGraph: Kind<NirGraph> = kind(
  'a NirGraph, as readNir and toNir give it: { nodes, edges, metadata }',
  (value) =>
    anObject.holds(value) &&
    value.nodes instanceof Map &&
    Array.isArray(value.edges) &&
    value.metadata instanceof Map,
  (value) => {
    if (value instanceof Promise) return 'await it first';
    return ArrayBuffer.isView(value) ? 'await readNir(bytes) reads it' : undefined;
  },
);

/** Whole numbers, such as a shape or a stride. Without a shape: a list; `[]` is a single number. */
export function integers(values: readonly number[], given?: Shape): NirArray {
  checkKind('integers', 'values', wholes, values);
  const shape = given ?? [values.length];
  checkShape('integers', shape);
  check(
    sizeOf(shape) === values.length,
    'integers',
    () => `${values.length} numbers do not fill shape [${shape}]`,
  );
  return { shape, data: Float64Array.from(values), integer: true };
}

/** Floats of a shape. */
export function floats(data: Float32Array | Float64Array, shape: Shape): NirArray {
  checkKind('floats', 'data', floatArray, data);
  checkShape('floats', shape);
  check(sizeOf(shape) === data.length, 'floats', () => `${data.length} numbers do not fill shape [${shape}]`);
  return { shape, data, integer: false };
}

/** A node of a type with these attributes. */
export function nirNode(type: string, attributes: Readonly<Record<string, NirValue>>): NirNode {
  checkKind('nirNode', 'type', text, type);
  checkKind('nirNode', 'attributes', anObject, attributes);
  return { type, attributes: new Map(Object.entries(attributes)) };
}
