// What tells the files of a data set that is read in parts from others (Node only): their names and sizes. Their bytes
// would have to be read for more.

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Hexadecimal digits that are kept of SHA-256. */
const DIGITS = 32;

/** The name of a file with its folder's, which is its class. */
export const withFolder = (path: string) => `${basename(dirname(path))}/${basename(path)}`;

/** A hash of the files' names and sizes, wherever they lie. */
export function contentOfFiles(
  paths: readonly string[],
  nameOf: (path: string) => string = basename,
): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${nameOf(path)} ${statSync(path).size}\n`);
  return hash.digest('hex').slice(0, DIGITS);
}
