// The reader of tar archives, which writes files, so that it comes with a folder of its own, and is held to leave
// nothing outside of it.

import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { unpackTarGz } from '../../../src/data/download/node/unpack';
import { makeTarGz } from '../../data/download-helpers';
import { randomBytes } from '../../data/sources';
import type { Reader, Source } from '../attack';

/** A folder in memory, where there is one: every unpacked file is synced, which takes a disk milliseconds. */
const MEMORY = '/dev/shm';

export async function tarReader(): Promise<{ reader: Reader; remove: () => Promise<void> }> {
  const root = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'spikegrad-hostile-'));
  const directory = join(root, 'in/data');
  await mkdir(directory, { recursive: true });
  const archive = join(root, 'archive');
  const entries = [
    { path: 'small/a.bin', bytes: 700 },
    { path: 'small/names.txt', atMost: 100 },
  ];
  const members = [
    { path: 'small/', type: '5' },
    { path: 'small/a.bin', data: Buffer.from(randomBytes(700, 3)) },
    { path: 'small/readme', data: Buffer.from('hello') },
    { path: 'small/names.txt', data: Buffer.from('one\ntwo\n') },
  ];
  const limit = 2 ** 16;
  const names = async (folder: string) => (await readdir(folder)).sort().join();
  // the tar layer is mutated before it is compressed: few mutated gzip streams get past their checksum
  const plain = gunzipSync(makeTarGz(members));
  const read = async ({ bytes }: Source) => {
    await writeFile(archive, gzipSync(bytes, { level: 1 }));
    const signal = undefined;
    const scratch = join(directory, 'scratch');
    const unpacking = unpackTarGz({
      archive,
      directory,
      scratch,
      entries,
      limit,
      signal,
      onBytes: () => undefined,
    });
    const failure = await unpacking.then(
      () => undefined,
      (error: unknown) => error,
    );
    const [top, middle, left] = [await names(root), await names(join(root, 'in')), await names(directory)];
    expect([top, middle], 'what lies outside').toEqual(['archive,in', 'data']);
    expect(left, 'what is left inside').toBe(failure === undefined ? 'a.bin,names.txt' : '');
    let held = 0;
    for (const name of left === '' ? [] : left.split(',')) {
      held += readFileSync(join(directory, name)).length;
      await rm(join(directory, name));
    }
    if (failure !== undefined) throw failure;
    return held;
  };
  const reader: Reader = {
    name: 'tar archives',
    files: [new Uint8Array(plain)],
    read,
    place: /archive/,
    most: () => 800,
  };
  return { reader, remove: () => rm(root, { recursive: true, force: true }) };
}
