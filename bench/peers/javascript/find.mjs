// Finds a peer that is no dependency of the project: in the folder named by SPIKEGRAD_PEERS, else beside the
// project's own packages, where `npm i --no-save` puts it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(process.env.SPIKEGRAD_PEERS ?? '.');
const require = createRequire(join(folder, 'package.json'));

/** @throws MODULE_NOT_FOUND */
export function find(name) {
  return import(pathToFileURL(require.resolve(name)).href);
}

/** The version in the package's own package.json. */
export function versionOf(name) {
  return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** The command that brings them. */
export const installing = (...names) => `npm i --no-save ${names.join(' ')}`;
