// The wasm backend against the f64 reference, kernel by kernel: each SIMD flavour, alone and with threads.

import { afterAll, describe, test } from 'vitest';
import { cpuBackend } from '../../../src/backends/cpu';
import { wasmBackend } from '../../../src/backends/wasm';
import { conformanceCases } from '../../../src/testing';
import { flavours } from './kernel-memory';

const reference = cpuBackend('f64');

for (const flavour of flavours) {
  for (const threads of [1, 3]) {
    describe(`wasm ${flavour}, ${threads} thread(s), agrees with cpu f64`, async () => {
      const backend = await wasmBackend({ flavour, threads });
      afterAll(() => backend.close());
      for (const { kernel, name, run } of conformanceCases()) {
        test(`${kernel}: ${name}`, () => run(reference, backend));
      }
    });
  }
}
