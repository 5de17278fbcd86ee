// The package as npm would publish it: the list of its files, and the tarball itself.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What `npm pack --json` tells of a package; the part that is used. */
interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Runs npm; without the scripts of the package, for dist/ is built already. */
export function npm(words: readonly string[], cwd: string): string {
  return execFileSync(
    'npm',
    [...words, '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'],
    {
      encoding: 'utf8',
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
}

/**
 * A project in .cache that has a package and what belongs to it, fetched once: for what few tests need and everybody
 * would wait for. @param name with the exact version
 */
export function fetched(name: string, ...more: readonly string[]): string {
  const project = resolve('.cache', name);
  const done = join(project, 'node_modules/.package-lock.json'); // npm writes it last
  if (existsSync(done)) return project;
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  npm(['install', name, ...more, '--prefer-offline'], project);
  return project;
}

/** Packs the built package into `folder`. */
export function pack(folder: string): Packed & { readonly path: string } {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [packed] = JSON.parse(
    npm(['pack', '--json', '--pack-destination', folder], resolve('.')),
  ) as Packed[];
  return { ...packed!, path: join(folder, packed!.filename) };
}
