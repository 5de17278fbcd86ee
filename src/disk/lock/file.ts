// What stands in a lock: who holds it, a mark of this very holding, the file's own number on its disk, by which a copy
// is known for one, and a counter that the holder advances. All of one length, so that a new count is written over the
// old one in place.

import { createHash, randomBytes } from 'node:crypto';
import { type ProcessName, thisProcess } from '../process';

/** What a lock's file says. */
export interface LockText {
  readonly holder: ProcessName;
  /** Sixteen hexadecimal digits that no other holding has. */
  readonly token: string;
  /** The number of the file that the holder made; of another file it is a copy. Absent where nobody knows. */
  readonly inode?: string;
}

/** Of the counter. */
export const DIGITS = 10;
const NO_INODE = '0'.repeat(20);

/** A new holding by this process. */
export interface NewLock {
  readonly token: string;
  /** With a count of 0, and not yet the number of a file. */
  readonly text: string;
  /** Bytes before the counter. */
  readonly offset: number;
}

export function newLock(): NewLock {
  const token = randomBytes(8).toString('hex');
  const { pid, host, space, start } = thisProcess();
  const count = '0'.repeat(DIGITS);
  const text = `${JSON.stringify({ format: 'spikegrad lock', pid, host, space, start, token, inode: NO_INODE, count })}\n`;
  return { token, text, offset: Buffer.byteLength(text.slice(0, text.lastIndexOf(count))) };
}

/** The text as it stands in the file of this number. */
export function textIn(text: string, inode: bigint | number): string {
  return text.replace(`"inode":"${NO_INODE}"`, `"inode":"${inodeInWords(inode)}"`);
}

/** As a lock's file says it. */
export function inodeInWords(inode: bigint | number): string {
  return String(inode).padStart(NO_INODE.length, '0');
}

/**
 * Reads a lock. One that is empty, or nothing but zeros, is what a power loss can leave; older versions wrote a
 * number and a host. Neither says who can be asked, and the token is one of their bytes.
 * @returns undefined for what is no lock at all
 */
export function parseLock(text: string): LockText | undefined {
  const token = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const unseen = { pid: 0, host: '', space: '', start: '' };
  if (/^[\0\s]*$/.test(text)) return { holder: unseen, token };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  const { pid, host, space, start } = fields;
  if (!Number.isSafeInteger(pid) || Number(pid) <= 0 || typeof host !== 'string') return undefined;
  const named = { ...unseen, pid: Number(pid), host };
  if (Object.keys(fields).length === 2) return { holder: named, token };
  if (typeof space !== 'string' || typeof start !== 'string' || !/^[0-9a-f]{16}$/.test(String(fields.token)))
    return undefined;
  const { inode } = fields;
  const isKnown = typeof inode === 'string' && inode !== NO_INODE;
  return { holder: { ...named, space, start }, token: String(fields.token), ...(isKnown && { inode }) };
}
