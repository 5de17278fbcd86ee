// Reads a NIR file (HDF5): /version, and /node with `type`, `nodes/NAME/…`, `edges` [n,2] and `metadata`. Plain or
// gzipped storage, strings of fixed or variable length, as NIR 0.1 to 1.0 and the frameworks around it write them.

import type { Dataset, Group } from 'h5wasm';
import { sizeOf } from '../../backends/shape';
import { check, SpikegradError } from '../../errors';
import { type Hdf5, libraryError, loadHdf5, temporaryPath } from '../../formats/hdf5';
import { checkHeaps } from '../../formats/hdf5/heap';
import { foreign } from '../../magic';
import { bytesKind, checkKind } from '../../options';
import { contentOf, ENUM, FLOAT, INTEGER, numbers, STRING } from './content';
import { Faults } from './faults';
import type { NirGraph, NirNode, NirValue } from './graph';

const WHERE = 'readNir';
/** All numbers of a file together, unpacked: a small gzipped file can claim any size. */
const MOST_BYTES = 2 ** 30;
/** Deflate, the strongest packing that is read, cannot do better than 1,032 to one. */
const MOST_PACKED = 1032;
/** Bytes of numbers that were never written, and that HDF5 makes up. */
const SPARE = 2 ** 20;
const DEEPEST = 16;

/**
 * Reads a graph.
 * @param file its bytes
 * @throws SpikegradError when h5wasm is not installed, or the file is not HDF5, not NIR, or larger than 1 GiB unpacked
 */
export function readNir(file: Uint8Array | ArrayBuffer): Promise<NirGraph> {
  return read(file);
}

/** As much of a graph as can be read, and what is wrong with its nodes. @throws where it is no NIR file at all */
export async function readBrokenNir(
  file: Uint8Array | ArrayBuffer,
): Promise<{ readonly graph: NirGraph; readonly faults: Faults }> {
  const faults = new Faults();
  return { graph: await read(file, faults), faults };
}

/** @param faults takes what can be passed over */
async function read(file: Uint8Array | ArrayBuffer, faults?: Faults): Promise<NirGraph> {
  checkKind(WHERE, 'file', bytesKind, file);
  const bytes = ArrayBuffer.isView(file) ? file : new Uint8Array(file);
  const other = foreign(bytes, 'nir');
  check(other === undefined, WHERE, () => other!);
  checkHeaps(bytes, WHERE);
  const hdf5 = await loadHdf5(WHERE);
  const path = temporaryPath();
  hdf5.files.writeFile(path, bytes);
  try {
    const file = openFile(hdf5, path);
    try {
      return new Reader(hdf5, bytes.length, faults).file(file);
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
  /**
   * Listing a group takes time for each of its members: done once, so that a file is read in time proportional to its
   * size.
   */
  readonly #listed = new WeakMap<Group, ReadonlySet<string>>();

  constructor(
    readonly hdf5: Hdf5,
    readonly size: number,
    readonly faults: Faults | undefined,
  ) {}

  #names(group: Group): ReadonlySet<string> {
    const known = this.#listed.get(group) ?? new Set(group.keys());
    this.#listed.set(group, known);
    return known;
  }

  file(file: Group): NirGraph {
    const names = this.#names(file);
    check(
      names.has('node'),
      WHERE,
      () => `this is an HDF5 file without a NIR graph: no group /node, but ${listed([...names])}`,
    );
    const root = this.#group(file, 'node', '');
    const version = names.has('version')
      ? this.#tried('/node', () => this.#text(file, 'version', ''))
      : undefined;
    const { graph, type } = this.#node(root, '/node', 0, 'NIRGraph');
    if (graph !== undefined) return { ...graph, version };
    throw new SpikegradError(WHERE, `/node is of type "${type}", expected NIRGraph`);
  }

  /** What is read, or where faults are gathered undefined and one more of them. */
  #tried<T>(path: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (this.faults === undefined || !(error instanceof SpikegradError)) throw error;
      this.faults.add(nodeAt(path), error.problem);
      return undefined;
    }
  }

  /** @param likely its type, where it does not say so itself */
  #node(group: Group, path: string, depth: number, likely = '?'): NirNode {
    check(depth <= DEEPEST, WHERE, () => `${path}: graphs are nested more than ${DEEPEST} deep`);
    const type = this.#tried(path, () => this.#text(group, 'type', path)) ?? likely;
    if (type === 'NIRGraph') return { type, attributes: new Map(), graph: this.#graph(group, path, depth) };
    const attributes = new Map<string, NirValue>();
    for (const key of this.#names(group)) {
      if (key === 'type' || key === 'metadata') continue;
      const value = this.#tried(path, () => this.#value(group, key, path));
      if (value !== undefined) attributes.set(key, value);
    }
    return { type, attributes };
  }

  #graph(group: Group, path: string, depth: number): NirGraph {
    const nodes = new Map<string, NirNode>();
    const list = this.#tried(path, () => this.#group(group, 'nodes', path));
    for (const name of list === undefined ? [] : this.#names(list)) {
      const at = `${path}/nodes/${name}`;
      const node = this.#tried(at, () =>
        this.#node(this.#group(list!, name, `${path}/nodes`), at, depth + 1),
      );
      nodes.set(name, node ?? { type: '?', attributes: new Map() });
    }
    const metadata = this.#names(group).has('metadata')
      ? this.#notes(group.get('metadata'), `${path}/metadata`)
      : new Map<string, NirValue>();
    return { nodes, edges: this.#tried(path, () => this.#edges(group, path)) ?? [], metadata };
  }

  /** What is one text, a list of texts (kept as JSON) or numbers: notes are their writer's, and none stops a file. */
  #notes(notes: unknown, path: string): Map<string, NirValue> {
    const found = new Map<string, NirValue>();
    if (!(notes instanceof this.hdf5.Group)) return found;
    for (const key of this.#names(notes)) {
      try {
        found.set(key, this.#note(notes, key, path));
      } catch (error) {
        if (error instanceof WebAssembly.RuntimeError) throw error;
      }
    }
    return found;
  }

  #note(notes: Group, key: string, path: string): NirValue {
    const dataset = this.#dataset(notes, key, path);
    const { type, shape } = dataset.metadata;
    if (type !== STRING || shape?.length === 0) return this.#value(notes, key, path);
    const texts = contentOf(dataset, `${path}/${key}`, WHERE);
    check(Array.isArray(texts), WHERE, () => `${path}/${key} holds no texts`);
    return JSON.stringify(texts);
  }

  #edges(group: Group, path: string): [string, string][] {
    const dataset = this.#dataset(group, 'edges', path);
    const { shape, total_size: size, type } = dataset.metadata;
    if (size === 0) return [];
    const names = contentOf(dataset, `${path}/edges`, WHERE);
    check(
      type === STRING && shape?.length === 2 && shape[1] === 2 && Array.isArray(names),
      WHERE,
      () => `${path}/edges must be names of shape [n,2], got shape [${shape}]`,
    );
    const list = (names as unknown[]).map(String);
    return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i]!, list[2 * i + 1]!]);
  }

  #group(parent: Group, name: string, path: string): Group {
    const entity = this.#names(parent).has(name) ? parent.get(name) : null;
    if (entity instanceof this.hdf5.Group) return entity;
    throw new SpikegradError(WHERE, `no group ${path}/${name}; is this a NIR file?`);
  }

  #dataset(parent: Group, name: string, path: string): Dataset {
    const entity = this.#names(parent).has(name) ? parent.get(name) : null;
    if (!(entity instanceof this.hdf5.Dataset))
      throw new SpikegradError(WHERE, `no dataset ${path}/${name}; is this a NIR file?`);
    const { shape, size } = entity.metadata;
    this.#bytes += sizeOf(shape ?? []) * size;
    check(
      this.#bytes <= MOST_BYTES,
      WHERE,
      () => `${path}/${name} of shape [${shape}] takes the file over ${MOST_BYTES} bytes unpacked`,
    );
    check(
      this.#bytes <= MOST_PACKED * this.size + SPARE,
      WHERE,
      () =>
        `${path}/${name} claims the shape [${shape}], more than a file of ${this.size} bytes can hold, packed as it may be`,
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
    const value = contentOf(dataset, `${path}/${name}`, WHERE);
    if (type === STRING && typeof value === 'string') return value.replace(/\0+$/, '');
    check(
      (type === INTEGER || type === FLOAT || type === ENUM) && value !== null && shape !== null,
      WHERE,
      () => `${path}/${name} holds neither numbers nor one text`,
    );
    return numbers(value, shape, type !== FLOAT, `${path}/${name}`, WHERE);
  }
}

/** The name of a node, those of nested graphs joined by dots: /node/nodes/a/nodes/b is a.b. */
const nodeAt = (path: string) => path.split('/nodes/').slice(1).join('.');

const listed = (names: readonly string[]) =>
  names.length === 0 ? 'nothing' : names.slice(0, 6).join(', ') + (names.length > 6 ? ', …' : '');
