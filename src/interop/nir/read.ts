// Reads a NIR file (HDF5): /version, and /node with `type`, `nodes/NAME/…`, `edges` [n,2] and `metadata`. Plain or gzipped
// storage, strings of fixed or variable length, as NIR 0.1 to 1.0 and the frameworks around it write them.

import type { Dataset, Group } from 'h5wasm';
import { sizeOf } from '../../backends/shape';
import { check, SpikegradError } from '../../errors';
import { bytesKind, checkKind } from '../../options';
import type { NirArray, NirGraph, NirNode, NirValue } from './graph';
import { type Hdf5, libraryError, loadHdf5, temporaryPath } from './hdf5';
import { checkHeaps } from './heap';

const WHERE = 'readNir';
/** All numbers of a file together, unpacked: a small gzipped file can claim any size. */
const MOST_BYTES = 2 ** 30;
const DEEPEST = 16;

const INTEGER = 0;
const FLOAT = 1;
const STRING = 3;

/**
 * Reads a graph.
 * @param file its bytes
 * @throws SpikegradError when h5wasm is not installed, or the file is not HDF5, not NIR, or larger than 1 GiB unpacked
 */
export async function readNir(file: Uint8Array | ArrayBuffer): Promise<NirGraph> {
  checkKind(WHERE, 'file', bytesKind, file);
  const bytes = ArrayBuffer.isView(file) ? file : new Uint8Array(file);
  checkHeaps(bytes, WHERE);
  const hdf5 = await loadHdf5(WHERE);
  const path = temporaryPath();
  hdf5.files.writeFile(path, bytes);
  try {
    const file = openFile(hdf5, path);
    try {
      return new Reader(hdf5).file(file);
    } finally {
      file.close();
    }
  } catch (error) {
    throw libraryError(WHERE, error);
  } finally {
    hdf5.files.unlink(path);
  }
}

function openFile({ File }: Hdf5, path: string) {
  try {
    return new File(path, 'r');
  } catch (cause) {
    if (cause instanceof WebAssembly.RuntimeError) throw cause;
    throw new SpikegradError(WHERE, 'this is no HDF5 file, or it is cut off; NIR graphs are stored as HDF5', {
      cause,
    });
  }
}

class Reader {
  #bytes = 0;

  constructor(readonly hdf5: Hdf5) {}

  file(file: Group): NirGraph {
    const root = this.#group(file, 'node', '');
    const version = file.keys().includes('version') ? this.#text(file, 'version', '') : undefined;
    const { graph, type } = this.#node(root, '/node', 0);
    if (graph !== undefined) return { ...graph, version };
    throw new SpikegradError(WHERE, `/node is of type "${type}", expected NIRGraph`);
  }

  #node(group: Group, path: string, depth: number): NirNode {
    check(depth <= DEEPEST, WHERE, () => `${path}: graphs are nested more than ${DEEPEST} deep`);
    const type = this.#text(group, 'type', path);
    if (type === 'NIRGraph') return { type, attributes: new Map(), graph: this.#graph(group, path, depth) };
    const attributes = new Map<string, NirValue>();
    for (const key of group.keys()) {
      if (key !== 'type' && key !== 'metadata') attributes.set(key, this.#value(group, key, path));
    }
    return { type, attributes };
  }

  #graph(group: Group, path: string, depth: number): NirGraph {
    const nodes = new Map<string, NirNode>();
    const list = this.#group(group, 'nodes', path);
    for (const name of list.keys()) {
      const at = `${path}/nodes/${name}`;
      nodes.set(name, this.#node(this.#group(list, name, `${path}/nodes`), at, depth + 1));
    }
    const metadata = new Map<string, NirValue>();
    if (group.keys().includes('metadata')) {
      const notes = this.#group(group, 'metadata', path);
      for (const key of notes.keys()) {
        if (notes.get(key) instanceof this.hdf5.Dataset)
          metadata.set(key, this.#value(notes, key, `${path}/metadata`));
      }
    }
    return { nodes, edges: this.#edges(group, path), metadata };
  }

  #edges(group: Group, path: string): [string, string][] {
    const dataset = this.#dataset(group, 'edges', path);
    const { shape, total_size: size, type } = dataset.metadata;
    if (size === 0) return [];
    const names = dataset.value;
    check(
      type === STRING && shape?.length === 2 && shape[1] === 2 && Array.isArray(names),
      WHERE,
      () => `${path}/edges must be names of shape [n,2], got shape [${shape}]`,
    );
    const list = (names as unknown[]).map(String);
    return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i]!, list[2 * i + 1]!]);
  }

  #group(parent: Group, name: string, path: string): Group {
    const entity = parent.keys().includes(name) ? parent.get(name) : null;
    if (entity instanceof this.hdf5.Group) return entity;
    throw new SpikegradError(WHERE, `no group ${path}/${name}; is this a NIR file?`);
  }

  #dataset(parent: Group, name: string, path: string): Dataset {
    const entity = parent.keys().includes(name) ? parent.get(name) : null;
    if (!(entity instanceof this.hdf5.Dataset))
      throw new SpikegradError(WHERE, `no dataset ${path}/${name}; is this a NIR file?`);
    const { shape, size } = entity.metadata;
    this.#bytes += sizeOf(shape ?? []) * size;
    check(
      this.#bytes <= MOST_BYTES,
      WHERE,
      () => `${path}/${name} of shape [${shape}] takes the file over ${MOST_BYTES} bytes unpacked`,
    );
    return entity;
  }

  #text(parent: Group, name: string, path: string): string {
    const value = this.#value(parent, name, path);
    if (typeof value === 'string') return value;
    throw new SpikegradError(WHERE, `${path}/${name} must be text`);
  }

  #value(parent: Group, name: string, path: string): NirValue {
    const dataset = this.#dataset(parent, name, path);
    const { type, shape } = dataset.metadata;
    const value = dataset.value;
    if (type === STRING && typeof value === 'string') return value.replace(/\0+$/, '');
    check(
      (type === INTEGER || type === FLOAT) && value !== null && shape !== null,
      WHERE,
      () => `${path}/${name} holds neither numbers nor one text`,
    );
    return numbers(value, shape, type === INTEGER, `${path}/${name}`);
  }
}

function numbers(value: unknown, shape: number[], integer: boolean, path: string): NirArray {
  if (value instanceof Float32Array || value instanceof Float64Array)
    return { shape, data: value.slice(), integer };
  const data = Float64Array.from(isIterable(value) ? [...value] : [value], Number);
  check(
    data.length === sizeOf(shape),
    WHERE,
    () => `${path}: shape [${shape}] with ${data.length} numbers; the file is damaged`,
  );
  return { shape, data, integer };
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
