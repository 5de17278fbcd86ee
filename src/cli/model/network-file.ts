// --network FILE: a network of the user's own. The file is an ES module that exports it, or a function or class that
// builds it for { classes, timesteps, channels, side, inputShape, width, neuron }; it is run when the user names it,
// and never because a checkpoint does.

import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Option } from 'commander';
import { check, SpikegradError } from '../../errors';
import { Module } from '../../nn';
import { aModule } from '../../nn/module';
import { networkRequest } from '../../train/network';
import { OWN, type RunSettings } from '../../train/settings';

const WHERE = '--network';

export function networkOption(): Option {
  return new Option(
    '--network <file>',
    'a network of your own: an ES module that exports it, or a function that builds it (docs/networks.md)',
  );
}

/** What settings keep of the file: its name. */
export const networkName = (file: string): string => basename(file);

/** Settings of a run, as far as they say which network it is. */
type OfNetwork = Pick<RunSettings, 'arch' | 'network'>;

/**
 * Whether the file was given that the run needs, and none that it does not.
 * @throws in a sentence that says which
 */
export function checkNetworkFile({ arch, network }: OfNetwork, file: string | undefined): void {
  if (arch === OWN)
    check(
      file !== undefined,
      WHERE,
      () =>
        `the run's network is one of its own, built by ${network}: give that file again, --network ${network}; files of runs hold weights, and no program is run because of them`,
    );
  else
    check(
      file === undefined,
      WHERE,
      () => `the run's network is ${arch}, which needs no file: leave --network ${file} out`,
    );
  if (file !== undefined) check(existsSync(file), WHERE, () => `there is no file ${file}`);
}

/** The network of a file, for a run of such settings; to be called when there is a backend. */
export async function networkOf(file: string, settings: RunSettings): Promise<Module> {
  const made = exported(file, await imported(file));
  const network = await built(file, made, settings);
  check(aModule.holds(network), WHERE, () => {
    const advice = aModule.advice?.(network);
    const own = `${file} gives ${typeof network === 'object' ? 'an object that is' : `a ${typeof network}, which is`} no network of this library`;
    const way =
      'export default (request, { sequential, Conv2d }) => sequential(…) takes its layers from this one';
    return `${own}${advice === undefined ? '' : ` (${advice})`}: ${way}`;
  });
  return network;
}

/**
 * Fills the network of a file.
 * @param than whose network the weights are of
 * @throws with the file's name in front of what does not fit
 */
export function fitting<R>(file: string, fill: () => R, than = "the run's"): R {
  try {
    return fill();
  } catch (error) {
    if (!(error instanceof SpikegradError)) throw error;
    throw new SpikegradError(WHERE, `${file} builds another network than ${than}: ${error.problem}`, {
      cause: error,
    });
  }
}

/** @throws saying what to do where Node cannot load it */
async function imported(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new SpikegradError(WHERE, `${file}: ${reason(file, cause)}`, { cause });
  }
}

const isTypeScript = (file: string) => /^\.[cm]?tsx?$/.test(extname(file));

function reason(file: string, cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (isTypeScript(file) && (cause as NodeJS.ErrnoException).code?.startsWith('ERR_') === true) {
    const out = `${basename(file, extname(file))}.mjs`;
    return `Node ${process.versions.node} does not load it, since it is TypeScript (${message}): make JavaScript of it, 'npx esbuild ${file} --format=esm --outfile=${out}', and give ${out}; Node from 22.18 on loads TypeScript without enums and the like itself`;
  }
  if (cause instanceof SyntaxError && /import statement|Unexpected token 'export'/.test(message))
    return `${message}: Node takes it for CommonJS; call it ${basename(file, extname(file))}.mjs, or give its package.json "type": "module"`;
  return message;
}

/** The default export, `network`, or the only export. */
function exported(file: string, all: Readonly<Record<string, unknown>>): unknown {
  const names = Object.keys(all);
  const made = all.default ?? all.network ?? (names.length === 1 ? all[names[0]!] : undefined);
  check(
    made !== undefined,
    WHERE,
    () =>
      `${file} exports ${names.length === 0 ? 'nothing' : names.join(', ')}: let it export its network, or a function that builds it, as default`,
  );
  return made;
}

const isModuleClass = (value: unknown): value is new (...args: unknown[]) => Module =>
  typeof value === 'function' && value.prototype instanceof Module;

async function built(file: string, made: unknown, settings: RunSettings): Promise<unknown> {
  if (typeof made !== 'function') return made;
  const request = networkRequest(settings);
  const library = await import('../../index');
  try {
    return isModuleClass(made) ? new made(request, library) : await made(request, library);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SpikegradError(WHERE, `${file} fails where it builds its network: ${message}`, { cause });
  }
}
