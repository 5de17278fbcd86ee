// A NIR graph in memory (Neuromorphic Intermediate Representation, https://neuroir.org): nodes by name, each with its
// attributes, and edges between them. Shapes and layouts are those of the file: channels first, weights as PyTorch's.

import { type Shape, sizeOf } from '../../backends/shape';
import { check } from '../../errors';

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

/** Whole numbers, such as a shape or a stride. Without a shape: a list; `[]` is a single number. */
export function integers(values: readonly number[], shape: Shape = [values.length]): NirArray {
  return { shape, data: Float64Array.from(values), integer: true };
}

/** Floats of a shape. */
export function floats(data: Float32Array | Float64Array, shape: Shape): NirArray {
  check(sizeOf(shape) === data.length, 'nir', () => `${data.length} numbers do not fill shape [${shape}]`);
  return { shape, data, integer: false };
}

/** A node of a type with these attributes. */
export function nirNode(type: string, attributes: Readonly<Record<string, NirValue>>): NirNode {
  return { type, attributes: new Map(Object.entries(attributes)) };
}
