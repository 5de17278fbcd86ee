// What a disk refuses, in words with a way out. Every writer says it so; what was being written is the caller's to
// name.

import { SpikegradError } from '../errors';

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space and resume',
  EDQUOT: 'the quota of disk space is used up; free some space and resume',
  EROFS:
    'the file system is read-only there (a disk with errors becomes so, too); make it writable and resume',
  EACCES: 'no permission to write there',
  EPERM: 'writing there is not permitted (the folder or file is made read-only or unchangeable)',
  ENOTDIR: 'a part of its path is a file and no folder',
  EEXIST: 'a part of its path is a file and no folder',
  EISDIR: 'there is a folder of that name; give the name of a file',
  ENAMETOOLONG: 'the name is too long for the disk; give a shorter one',
  ELOOP: 'its path goes through a link to itself',
  EIO: 'the disk reports an error (EIO); what was written before is kept',
};

/** The `code` of a Node error, such as ENOENT. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Why a write failed; undefined for what has no words of its own. */
export function diskWords(cause: unknown): string | undefined {
  return WORDS[errorCode(cause) ?? ''];
}

/** An error of the file system as one of this library. Such a one stays as it is. */
export function writeError(where: string, path: string, cause: unknown): SpikegradError {
  if (cause instanceof SpikegradError) return cause;
  return new SpikegradError(where, `cannot write ${path}: ${diskWords(cause) ?? String(cause)}`, { cause });
}
