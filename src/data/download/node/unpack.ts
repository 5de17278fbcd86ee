// Unpacks the wanted files of a .tar.gz and refuses the whole archive at the first entry that a dataset has no use
// for: links, devices, paths that leave the folder, wrong sizes. The names of the written files come from our own
// table, never from the archive. Files are complete in a folder of their own before the first of them gets its final
// name.

import { createReadStream, type ReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { syncFolder } from '../../../disk/folders';
import { check, SpikegradError } from '../../../errors';
import { type ArchiveEntry, lastSegment, WHERE } from '../sources';
import { throwIfStopped } from './errors';

export interface UnpackPlan {
  /** The .tar.gz file. */
  readonly archive: string;
  readonly directory: string;
  /** The folder to unpack into before the files get their final names; removed in every case. */
  readonly scratch: string;
  readonly entries: readonly ArchiveEntry[];
  /** Most bytes that the archive may expand to. */
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
  /** Called with the bytes of the archive that are read so far. */
  readonly onBytes: (read: number) => void;
}

const PLAIN = new Set<string>(['File', 'OldFile', 'ContiguousFile', 'Directory']);

/**
 * Unpacks `plan.entries` into `plan.directory`, without their folders.
 *
 * @throws SpikegradError that names the entry, if the archive holds anything but plain files and folders, a path
 *   outside its folder, a wanted file of another size or twice, lacks one, or expands beyond the limit; nothing is
 *   then left
 */
export async function unpackTarGz(plan: UnpackPlan): Promise<void> {
  await rm(plan.scratch, { recursive: true, force: true });
  await mkdir(plan.scratch);
  try {
    await unpackInto(plan);
    for (const { path } of plan.entries) {
      await rename(join(plan.scratch, lastSegment(path)), join(plan.directory, lastSegment(path)));
    }
    await syncFolder(plan.directory);
  } finally {
    await rm(plan.scratch, { recursive: true, force: true });
  }
}

async function unpackInto(plan: UnpackPlan): Promise<void> {
  const missing = new Map(plan.entries.map((entry) => [entry.path, entry]));
  const queue: { path: string; data: Buffer }[] = [];
  let problem: Error | undefined;
  let ended = false;

  // The parser works synchronously within write(), so a piece's files are in the queue when write() returns.
  const parser = new Parser({ strict: true });
  const refuse = (error: Error) => {
    problem ??= error;
  };
  parser.on('error', (error: Error) => refuse(damaged(plan.archive, error)));
  parser.on('ignoredEntry', (entry: ReadEntry) => refuse(refused(plan.archive, entry, kindOf(entry))));
  parser.on('eof', () => {
    ended = true;
  });
  parser.on('entry', (entry: ReadEntry) => {
    const path = entry.path.replace(/^(\.\/)+/, '');
    const wanted = missing.get(path);
    const fault = faultOf(entry, path, wanted, plan);
    if (fault !== undefined) refuse(refused(plan.archive, entry, fault));
    if (problem !== undefined || wanted === undefined) {
      entry.resume();
      return;
    }
    missing.delete(path);
    queue.push({ path, data: Buffer.alloc(0) });
    entry.on('data', (data: Buffer) => queue.push({ path, data }));
  });

  const files = new Writer(plan.scratch);
  try {
    let expanded = 0;
    const source = createReadStream(plan.archive);
    for await (const piece of gunzip(source, plan.archive)) {
      throwIfStopped(plan.signal, 'the archive is kept and the next run unpacks it');
      // The parser would open a second layer of compression by itself, past the limit below.
      check(
        expanded > 0 || !compressed(piece),
        WHERE,
        () => `${plan.archive} is not a tar archive inside gzip`,
      );
      expanded += piece.length;
      check(
        expanded <= plan.limit,
        WHERE,
        () => `${plan.archive} expands beyond ${plan.limit} bytes, refused as a decompression bomb`,
      );
      parser.write(piece);
      if (problem !== undefined) throw problem;
      for (const { path, data } of queue.splice(0)) await files.write(path, data);
      plan.onBytes(source.bytesRead);
      if (ended) break;
    }
    if (!ended) parser.end();
    if (problem !== undefined) throw problem;
  } finally {
    await files.close();
  }
  check(missing.size === 0, WHERE, () => `${plan.archive} lacks ${[...missing.keys()].join(', ')}`);
}

/** Why an entry is refused, or undefined where it is welcome. */
function faultOf(
  entry: ReadEntry,
  path: string,
  wanted: ArchiveEntry | undefined,
  plan: UnpackPlan,
): string | undefined {
  if (!PLAIN.has(entry.type)) return kindOf(entry);
  if (/^([\\/]|[A-Za-z]:)/.test(path)) return 'an absolute path';
  if (path.split(/[\\/]/).includes('..')) return 'a path that leaves the folder';
  if (wanted === undefined) {
    if (plan.entries.some((known) => known.path === path)) return 'there twice';
    return entry.size > plan.limit
      ? `${entry.size} bytes, more than the ${plan.limit} allowed in all`
      : undefined;
  }
  if (entry.type === 'Directory') return 'a folder where a file was expected';
  if ('bytes' in wanted) {
    return entry.size === wanted.bytes ? undefined : `${entry.size} bytes, expected ${wanted.bytes}`;
  }
  return entry.size <= wanted.atMost ? undefined : `${entry.size} bytes, expected at most ${wanted.atMost}`;
}

function kindOf(entry: ReadEntry): string {
  return entry.linkpath ? `a ${entry.type} to "${entry.linkpath}"` : `of the kind ${entry.type}`;
}

function refused(archive: string, entry: ReadEntry, fault: string): SpikegradError {
  return new SpikegradError(
    WHERE,
    `${archive} is refused: its entry "${entry.path}" is ${fault}; nothing was unpacked`,
  );
}

function damaged(archive: string, cause: Error): SpikegradError {
  return new SpikegradError(WHERE, `${archive} is not a sound .tar.gz file: ${cause.message}`, { cause });
}

async function* gunzip(source: ReadStream, archive: string): AsyncGenerator<Buffer> {
  const pieces: AsyncIterable<Buffer> = pipeline(source, createGunzip(), () => undefined);
  try {
    yield* pieces;
  } catch (error) {
    throw damaged(archive, error instanceof Error ? error : new Error(String(error)));
  }
}

/** Whether bytes begin as a gzip (1f 8b) or Zstandard (28 b5) file does. */
function compressed(bytes: Uint8Array): boolean {
  return (bytes[0] === 0x1f && bytes[1] === 0x8b) || (bytes[0] === 0x28 && bytes[1] === 0xb5);
}

/** Writes one file after another, as their pieces come. */
class Writer {
  #handle: FileHandle | undefined;
  #path = '';

  constructor(readonly folder: string) {}

  async write(path: string, data: Buffer): Promise<void> {
    if (path !== this.#path) {
      await this.close();
      this.#handle = await open(join(this.folder, lastSegment(path)), 'wx');
      this.#path = path;
    }
    await this.#handle?.writeFile(data);
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle === undefined) return;
    await handle.datasync().finally(() => handle.close());
  }
}
