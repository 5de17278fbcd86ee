// Writes a NIR file that NIR 1.0's own reader opens: variable-length strings, 64-bit integers, floats as they are,
// larger arrays gzipped (parameters of full shape are mostly one number over and over).

import type { Group } from 'h5wasm';
import { loadHdf5, temporaryPath } from '../../formats/hdf5';
import { checkGraph, type NirArray, type NirGraph, type NirNode, type NirValue } from './graph';

/** The version of NIR whose layout this is. */
const VERSION = '1.0.7';
const GZIP_FROM = 256;

/** The bytes of a file. @throws when h5wasm is not installed */
export async function writeNir(graph: NirGraph): Promise<Uint8Array<ArrayBuffer>> {
  checkGraph('writeNir', graph);
  const { File, files } = await loadHdf5('writeNir');
  const path = temporaryPath();
  const file = new File(path, 'w');
  try {
    try {
      file.create_attribute('made by spikegrad', 1);
      file.create_dataset({ name: 'version', data: graph.version ?? VERSION });
      writeGraph(file.create_group('node'), graph);
      file.flush();
    } finally {
      file.close();
    }
    return files.readFile(path) as Uint8Array<ArrayBuffer>; // copied out of its memory
  } finally {
    files.unlink(path);
  }
}

function writeGraph(group: Group, { nodes, edges, metadata }: NirGraph): void {
  group.create_dataset({ name: 'type', data: 'NIRGraph' });
  group.create_dataset({ name: 'edges', data: edges.flat(), shape: [edges.length, 2], dtype: 'S' });
  const list = group.create_group('nodes');
  for (const [name, node] of nodes) writeNode(list.create_group(name), node);
  if (metadata.size === 0) return;
  const notes = group.create_group('metadata');
  for (const [key, value] of metadata) writeValue(notes, key, value);
}

function writeNode(group: Group, node: NirNode): void {
  if (node.graph !== undefined) {
    writeGraph(group, node.graph);
    return;
  }
  group.create_dataset({ name: 'type', data: node.type });
  for (const [key, value] of node.attributes) writeValue(group, key, value);
}

function writeValue(group: Group, name: string, value: NirValue): void {
  if (typeof value === 'string') {
    group.create_dataset({ name, data: value });
    return;
  }
  const { shape, data, integer } = value;
  const stored = integer ? BigInt64Array.from(data as Float64Array, BigInt) : data;
  const packed = data.length >= GZIP_FROM;
  group.create_dataset({
    name,
    data: stored,
    shape: [...shape],
    dtype: dtypeOf(value),
    ...(packed ? { chunks: [...shape], compression: 'gzip' as const, compression_opts: 4 } : {}),
  });
}

function dtypeOf({ integer, data }: NirArray): string {
  if (integer) return '<q';
  return data instanceof Float64Array ? '<d' : '<f';
}
