import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unpackTarGz } from '../../src/data/download/node/unpack';
import {
  A,
  B,
  freshFolder,
  listing,
  type Member,
  makeTarGz,
  SMALL_ENTRIES,
  SMALL_FILES,
  SMALL_MEMBERS,
} from './download-helpers';

const EVIL = Buffer.from('evil');
const CUT: Member = { path: 'small/b.bin', data: B.subarray(0, 1024), size: B.length };

/** Unpacks into `<root>/data` and gives the error's message, or '' where there was none, and what was written. */
async function unpack(
  archive: Buffer,
  limit = 2 ** 20,
): Promise<{ message: string; root: string; written: string[] }> {
  const root = await freshFolder();
  const directory = join(root, 'data');
  await mkdir(directory);
  await writeFile(join(root, 'archive'), archive);
  const before = await listing(root);
  const message = await unpackTarGz({
    archive: join(root, 'archive'),
    directory,
    scratch: join(directory, 'scratch'),
    entries: SMALL_ENTRIES,
    limit,
    signal: undefined,
    onBytes: () => {},
  }).then(
    () => '',
    (error: Error) => `${error.name} ${error.message}`,
  );
  const written = (await listing(root)).filter((line) => !before.includes(line));
  return { message, root, written };
}

/** A PAX header that gives the next member another path. */
function paxPath(path: string): Member {
  const body = ` path=${path}\n`;
  let length = body.length;
  while (`${length}${body}`.length !== length) length++;
  return { path: 'PaxHeader/x', type: 'x', data: Buffer.from(`${length}${body}`) };
}

describe('unpackTarGz', () => {
  test('unpacks the wanted files, skips the others and removes its scratch folder', async () => {
    const { message, written } = await unpack(makeTarGz(SMALL_MEMBERS));
    expect(message).toBe('');
    expect(written).toEqual(SMALL_FILES.map((line) => `data/${line}`));
  });

  test.each<[string, Member, string]>([
    ['climbs out', { path: '../evil', data: EVIL }, '"../evil" is a path that leaves the folder'],
    ['climbs out further in', { path: 'small/../../evil', data: EVIL }, 'a path that leaves the folder'],
    [
      'climbs out the Windows way',
      { path: 'small\\..\\..\\evil', data: EVIL },
      'a path that leaves the folder',
    ],
    ['is absolute', { path: '/tmp/spikegrad-evil', data: EVIL }, '"/tmp/spikegrad-evil" is an absolute path'],
    ['has a drive', { path: 'C:/evil', data: EVIL }, '"C:/evil" is an absolute path'],
    ['is a folder outside', { path: '../evil/', type: '5' }, 'a path that leaves the folder'],
    ['is a symlink outside', { path: 'small/out', type: '2', link: '../..' }, 'a SymbolicLink to "../.."'],
    ['is a symlink inside', { path: 'small/in', type: '2', link: 'a.bin' }, 'a SymbolicLink to "a.bin"'],
    ['is a hard link', { path: 'small/c.bin', type: '1', link: '/etc/passwd' }, 'a Link to "/etc/passwd"'],
    ['is a character device', { path: 'small/tty', type: '3' }, 'of the kind CharacterDevice'],
    ['is a block device', { path: 'small/sda', type: '4' }, 'of the kind BlockDevice'],
    ['is a pipe', { path: 'small/pipe', type: '6' }, 'of the kind FIFO'],
    ['is of an unknown kind', { path: 'small/odd', type: 'Q', data: EVIL }, '"small/odd" is of the kind'],
    ['is there twice', { path: 'small/a.bin', data: A }, '"small/a.bin" is there twice'],
    [
      'says that it is huge',
      { path: 'small/x', size: 2 ** 32 },
      '4294967296 bytes, more than the 1048576 allowed',
    ],
  ])('refuses an archive whose entry %s, names it and writes nothing', async (_, member, expected) => {
    for (const members of [
      [member, ...SMALL_MEMBERS],
      [...SMALL_MEMBERS, member],
    ]) {
      if (expected.includes('twice') && members[0] === member) continue;
      const { message, written } = await unpack(makeTarGz(members));
      expect(message).toContain('SpikegradError downloadDataset: ');
      expect(message).toContain(expected);
      expect(written).toEqual([]);
    }
  });

  test('refuses any path with a ".." in it, also when an extended header brings it', async () => {
    const segment = fc.constantFrom('..', 'small', 'a.bin', '.', 'x');
    const path = fc
      .array(segment, { minLength: 1, maxLength: 5 })
      .filter((segments) => segments.includes('..'))
      .map((segments) => segments.join('/'));
    await fc.assert(
      fc.asyncProperty(path, fc.boolean(), async (hostile, extended) => {
        const members = extended
          ? [paxPath(hostile), { path: 'small/harmless', data: EVIL }]
          : [{ path: hostile, data: EVIL }];
        const { message, written } = await unpack(makeTarGz([...members, ...SMALL_MEMBERS]));
        expect(message).toContain(`"${hostile}" is a path that leaves the folder`);
        expect(written).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('refuses a wanted file that is larger or smaller than stated', async () => {
    for (const data of [Buffer.concat([A, EVIL]), A.subarray(1)]) {
      const { message, written } = await unpack(makeTarGz([{ path: 'small/a.bin', data }]));
      expect(message).toContain(`"small/a.bin" is ${data.length} bytes, expected ${A.length}`);
      expect(written).toEqual([]);
    }
    const names = { path: 'small/names.txt', data: Buffer.alloc(5000, 'x') };
    expect((await unpack(makeTarGz([names]))).message).toContain('5000 bytes, expected at most 4096');
  });

  test('refuses a folder under the name of a wanted file', async () => {
    const { message } = await unpack(makeTarGz([{ path: 'small/a.bin', type: '5' }, ...SMALL_MEMBERS]));
    expect(message).toContain('"small/a.bin" is a folder');
  });

  test('names the files that an archive lacks', async () => {
    const { message, written } = await unpack(makeTarGz(SMALL_MEMBERS.slice(0, 3)));
    expect(message).toContain('lacks small/b.bin, small/names.txt');
    expect(written).toEqual([]);
  });

  test('stops a bomb at the limit, however many small entries it is made of', async () => {
    const crumbs = Array.from({ length: 500 }, (_, i) => ({ path: `small/${i}`, data: Buffer.alloc(5000) }));
    const { message, written } = await unpack(makeTarGz([...crumbs, ...SMALL_MEMBERS]));
    expect(message).toContain('expands beyond 1048576 bytes, refused as a decompression bomb');
    expect(written).toEqual([]);
  });

  test('does not read what follows the end of the archive', async () => {
    const { message } = await unpack(makeTarGz(SMALL_MEMBERS, Buffer.alloc(30 * 2 ** 20)));
    expect(message).toBe('');
  });

  test('refuses a second layer of compression', async () => {
    const { message, written } = await unpack(gzipSync(makeTarGz(SMALL_MEMBERS)));
    expect(message).toContain('is not a tar archive inside gzip');
    expect(written).toEqual([]);
  });

  test.each<[string, Buffer]>([
    ['is no gzip', Buffer.from('<html>moved</html>'.repeat(100))],
    ['is empty', Buffer.alloc(0)],
    ['holds no tar', gzipSync(Buffer.alloc(4096, 'x'))],
    ['ends in the middle of gzip', makeTarGz(SMALL_MEMBERS).subarray(0, 100_000)],
    [
      'ends in the middle of its last file',
      makeTarGz([...SMALL_MEMBERS.filter((one) => one.data !== B), CUT]),
    ],
  ])('refuses an archive that %s and leaves nothing', async (_, archive) => {
    const { message, written } = await unpack(archive);
    expect(message).toMatch(/^SpikegradError downloadDataset: .*(is not a sound \.tar\.gz file|lacks)/);
    expect(written).toEqual([]);
  });

  test('takes a damaged header for damage and not for the end', async () => {
    const { message, written } = await unpack(
      makeTarGz([...SMALL_MEMBERS.slice(0, 3)], Buffer.alloc(2048, 7)),
    );
    expect(message).toContain('is not a sound .tar.gz file');
    expect(written).toEqual([]);
  });

  test('does not follow a link that stands where its scratch folder goes', async () => {
    const root = await freshFolder();
    await mkdir(join(root, 'data'));
    await mkdir(join(root, 'precious'));
    await writeFile(join(root, 'precious/a.bin'), 'mine');
    await writeFile(join(root, 'archive'), makeTarGz(SMALL_MEMBERS));
    await symlink('../precious', join(root, 'data/scratch'));
    const before = await listing(join(root, 'precious'));
    await unpackTarGz({
      archive: join(root, 'archive'),
      directory: join(root, 'data'),
      scratch: join(root, 'data/scratch'),
      entries: SMALL_ENTRIES,
      limit: 2 ** 20,
      signal: undefined,
      onBytes: () => {},
    });
    expect(await listing(join(root, 'precious'))).toEqual(before);
    expect(await listing(join(root, 'data'))).toEqual(SMALL_FILES);
  });
});
