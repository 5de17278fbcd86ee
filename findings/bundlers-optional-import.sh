#!/usr/bin/env bash
# Bundlers disagree on when an import() of a package that is not installed is one that may fail.
#
# What happens: a library offers something more where a package is installed, and loads it by import('that-package'). With
# webpack 5.113.0, esbuild 0.28.2, Vite 7.3.8 and Parcel 2.16.4, and the package missing,
#   - import('x').catch(…) is taken as "may fail" by esbuild alone; webpack, Vite and Parcel end the build;
#   - try { await import('x') } catch { … } is taken so by esbuild and webpack; Vite and Parcel end the build;
#   - the same try around a function that holds the import, try { await load(() => import('x')) }, by none of them.
#
# Why a good guess is wrong: when the program runs all three catch the failure, and peerDependenciesMeta says of the package
# that it is optional. But webpack and esbuild look at the text alone, and only as far as the function in which the import stands.
#
# Whom it hits here: whoever bundles a page with spikegrad and without h5wasm. Its import stood in a function that a try called,
# so that webpack and esbuild refused; now it stands in the try itself. Parcel needs "alias": { "h5wasm": false }.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "name": "bundled", "private": true, "type": "module" }' > package.json
npm install --no-audit --no-fund --loglevel=error webpack@5.113.0 esbuild@0.28.2 vite@7.3.8 parcel@2.16.4 >&2
cat > plain.js <<'JS'
export const load = () => import('not-there');
JS
cat > caught.js <<'JS'
export const load = () => import('not-there').catch(() => undefined);
JS
cat > tried.js <<'JS'
export async function load() {
  try {
    return await import('not-there');
  } catch {
    return undefined;
  }
}
JS
cat > around.js <<'JS'
const run = (importing) => importing();
export async function load() {
  try {
    return await run(() => import('not-there'));
  } catch {
    return undefined;
  }
}
JS
cat > run.mjs <<'JS'
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { build as vite } from 'vite';
import webpack from 'webpack';

const bundlers = {
  esbuild: (file) => esbuild.build({ entryPoints: [file], bundle: true, format: 'esm', write: false, logLevel: 'silent' }),
  webpack: (file) =>
    new Promise((done, fail) =>
      webpack({ entry: resolve(file), mode: 'none', output: { path: resolve('out') } }, (error, stats) => {
        const problem = error ?? stats.toJson({ all: false, errors: true }).errors[0];
        return problem === undefined ? done() : fail(problem);
      }),
    ),
  vite: (file) =>
    vite({ configFile: false, logLevel: 'silent', build: { write: false, rollupOptions: { input: file, preserveEntrySignatures: 'strict' } } }),
  parcel: async (file) =>
    execFileSync('npx', ['parcel', 'build', file, '--no-cache', '--no-optimize', '--dist-dir', 'out-parcel'], { stdio: 'pipe' }),
};
const forms = ['plain', 'caught', 'tried', 'around'];
const expected = {
  esbuild: 'ends builds builds ends',
  webpack: 'ends ends builds ends',
  vite: 'ends ends ends ends',
  parcel: 'ends ends ends ends',
};
console.log(['bundler', 'version', ...forms].join('\t'));
let changed = false;
for (const [name, build] of Object.entries(bundlers)) {
  const outcomes = [];
  for (const form of forms) {
    try {
      await build(`${form}.js`);
      outcomes.push('builds');
    } catch (error) {
      const words = [error.message, error.stderr, error.stdout].join(' ');
      if (!words.includes('not-there')) throw error; // it failed of something else
      outcomes.push('ends');
    }
  }
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
  console.log([name, version, ...outcomes].join('\t'));
  changed ||= outcomes.join(' ') !== expected[name];
}
if (changed) throw new Error('a bundler does otherwise now: the finding is over');
JS
node run.mjs
