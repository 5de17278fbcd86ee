// The files of a folder, for tests of how the code is laid out.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The TypeScript files under a folder that people write: nothing generated. */
export function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'generated' ? [] : filesUnder(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}
