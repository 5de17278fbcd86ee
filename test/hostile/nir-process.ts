// Reads NIR files for nir-reader.ts. A trap of the HDF5 library leaves it unusable, and every later file would be
// refused unread; so the reader and the library are one script, which is run anew after a trap: a memory of its own,
// but machine code that the engine has compiled already.

import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { buildSync } from 'esbuild';
import type { SpikegradError } from '../../src/errors';
import type * as Reading from '../../src/interop/nir/read';

/** What became of a file. */
export interface Outcome {
  /** Bytes that the graph holds. */
  readonly held: number;
  /** A SpikegradError's. */
  readonly refusal?: { readonly where: string; readonly problem: string };
  /** Any other error's, which no reader may throw. */
  readonly failure?: string;
  /** The library trapped over this file. */
  readonly trapped?: boolean;
}

const { outputFiles } = buildSync({
  entryPoints: [fileURLToPath(new URL('../../src/interop/nir/read.ts', import.meta.url))],
  bundle: true,
  format: 'iife',
  globalName: 'reading',
  write: false,
  logLevel: 'error',
});
const script = new Script(`${outputFiles[0]!.text}\nreading`);
const fresh = () => script.runInThisContext() as typeof Reading;

const builtIns = () => Reflect.ownKeys(Object.prototype).concat(Reflect.ownKeys(Array.prototype)).length;
const before = builtIns();
let { readNir } = fresh();

/** The script has a SpikegradError of its own. */
const isRefusal = (error: unknown): error is SpikegradError =>
  error instanceof Error && error.name === 'SpikegradError';

async function outcomeOf(bytes: Uint8Array): Promise<Outcome> {
  try {
    const graph = await readNir(bytes);
    const values = [...graph.nodes.values()].flatMap(({ attributes }) => [...attributes.values()]);
    const held = values.reduce(
      (sum, value) => sum + (typeof value === 'string' ? 0 : value.data.byteLength),
      0,
    );
    return { held };
  } catch (error) {
    if (!isRefusal(error)) return { held: 0, failure: String(error) };
    const { where, message, cause } = error;
    const trapped = cause instanceof WebAssembly.RuntimeError;
    if (trapped) ({ readNir } = fresh());
    return { held: 0, refusal: { where, problem: message.slice(where.length + 2) }, trapped };
  }
}

process.on('message', async (bytes: Uint8Array) => {
  const outcome = await outcomeOf(bytes);
  const changed = builtIns() !== before;
  process.send!(changed ? { ...outcome, failure: 'Object.prototype has changed' } : outcome);
});
