// Python environments with other tools in them, under .cache, each made once from a file of pinned versions.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../.cache/', import.meta.url));

interface Environment {
  /** A folder of .cache. */
  readonly name: string;
  /** A file for pip. */
  readonly requirements: string;
  /** The packages of that file that are asked for; default all. */
  readonly only?: readonly string[];
  /** Packages that want other versions of what is there than they need for what is asked of them. */
  readonly withoutTheirs?: readonly string[];
  /** The Python of an environment whose packages are there too, behind its own. */
  readonly upon?: string;
}

/** The Python of an environment, which is made where it is not there yet. */
export function environment({ name, requirements, only, withoutTheirs = [], upon }: Environment): string {
  const pinned = readFileSync(requirements, 'utf8').trim().split('\n');
  const packages = pinned.filter((line) => only === undefined || only.includes(line.split('==')[0]!));
  const wanted = [...packages, ...withoutTheirs, ...(upon ? [upon] : [])].join('\n');
  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 8);
  const folder = join(cache, name, `env-${hash}`);
  const python = join(folder, 'bin/python');
  // written last: a folder without it was left half made
  const whole = join(folder, 'whole');
  if (existsSync(whole)) return python;
  console.log(`making ${folder}, once, of ${packages.join(' ')}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const shown = { stdio: 'inherit' } as const;
  execFileSync('python3', ['-m', 'venv', folder], shown);
  const ask = ['-c', "import sysconfig; print(sysconfig.get_path('purelib'))"];
  const packagesOf = (one: string) => execFileSync(one, ask, { encoding: 'utf8' }).trim();
  if (upon !== undefined) writeFileSync(join(packagesOf(python), 'upon.pth'), packagesOf(upon));
  const pip = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check'];
  if (withoutTheirs.length > 0) execFileSync(python, [...pip, '--no-deps', ...withoutTheirs], shown);
  execFileSync(python, [...pip, ...packages], shown);
  writeFileSync(whole, '');
  return python;
}
