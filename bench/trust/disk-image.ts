// A disk in a file, and copies of it as a power loss would leave it (Linux, as root). What writes there is stopped
// while a copy is made, and two copies in a row must be equal: else the kernel was writing, and neither is a moment
// of the disk.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const run = (command: string, ...words: string[]) => execFileSync(command, words, { stdio: 'pipe' });

/** How a disk keeps its promises; of a few, the first are tried. */
export const DISKS = {
  // data may reach the disk after the names that point to them, and nothing is written before somebody asks for it
  'ext4, data=writeback, noauto_da_alloc, commit=300': {
    make: [],
    mount: 'loop,data=writeback,noauto_da_alloc,commit=300',
  },
  // a sync of a file brings that file along, and no other
  'ext4 with fast commits, commit=300': {
    make: ['-O', 'fast_commit'],
    mount: 'loop,noauto_da_alloc,commit=300',
  },
  // no order at all but what is synced
  'ext4 without a journal': { make: ['-O', '^has_journal'], mount: 'loop,noauto_da_alloc' },
  'ext4 as usual': { make: [], mount: 'loop' },
} as const;

export type DiskName = keyof typeof DISKS;

/** Makes a disk and mounts it. */
export class DiskImage {
  readonly file: string;
  readonly mount: string;

  constructor(
    readonly root: string,
    readonly name: DiskName,
    megabytes = 24,
  ) {
    this.file = join(root, 'disk.img');
    this.mount = join(root, 'disk');
    mkdirSync(this.mount, { recursive: true });
    run('truncate', '-s', `${megabytes}M`, this.file);
    run('mkfs.ext4', '-q', '-F', ...DISKS[name].make, this.file);
    run('mount', '-o', DISKS[name].mount, this.file, this.mount);
  }

  /** What is on the disk at this moment, as a file. Whoever writes to it must have been stopped. */
  copy(to: string): void {
    for (;;) {
      copyFileSync(this.file, to);
      const [now, then] = [this.file, to].map((path) =>
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      );
      if (now === then) return;
    }
  }

  close(): void {
    run('umount', this.mount);
  }
}

/** Mounts a copy, checked and repaired as at a boot, while `use` works in it. */
export async function inCopy<T>(file: string, folder: string, use: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  try {
    run('e2fsck', '-p', file);
  } catch (error) {
    // 1: mended; 4: asks for a yes, as disks without a journal do
    if ((error as { status?: number }).status !== 1) repair(file);
  }
  run('mount', '-o', 'loop', file, folder);
  try {
    return await use();
  } finally {
    run('umount', folder);
  }
}

function repair(file: string): void {
  try {
    run('e2fsck', '-y', file);
  } catch (error) {
    if ((error as { status?: number }).status !== 1) throw error;
  }
}
