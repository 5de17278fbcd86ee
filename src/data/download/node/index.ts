// Fetches a dataset once: download, verify, unpack. Node only. Nothing is logged and nothing is throttled: whoever
// calls shows the progress. One process at a time for one folder.

import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, syncFolder } from '../../../disk/folders';
import { check, SpikegradError } from '../../../errors';
import { kindInWords } from '../../../magic';
import {
  aStopSignal,
  callback,
  finite,
  listOf,
  type OptionsOf,
  option,
  optional,
  optionTable,
  required,
  type StopSignal,
  text,
} from '../../../options';
import { kindAt } from '../../node/file-kind';
import {
  ARCHIVES,
  type Archive,
  type ArchiveEntry,
  archiveName,
  type DownloadableDataset,
  lastSegment,
  relocate,
  WHERE,
} from '../sources';
import { diskError } from './errors';
import { dropPart, fetchWithResume } from './fetch';
import { sha256OfFile, sizeOf } from './hash';

export { ARCHIVES, type Archive, type ArchiveEntry, type DownloadableDataset } from '../sources';

/** How far an archive is: `received` of its `total` bytes are on disk, hashed, or unpacked, by `phase`. */
export interface DownloadProgress {
  /** Name of the archive, such as `cifar-10-binary.tar.gz`. */
  file: string;
  phase: 'download' | 'verify' | 'unpack';
  received: number;
  total: number;
}

/** What every download takes. */
export interface DownloadOptions {
  /** The folder that gets the files; made if absent. Give each dataset its own. */
  directory: string;
  /** Told how far it is. */
  onProgress?: (progress: DownloadProgress) => void;
  /** Stops the download; what has arrived is kept and the next call goes on from there. */
  signal?: StopSignal;
  /** Milliseconds before each retry of a broken connection. Default `[1000, 2000, 4000, 8000, 16000]`. */
  retryWaits?: readonly number[];
  /** Milliseconds without a byte after which a connection counts as broken. Default 30000. */
  stallTimeout?: number;
}

/** How a public data set is downloaded. */
export interface DownloadDatasetOptions extends DownloadOptions {
  /**
   * Default: the official address. What replaces it: a folder's address, or for CIFAR the address of the archive
   * itself. The size and the SHA-256 must still be the official ones.
   */
  source?: string;
}

const RETRY_WAITS = [1000, 2000, 4000, 8000, 16_000];
const STALL_TIMEOUT = 30_000;

export const downloadOptions = optionTable({
  directory: required(text),
  onProgress: optional(callback<NonNullable<DownloadOptions['onProgress']>>('a function (progress)')),
  signal: optional(aStopSignal),
  retryWaits: option(listOf(finite({ least: 0 })), () => RETRY_WAITS, `[${RETRY_WAITS.join(', ')}]`),
  stallTimeout: option(finite({ above: 0 }), STALL_TIMEOUT),
} satisfies OptionsOf<DownloadOptions>);

export const downloadDatasetOptions = /* @__PURE__ */ downloadOptions.with({
  source: optional(text, 'the official address'),
} satisfies OptionsOf<Pick<DownloadDatasetOptions, 'source'>>);

const UNPACKED_SLACK = 16 * 2 ** 20; // readme files, headers and padding

/**
 * Brings a dataset into `options.directory`: CIFAR's `.bin` and label files without the archive's folder, MNIST's four
 * `.gz` files as published. Files that are there with the right sizes are taken as they are, without network; so is a
 * right archive that somebody put into the folder. Returns the paths of the files.
 *
 * @throws SpikegradError if an address refuses, the bytes are not the published ones, the archive is not safe to
 *   unpack, the disk is full, or the signal fires (then `error.cause` is the signal's reason)
 */
export async function downloadDataset(
  name: DownloadableDataset,
  options: DownloadDatasetOptions,
): Promise<{ files: string[] }> {
  check(
    Object.hasOwn(ARCHIVES, name),
    WHERE,
    () => `no dataset ${JSON.stringify(name)}, choose one of ${Object.keys(ARCHIVES).join(', ')}`,
  );
  const { source, ...given } = downloadDatasetOptions.read(WHERE, options);
  const archives = source === undefined ? ARCHIVES[name] : relocate(ARCHIVES[name], source);
  const files: string[] = [];
  for (const archive of archives) files.push(...(await downloadArchive(archive, given)).files);
  return { files };
}

/** The same as {@link downloadDataset} for one archive of the caller's own. */
export async function downloadArchive(
  archive: Archive,
  options: DownloadOptions,
): Promise<{ files: string[] }> {
  const { directory, onProgress, retryWaits, stallTimeout, ...given } = downloadOptions.read(WHERE, options);
  const signal = given.signal as AbortSignal | undefined; // which the table has checked
  const file = archiveName(archive);
  const wanted: readonly ArchiveEntry[] = archive.entries ?? [{ path: file, bytes: archive.bytes }];
  const files = wanted.map(({ path }) => join(directory, lastSegment(path)));
  const whole = join(directory, file);
  const part = `${whole}.part`;
  const scratch = `${whole}.unpacking`;
  const report = (phase: DownloadProgress['phase']) => (received: number) =>
    onProgress?.({ file, phase, received, total: archive.bytes });
  const digest = (path: string) =>
    sha256OfFile(path, report('verify'), signal, `${path} is kept and the next run verifies it`);

  try {
    await makeFolder(directory);
    if (await allThere(wanted, files)) {
      // of one that was killed when it had all but cleaned up; a folder that cannot be changed stays as it is
      await dropPart(part).catch(() => undefined);
      await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
      return { files };
    }

    // A tar.gz is never left here by us, so one that is here was put here by somebody.
    const byHand = (await sizeOf(whole)) === archive.bytes && (await digest(whole)) === archive.sha256;
    if (!byHand) {
      await fetchWithResume({
        url: archive.url,
        part,
        bytes: archive.bytes,
        retryWaits,
        stallTimeout,
        signal,
        onBytes: report('download'),
      });
      await verifyPart(part, archive, await digest(part));
    }

    if (archive.entries === undefined) {
      await rename(part, whole);
      await syncFolder(directory);
    } else {
      const sizes = archive.entries.map((entry) => ('bytes' in entry ? entry.bytes : entry.atMost));
      const sum = sizes.reduce((total, size) => total + size, 0);
      const { unpackTarGz } = await import('./unpack'); // which few need, and which brings a package
      await unpackTarGz({
        archive: byHand ? whole : part,
        directory,
        scratch,
        entries: archive.entries,
        limit: archive.unpackedLimit ?? sum + UNPACKED_SLACK,
        signal,
        onBytes: report('unpack'),
      });
    }
    await dropPart(part);
    return { files };
  } catch (error) {
    throw diskError(error, directory, 'a complete download is kept');
  }
}

async function verifyPart(part: string, archive: Archive, got: string): Promise<void> {
  if (got === archive.sha256) return;
  const kind = kindAt(part);
  const told = kind === undefined || kind === 'gzip' ? '' : ` (by its first bytes ${kindInWords(kind)})`;
  await dropPart(part);
  throw new SpikegradError(
    WHERE,
    `${archive.url} is not the published file${told}: expected SHA-256 ${archive.sha256}, got ${got}; ` +
      'it was removed, so try again or give another source',
  );
}

async function allThere(wanted: readonly ArchiveEntry[], files: readonly string[]): Promise<boolean> {
  const sizes = await Promise.all(files.map(sizeOf));
  return wanted.every((entry, i) => {
    const size = sizes[i];
    if (size === undefined) return false;
    return 'bytes' in entry ? size === entry.bytes : size > 0 && size <= entry.atMost;
  });
}
