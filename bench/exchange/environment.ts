// The Python side: an environment of its own under .cache, made once from pinned versions, or the one that --python
// names.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '../python';

const scripts = fileURLToPath(new URL('./python/', import.meta.url));

export const pythonOf = (given: string | undefined): string =>
  given ?? environment({ name: 'exchange', requirements: join(scripts, 'requirements.txt') });

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
