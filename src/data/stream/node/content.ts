// What tells the files of a data set that is read in parts from others (Node only): their names and sizes. Their bytes
// would have to be read for more.

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Hexadecimal digits that are kept of SHA-256. */
const DIGITS = 32;

/** A hash of the files' names, with the folder's that each lies in, and sizes. */
export function contentOfFiles(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths)
    hash.update(`${basename(dirname(path))}/${basename(path)} ${statSync(path).size}\n`);
  return hash.digest('hex').slice(0, DIGITS);
}
