import { defineConfig } from 'tsup';
import { entry } from './tsup.config';

// The declarations of the entry points, which take most of a build: apart, so that what needs only the code can begin.
// After tsup.config.ts, which empties dist/.

export default defineConfig({ entry, format: ['esm', 'cjs'], dts: { only: true } });
