// The SIMD flavour that a caller chooses.

import { describe, expect, test } from 'vitest';
import { choiceOf } from '../../src/cli/run/surroundings';
import { createBackend } from '../../src/init';
import type { Checkpoint } from '../../src/train';

describe('simd', () => {
  test.each(['plain', 'relaxed'] as const)(
    '%s is what wasm computes with, asked for by name or not',
    async (simd) => {
      for (const backend of ['wasm', 'auto'] as const) {
        const engine = await createBackend({ backend, simd, threads: 1 });
        expect(engine).toMatchObject({ name: 'wasm', flavour: simd });
      }
    },
  );

  test.each(['cpu', 'gpu'] as const)('is refused of %s', async (backend) => {
    await expect(createBackend({ backend, simd: 'plain' })).rejects.toThrow(
      `init: simd 'plain' is a flavour of wasm, which backend '${backend}' is not`,
    );
  });

  test('that there is not is refused', async () => {
    await expect(createBackend({ simd: 'wide' as 'plain' })).rejects.toThrow(
      /simd must be 'plain' or 'relaxed'/,
    );
  });
});

describe('a run that goes on', () => {
  const run = (surroundings: object) => ({ surroundings }) as Checkpoint;

  test('keeps its own flavour unless another is asked for', () => {
    const auto = { backend: 'auto' } as const;
    expect(choiceOf(auto, run({ backend: 'wasm', simd: 'plain' }))).toEqual({
      backend: 'wasm',
      simd: 'plain',
    });
    expect(choiceOf({ ...auto, simd: 'relaxed' }, run({ backend: 'wasm', simd: 'plain' }))).toMatchObject({
      simd: 'relaxed',
    });
    expect(choiceOf({ backend: 'cpu' }, run({ backend: 'wasm', simd: 'plain' })).simd).toBeUndefined();
    expect(choiceOf(auto, undefined)).toEqual({ backend: 'auto' });
  });
});
