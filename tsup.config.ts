import { defineConfig } from 'tsup';

// Three entry points and the command line. `index` and `testing` run in browsers; only `node` and the CLI may touch
// Node's own modules.
export default defineConfig([
  {
    entry: { index: 'src/index.ts', node: 'src/node.ts', testing: 'src/testing/index.ts' },
    format: ['esm', 'cjs'],
    dts: true,
    target: 'es2022',
    sourcemap: true,
    clean: true,
    treeshake: true,
  },
  {
    entry: { 'cli/main': 'src/cli/main.ts' },
    format: ['esm'],
    target: 'node20',
    sourcemap: true,
    banner: { js: '#!/usr/bin/env node' },
  },
]);
