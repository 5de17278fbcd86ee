// The Python side: an environment of its own under .cache, made once from pinned versions, or the one that --python
// names. ONNX and safetensors alone need no PyTorch, so that they are tried in a minute.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '../python';

const scripts = fileURLToPath(new URL('./python/', import.meta.url));

export const PARTS = ['nir', 'onnx', 'safetensors', 'recordings'] as const;
export type Part = (typeof PARTS)[number];

/** The packages of parts that do not need all of them. */
const PACKAGES: Partial<Readonly<Record<Part, readonly string[]>>> = {
  onnx: ['numpy', 'onnxruntime'],
  safetensors: ['numpy', 'safetensors'],
};

/** @param parts that are to run; default all */
export function pythonOf(given: string | undefined, parts: readonly Part[] = PARTS): string {
  const packages = parts.map((part) => PACKAGES[part]);
  const few = packages.every((names) => names !== undefined);
  const only = few ? { only: packages.flat() } : {};
  return given ?? environment({ name: 'exchange', requirements: join(scripts, 'requirements.txt'), ...only });
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
