// The draw: all mutants of all rooms, shuffled by a seed, and the first so many of them.

import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import ts from 'typescript';
import { Random } from '../../src/core/random';
import { type Mutant, ROOMS } from './mutant';
import { mutantsOf } from './sites';

/** All places of all rooms. */
export function allMutants(root: string): Mutant[] {
  const config = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const inside = fileNames.filter((name) => relative(root, name).startsWith('src/'));
  const program = ts.createProgram(inside, options);
  const checker = program.getTypeChecker();
  return Object.keys(ROOMS).flatMap((room) =>
    inside
      .filter((name) => relative(root, name).startsWith(`src/${room}/`))
      .sort()
      .flatMap((name) => mutantsOf(room, relative(root, name), program.getSourceFile(name)!, checker)),
  );
}

/** So many of them. */
export function drawMutants(all: readonly Mutant[], count: number, seed: number): Mutant[] {
  const random = new Random(seed);
  const left = [...all];
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const i = random.integer(left.length);
    const [drawn] = left.splice(i, 1);
    return drawn!;
  });
}

/** Of texts: whether they are still those that a state was made with. */
export function hashOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex').slice(0, 16);
}
