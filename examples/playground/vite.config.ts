// The playground takes the package as its users do, by name. A build resolves the name to the built package, the
// development server to the sources.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What a page needs to share memory with its workers: threads for the wasm backend. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig(({ command }) => {
  const built = command === 'build';
  if (built && !existsSync(here('../../dist/index.js'))) {
    throw new Error('playground: the package is not built (no dist/index.js); run `npm run build` first');
  }
  const [folder, ending] = built ? ['../../dist', 'js'] : ['../../src', 'ts'];
  return {
    root: here('.'),
    base: './',
    resolve: {
      alias: [
        { find: /^spikegrad$/, replacement: here(`${folder}/index.${ending}`) },
        {
          find: /^spikegrad\/testing$/,
          replacement: here(built ? '../../dist/testing.js' : '../../src/testing/index.ts'),
        },
        { find: /^spikegrad\/gpu$/, replacement: here(`${folder}/gpu.${ending}`) },
      ],
    },
    build: { target: 'es2022', outDir: here('dist'), emptyOutDir: true },
    worker: { format: 'es' },
    server: { headers },
    preview: { headers },
  };
});
