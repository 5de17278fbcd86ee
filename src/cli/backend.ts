// The backend in words, and where its time went.

import type { Backend } from '../backends/backend';
import { SpikegradError } from '../errors';
import { isWasm } from '../init';
import { percent, textTable } from './table';

/** `wasm backend, relaxed SIMD, 2 threads`. */
export function describeBackend(backend: Backend): string {
  if (!isWasm(backend)) return `${backend.name} backend, ${backend.precision}`;
  const { threads } = backend;
  return `wasm backend, ${backend.flavour === 'relaxed' ? 'relaxed ' : ''}SIMD, ${threads} thread${threads === 1 ? '' : 's'}`;
}

export function startProfile(backend: Backend): void {
  if (!isWasm(backend)) {
    throw new SpikegradError(
      'train',
      '--profile measures the kernels of the wasm backend; use --backend wasm',
    );
  }
  backend.profile(true);
}

/** Time by kernel over all threads, and the operators that ran on the reference's loops. */
export function profileTable(backend: Backend, steps: number): string {
  if (!isWasm(backend)) return '';
  const { kernels, reference } = backend.profiled();
  const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const table = textTable(
    ['kernel', 'ms a step', 'share', 'calls a step'],
    kernels.map(({ kernel, milliseconds, calls }) => [
      kernel,
      (milliseconds / steps).toFixed(2),
      percent(milliseconds / total),
      (calls / steps).toFixed(1),
    ]),
  );
  const slow = [...reference]
    .map(([name, calls]) => `${name} (${(calls / steps).toFixed(1)} a step)`)
    .join(', ');
  return `time by kernel, all threads together, evaluation included:\n${table}\non the reference's loops: ${slow || 'nothing'}`;
}
