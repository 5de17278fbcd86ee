// Packages that the library does not bring: what is told when one is missing, and when it is there and fails.

import { expect, test } from 'vitest';
import { SpikegradError } from '../../src/errors';
import { afterFailedImport, MissingPackageError } from '../../src/optional-package';

const WORDS = 'NIR files need the package wibbleflump: npm install wibbleflump';
const errorAfter = (error: unknown, name = 'wibbleflump') =>
  afterFailedImport('readNir', name, WORDS, error).then(
    () => undefined,
    (told: unknown) => told as Error,
  );
const failure = (message: string, code?: string) => Object.assign(new Error(message), { code });

test('a package that is missing is told with the command that installs it', async () => {
  const name: string = 'wibbleflump';
  const error = await errorAfter(await import(/* @vite-ignore */ name).catch((cause: unknown) => cause));
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
  expect(await errorAfter(failure(words))).toBeInstanceOf(MissingPackageError);
});

test.each([
  "Cannot find package 'other' imported from /node_modules/wibbleflump/index.js",
  "Cannot find module '/node_modules/wibbleflump/dist/index.js' imported from /a/b.js",
  'wasm streaming compile failed',
  'The module was compiled against a different Node.js version',
])('one that is there and fails is not said to be missing: %s', async (words) => {
  const error = await errorAfter(failure(words));
  expect(error).toBeInstanceOf(SpikegradError);
  expect(error).not.toBeInstanceOf(MissingPackageError);
  expect(error!.message).toBe(
    `readNir: the package wibbleflump is installed and does not load here: ${words}`,
  );
});

test('where a sandbox has no import(), as under Jest, Node loads it outside', async () => {
  const code = 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG';
  const refused = failure('A dynamic import callback was invoked without --experimental-vm-modules', code);
  expect(await afterFailedImport('readNir', 'h5wasm', WORDS, refused)).toHaveProperty('File');
  expect(await errorAfter(refused)).toBeInstanceOf(MissingPackageError);
});
