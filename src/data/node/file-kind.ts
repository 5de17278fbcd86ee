// What lies at a path (Node only): a file, a folder, and what a file is by its first bytes.

import { closeSync, existsSync, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { type FileKind, fileKind } from '../../magic';

/** Undefined where there is nothing, also below what is no folder. */
function lookAt(path: string): Stats | undefined {
  return existsSync(path) ? statSync(path, { throwIfNoEntry: false }) : undefined;
}

export const isFile = (path: string) => lookAt(path)?.isFile() ?? false;
export const isFolder = (path: string) => lookAt(path)?.isDirectory() ?? false;

/** Enough for every mark. */
const LOOKED_AT = 4096;

/** What a file on disk is by its first bytes; undefined where there is none, or nobody knows. */
export function kindAt(path: string): FileKind | undefined {
  if (!isFile(path)) return undefined;
  const buffer = new Uint8Array(LOOKED_AT);
  try {
    const file = openSync(path, 'r');
    try {
      return fileKind(buffer.subarray(0, readSync(file, buffer)), statSync(path).size);
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined; // of somebody else
  }
}

/** What is in a folder, in order of the names; nothing in one of somebody else. */
export function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Sub-folders that are looked into. */
const MOST_SEARCHED = 100;

export function foldersIn(directory: string): string[] {
  return entriesOf(directory)
    .map((name) => join(directory, name))
    .filter(isFolder)
    .slice(0, MOST_SEARCHED);
}
