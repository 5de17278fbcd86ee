// Files of records of one size, one behind the other (Node only): any of them is read by its place. Neighbours are read
// in one go.

import { type FileHandle, open, stat } from 'node:fs/promises';
import { check, SpikegradError } from '../../../errors';

/** A file of such records, or a stretch of one. */
export interface RecordFile {
  readonly path: string;
  /** Bytes in front of them. */
  readonly start: number;
  readonly records: number;
}

export class RecordFiles {
  readonly length: number;

  /** @param size bytes of a record */
  constructor(
    readonly files: readonly RecordFile[],
    readonly size: number,
  ) {
    this.length = files.reduce((sum, { records }) => sum + records, 0);
  }

  /** Files that hold records from byte `head` to their ends. @throws where one is no whole number of them */
  static async of(where: string, paths: readonly string[], head: number, size: number): Promise<RecordFiles> {
    const files: RecordFile[] = [];
    for (const path of paths) {
      const bytes = (await stat(path)).size - head;
      check(
        bytes > 0 && bytes % size === 0,
        where,
        () =>
          `${path} has ${bytes + head} bytes, which is no whole number of records of ${size}; is it cut short?`,
      );
      files.push({ path, start: head, records: bytes / size });
    }
    return new RecordFiles(files, size);
  }

  /** [records.length, size]. The files are open only meanwhile. @throws naming the file */
  async read(where: string, records: readonly number[]): Promise<Uint8Array> {
    const bytes = new Uint8Array(records.length * this.size);
    const handles = new Map<RecordFile, Promise<FileHandle>>();
    try {
      await Promise.all(
        this.#runs(records).map(async ({ file, first, at, count }) => {
          if (!handles.has(file)) handles.set(file, open(file.path));
          const out = bytes.subarray(at * this.size, (at + count) * this.size);
          const handle = await handles.get(file)!;
          const { bytesRead } = await handle.read(out, 0, out.length, file.start + first * this.size);
          check(
            bytesRead === out.length,
            where,
            () =>
              `${file.path} ends inside record ${first + Math.floor(bytesRead / this.size)}; it had ${file.records} before`,
          );
        }),
      );
      return bytes;
    } catch (cause) {
      if (cause instanceof SpikegradError) throw cause;
      throw new SpikegradError(where, cause instanceof Error ? cause.message : String(cause), { cause });
    } finally {
      for (const handle of handles.values()) void handle.then((opened) => opened.close()).catch(() => {});
    }
  }

  /** Neighbours in file and list together: `count` records from `first` on, to the place `at`. */
  #runs(records: readonly number[]): { file: RecordFile; first: number; at: number; count: number }[] {
    const runs: { file: RecordFile; first: number; at: number; count: number }[] = [];
    for (const [at, record] of records.entries()) {
      const [file, first] = this.#find(record);
      const last = runs.at(-1);
      if (last?.file === file && last.first + last.count === first) last.count++;
      else runs.push({ file, first, at, count: 1 });
    }
    return runs;
  }

  #find(record: number): [RecordFile, number] {
    let before = 0;
    for (const file of this.files) {
      if (record < before + file.records) return [file, record - before];
      before += file.records;
    }
    throw new SpikegradError('streamDataset', `there is no record ${record}; there are ${this.length}`);
  }
}
