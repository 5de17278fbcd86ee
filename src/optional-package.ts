// Packages that this library can use and does not bring. What goes wrong when one is loaded is told as what it is: it
// is not installed, or it is there and does not load.

import { SpikegradError } from './errors';
import { nodeModule } from './node-module';

/** The package is not there. */
export class MissingPackageError extends SpikegradError {}

/** How runtimes and bundlers say so: Node, Vite, Chromium, Firefox, Safari. */
const MISSING = /cannot find|resolve|bare specifier|failed to load/i;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Whether it is this package that was not found, and not a file of it or a package that it needs. */
function isMissing(name: string, error: unknown): boolean {
  const message = messageOf(error);
  return MISSING.test(message) && ['"', "'", '“'].some((quote) => message.includes(quote + name));
}

/**
 * For the `catch` around the import of a package that may be missing. The import is a literal one and lies in a `try`:
 * bundlers follow only literals, and webpack, esbuild and Parcel take a package for optional only in a `try`.
 *
 *     try {
 *       return await import('h5wasm');
 *     } catch (error) {
 *       return afterFailedImport(where, 'h5wasm', 'NIR files need the package h5wasm: npm install h5wasm', error);
 *     }
 * @param missing what to say where it is, with the command that installs it
 * @returns the package where only a test runner's sandbox was in the way
 * @throws MissingPackageError where it is not installed
 * @throws SpikegradError with the loader's own words where it is there and does not load
 */
export async function afterFailedImport<M>(
  where: string,
  name: string,
  missing: string,
  error: unknown,
): Promise<M> {
  try {
    if (!isSandboxed(error)) throw error;
    return await importOutside<M>(name, error);
  } catch (cause) {
    if (isMissing(name, cause)) throw new MissingPackageError(where, missing, { cause });
    throw new SpikegradError(
      where,
      `the package ${name} is installed and does not load here: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** Whether a test runner runs this code in a sandbox without import(), as Jest does with CommonJS. */
function isSandboxed(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING');
}

interface Vm {
  readonly constants?: { readonly USE_MAIN_CONTEXT_DEFAULT_LOADER?: symbol };
  compileFunction(code: string, names: string[], options: object): (name: string) => Promise<unknown>;
}

/** Imports with Node's own loader, outside of the sandbox. @throws `error` where Node has no such door */
async function importOutside<M>(name: string, error: unknown): Promise<M> {
  const vm = nodeModule<Vm>('vm');
  const loader = vm?.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  if (vm === undefined || loader === undefined) throw error;
  // the package is looked for from this file on; in CommonJS it has a name, and only there are such sandboxes
  const filename = typeof __filename === 'string' ? __filename : undefined;
  const options = { filename, importModuleDynamically: loader };
  return (await vm.compileFunction('return import(name)', ['name'], options)(name)) as M;
}
