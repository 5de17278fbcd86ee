// The Python side: an environment of its own under .cache, made once from pinned versions, or the one that --python
// names.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const scripts = join(here, 'python');

/** The environment's Python, which is made where it is not there yet. */
export function pythonOf(given: string | undefined): string {
  if (given !== undefined) return given;
  const requirements = join(scripts, 'requirements.txt');
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 8);
  const folder = join(here, '../../.cache/exchange', `env-${hash}`);
  const python = join(folder, 'bin/python');
  const whole = join(folder, 'whole');
  if (existsSync(whole)) return python;
  console.log(`making ${folder}: PyTorch, JAX and the tools, some gigabytes`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const shown = { stdio: 'inherit' } as const;
  execFileSync('python3', ['-m', 'venv', folder], shown);
  execFileSync(
    python,
    ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', requirements],
    shown,
  );
  writeFileSync(whole, '');
  return python;
}

/** Runs one of python/. */
export function run(python: string, script: string, ...words: string[]): void {
  execFileSync(python, [join(scripts, script), ...words], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      JAX_PLATFORMS: 'cpu',
      CUDA_VISIBLE_DEVICES: '',
      OMP_NUM_THREADS: '1',
      PYTHONHASHSEED: '0',
    },
  });
}
