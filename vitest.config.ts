import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // the playground and the benchmarks import the package by name
  resolve: {
    alias: [
      { find: /^spikegrad$/, replacement: resolve('src/index.ts') },
      { find: /^spikegrad\/node$/, replacement: resolve('src/node.ts') },
    ],
  },
  test: {
    // everything once; and what holds of neurons and networks again on the fast backend
    projects: [
      { extends: true, test: { name: 'all', include: ['test/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'wasm',
          include: ['test/properties/*.test.ts', 'test/snn/*.test.ts'],
          env: { SPIKEGRAD_TEST_BACKEND: 'wasm' },
        },
      },
    ],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'] },
  },
});
