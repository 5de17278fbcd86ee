import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first';
import { compilerOptions } from './tsconfig.json';

/** Suites of pure computing, whose files leave nothing behind in their process but what test/support/fresh.ts resets. */
const computing = [
  'test/backends/*.test.ts',
  'test/backends/gpu/*.test.ts',
  'test/backends/wasm/kernels/*.test.ts',
  'test/{bench,core,neurons,nn,paper,structure,train}/*.test.ts',
  'test/data/!(download*|real).test.ts',
  'test/golden/*.test.ts',
  'test/interop/*.test.ts',
  'test/interop/nir/!(windows|trap).test.ts',
  'test/magic/*.test.ts',
  'test/ops/*.test.ts',
  'test/options/*.test.ts',
  'test/plot/*.test.ts',
  'test/properties/*.test.ts',
  'test/snn/*.test.ts',
  'test/testing/**/!(grad-check).test.ts',
];

/** Suites that run commands: those of one process share another, in which the built program is loaded and compiled once. */
const commands = [
  'test/cli/!(doctor|gpu).test.ts',
  'test/compat/*.test.ts',
  'test/documents/commands.test.ts',
];

/** Suites that visit pages: those of one process share a browser and a server. */
const pages = ['test/browser/*.test.ts', 'test/playground/*.test.ts', 'test/site/pages.test.ts'];

export default defineConfig({
  // the playground, the examples and the documents import the package by name
  resolve: {
    alias: Object.entries(compilerOptions.paths).map(([name, [path]]) => ({
      find: new RegExp(`^${name}$`),
      replacement: resolve(path!),
    })),
  },
  test: {
    // everything once, a process for each file or one for many; and what holds of neurons and networks again on the fast
    // backend
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...computing, ...pages, ...commands],
          setupFiles: ['test/support/equal-numbers.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'pages',
          include: pages,
          isolate: false,
          setupFiles: ['test/support/fresh.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'commands',
          include: commands,
          isolate: false,
          setupFiles: ['test/support/fresh.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'computing',
          include: computing,
          isolate: false,
          setupFiles: ['test/support/fresh.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'wasm',
          include: ['test/properties/*.test.ts', 'test/snn/*.test.ts'],
          env: { SPIKEGRAD_TEST_BACKEND: 'wasm' },
          isolate: false,
          setupFiles: ['test/support/fresh.ts'],
        },
      },
    ],
    // one more than processors, since much of the time a test waits for a browser, a server or a command
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'] },
  },
});
