// Packages that the library does not bring: what is told when one is missing, and when it is there and fails.

import { expect, test } from 'vitest';
import { SpikegradError } from '../../src/errors';
import { loadPackage, MissingPackageError } from '../../src/optional-package';

const WORDS = 'NIR files need the package wibbleflump: npm install wibbleflump';
const errorOf = (load: () => Promise<unknown>, name = 'wibbleflump') =>
  loadPackage('readNir', name, WORDS, load).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
const failing = (message: string, code?: string) => () =>
  Promise.reject(Object.assign(new Error(message), { code }));

test('a package that is there is given as it is', async () => {
  expect(await loadPackage('a', 'node:os', WORDS, () => import('node:os'))).toHaveProperty('tmpdir');
});

test('one that is missing is told with the command that installs it', async () => {
  const name: string = 'wibbleflump';
  const error = await errorOf(() => import(/* @vite-ignore */ name));
  expect(error).toBeInstanceOf(MissingPackageError);
  expect(error!.message).toBe(`readNir: ${WORDS}`);
});

test.each([
  "Cannot find package 'wibbleflump' imported from /a/b.js", // Node
  "Cannot find module 'wibbleflump' from 'node_modules/spikegrad/dist/nir.cjs'", // Jest
  'Could not resolve "wibbleflump" imported by "spikegrad". Is it installed?', // Vite
  "Failed to resolve module specifier 'wibbleflump'", // Chromium
  'The specifier “wibbleflump” was a bare specifier, but was not remapped to anything.', // Firefox
  "Module name, 'wibbleflump' does not resolve to a valid URL.", // Safari
])('also in the words of others: %s', async (words) => {
  expect(await errorOf(failing(words))).toBeInstanceOf(MissingPackageError);
});

test.each([
  "Cannot find package 'other' imported from /node_modules/wibbleflump/index.js",
  "Cannot find module '/node_modules/wibbleflump/dist/index.js' imported from /a/b.js",
  'wasm streaming compile failed',
  'The module was compiled against a different Node.js version',
])('one that is there and fails is not said to be missing: %s', async (words) => {
  const error = await errorOf(failing(words));
  expect(error).toBeInstanceOf(SpikegradError);
  expect(error).not.toBeInstanceOf(MissingPackageError);
  expect(error!.message).toBe(
    `readNir: the package wibbleflump is installed and does not load here: ${words}`,
  );
});

test('where a sandbox has no import(), as under Jest, Node loads it outside', async () => {
  const code = 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG';
  const load = failing('A dynamic import callback was invoked without --experimental-vm-modules', code);
  expect(await loadPackage('readNir', 'h5wasm', WORDS, load)).toHaveProperty('File');
  expect(await errorOf(load)).toBeInstanceOf(MissingPackageError);
});
