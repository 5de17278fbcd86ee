// Python environments with other tools in them, under .cache, each made once from a file of pinned versions.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../.cache/', import.meta.url));

/**
 * The Python of an environment, which is made where it is not there yet.
 * @param name a folder of .cache
 * @param requirements a file for pip
 */
export function environment(name: string, requirements: string): string {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 8);
  const folder = join(cache, name, `env-${hash}`);
  const python = join(folder, 'bin/python');
  // written last: a folder without it was left half made
  const whole = join(folder, 'whole');
  if (existsSync(whole)) return python;
  console.log(`making ${folder} of ${requirements}: some gigabytes, once`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const shown = { stdio: 'inherit' } as const;
  execFileSync('python3', ['-m', 'venv', folder], shown);
  const pip = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check'];
  execFileSync(python, [...pip, '-r', requirements], shown);
  writeFileSync(whole, '');
  return python;
}
