// Reads files of HDF5 for hdf5.ts, as its argument says: graphs (`nir`) or events (`events`). A trap of the
// HDF5 library leaves it unusable, and every later file would be refused unread; so the reader and the library are
// one script, which is run anew after a trap: a memory of its own, but machine code that the engine has compiled
// already.

import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { buildSync } from 'esbuild';
import type * as Events from '../../../src/data/events/read';
import type { SpikegradError } from '../../../src/errors';
import type * as Graphs from '../../../src/interop/nir/read';

/** What became of a file. */
export interface Outcome {
  /** Bytes that the graph or the events hold. */
  readonly held: number;
  /** A SpikegradError's. */
  readonly refusal?: { readonly where: string; readonly problem: string };
  /** Any other error's, which no reader may throw. */
  readonly failure?: string;
  /** The library trapped over this file. */
  readonly trapped?: boolean;
}

/** Loads a reader of its own. @returns what reads a file, and tells how many bytes that holds */
type Fresh = () => (bytes: Uint8Array) => Promise<number>;

function scriptOf<T>(entry: string): () => T {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`../../../src/${entry}`, import.meta.url))],
    bundle: true,
    format: 'iife',
    globalName: 'reading',
    write: false,
    logLevel: 'error',
  });
  const script = new Script(`${outputFiles[0]!.text}\nreading`);
  return () => script.runInThisContext() as T;
}

function graphs(): Fresh {
  const load = scriptOf<typeof Graphs>('interop/nir/read.ts');
  return () => {
    const { readNir } = load();
    return async (bytes) => {
      const graph = await readNir(bytes);
      const values = [...graph.nodes.values()].flatMap(({ attributes }) => [...attributes.values()]);
      return values.reduce((sum, value) => sum + (typeof value === 'string' ? 0 : value.data.byteLength), 0);
    };
  };
}

function events(): Fresh {
  const load = scriptOf<typeof Events>('data/events/read.ts');
  return () => {
    const { eventRecordings } = load();
    return async (bytes) => {
      let held = 0;
      for await (const { events: one } of eventRecordings(bytes)) held += 13 * one.length;
      return held;
    };
  };
}

const fresh = process.argv[2] === 'events' ? events() : graphs();
const builtIns = () => Reflect.ownKeys(Object.prototype).concat(Reflect.ownKeys(Array.prototype)).length;
const before = builtIns();
let read = fresh();

/** The script has a SpikegradError of its own. */
const isRefusal = (error: unknown): error is SpikegradError =>
  error instanceof Error && error.name === 'SpikegradError';

async function outcomeOf(bytes: Uint8Array): Promise<Outcome> {
  try {
    return { held: await read(bytes) };
  } catch (error) {
    if (!isRefusal(error)) return { held: 0, failure: String(error) };
    const { where, message, cause } = error;
    const trapped = cause instanceof WebAssembly.RuntimeError;
    if (trapped) read = fresh();
    return { held: 0, refusal: { where, problem: message.slice(where.length + 2) }, trapped };
  }
}

process.send!('ready');
process.on('message', async (bytes: Uint8Array) => {
  const outcome = await outcomeOf(bytes);
  const changed = builtIns() !== before;
  process.send!(changed ? { ...outcome, failure: 'Object.prototype has changed' } : outcome);
});
