// "A backend" of CONTRIBUTING.md: the reference under another name.

import { type Edit, inFrontOf } from './edit';

export const backend: readonly Edit[] = [
  {
    file: 'src/backends/plain/index.ts',
    create: `// The reference under another name.

import type { Backend } from '../backend';
import { cpuBackend } from '../cpu';

export function plainBackend(): Backend {
  return { ...cpuBackend('f32'), name: 'plain' };
}
`,
  },
  {
    file: 'src/init.ts',
    replace: [
      [
        "export type BackendName = 'auto' | 'wasm' | 'gpu' | 'cpu';",
        "export type BackendName = 'auto' | 'wasm' | 'gpu' | 'cpu' | 'plain';",
      ],
      ["oneOf(['auto', 'wasm', 'gpu', 'cpu'])", "oneOf(['auto', 'wasm', 'gpu', 'cpu', 'plain'])"],
      inFrontOf(
        "  if (backend === 'gpu') {\n",
        "  if (backend === 'plain') return (await import('./backends/plain')).plainBackend();\n",
      ),
    ],
  },
];
