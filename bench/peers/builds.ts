// A build of spikegrad that can be measured: a folder with package.json and dist/, be it a checkout or an unpacked
// package, and what tells it from others.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Build {
  readonly folder: string;
  readonly version: string;
  /** The checkout's commit, `+` after it where files that git knows are changed; undefined for an unpacked package. */
  readonly commit: string | undefined;
  /** First digits of a SHA-256 over the JavaScript of dist/. */
  readonly digest: string;
}

const underFolder = (folder: string, wanted: RegExp): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return underFolder(path, wanted);
    return wanted.test(entry.name) ? [path] : [];
  });

/** @throws when there is no built spikegrad, or one that is older than the sources beside it */
export function readBuild(path: string): Build {
  const folder = resolve(path);
  const manifest = join(folder, 'package.json');
  const { name, version } = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {};
  if (name !== 'spikegrad')
    throw new Error(`${path} is no folder of spikegrad: no package.json that says so`);
  const entry = join(folder, 'dist/index.js');
  if (!existsSync(entry)) throw new Error(`${path} is not built (no dist/index.js): npm run build there`);
  if (existsSync(join(folder, 'src'))) {
    const built = statSync(entry).mtimeMs;
    // compiling the kernels writes the same text again
    const sources = underFolder(join(folder, 'src'), /\.ts$/).filter((file) => !file.includes('/generated/'));
    const newer = sources.find((file) => statSync(file).mtimeMs > built);
    if (newer !== undefined) throw new Error(`${newer} is newer than ${entry}: npm run build there`);
  }
  return { folder, version, commit: commitOf(folder), digest: digestOf(join(folder, 'dist')) };
}

function commitOf(folder: string): string | undefined {
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', folder, ...words], { encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    // an unpacked package may lie in another checkout
    if (realpathSync(git('rev-parse', '--show-toplevel')) !== realpathSync(folder)) return undefined;
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short=7', 'HEAD') + (changed ? '+' : '');
  } catch {
    return undefined;
  }
}

function digestOf(dist: string): string {
  const hash = createHash('sha256');
  const bench = join(dist, 'bench');
  for (const file of underFolder(dist, /\.js$/).sort()) {
    if (!file.startsWith(bench)) hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 12);
}
