// What `spikegrad doctor` says of a folder's disk, and how it ends. The backend's part is tested with checkBackend.

import * as node from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { doctorCommand } from '../../src/cli/doctor';
import { checkFiles, type FileCalls } from '../../src/cli/doctor/file-checks';
import { EXIT } from '../../src/cli/exit';
import type { BackendReport } from '../../src/testing';

let folder: string;
beforeAll(async () => {
  folder = await node.mkdtemp(join(tmpdir(), 'spikegrad-doctor-'));
});
afterAll(() => node.rm(folder, { recursive: true }));

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

/** An opened file whose sync does something else. */
const withSync = (sync: (path: node.FileHandle) => Promise<void>, only: (flags: unknown) => boolean) =>
  (async (path: string, flags: string) => {
    const file = await node.open(path, flags);
    if (only(flags)) file.sync = () => sync(file);
    return file;
  }) as FileCalls['open'];

/** Renames may run side by side. */
let keeps = 0;

const faults: readonly (readonly [fault: string, row: string, words: RegExp, calls: Partial<FileCalls>])[] = [
  [
    'a sync that fails',
    'syncing',
    /EIO/,
    {
      open: withSync(
        () => Promise.reject(new Error('EIO: i/o error, fsync')),
        (flags) => flags === 'w',
      ),
    },
  ],
  [
    'a sync of folders that fails',
    'syncing',
    /EINVAL/,
    {
      open: withSync(
        () => Promise.reject(new Error('EINVAL: invalid argument, fsync')),
        (flags) => flags === 'r',
      ),
    },
  ],
  [
    'a sync after which the end is gone',
    'syncing',
    /999 bytes came back of 1048576/,
    {
      open: withSync(
        (file) => file.truncate(999),
        (flags) => flags === 'w',
      ),
    },
  ],
  [
    'a rename that removes the old file first',
    'rename',
    /ENOENT/,
    {
      async rename(from, to) {
        await node.rm(to);
        await pause();
        await node.rename(from, to);
      },
    },
  ],
  [
    'a rename that copies piece by piece',
    'rename',
    /half written/,
    {
      async rename(from, to) {
        const content = await node.readFile(from);
        await node.writeFile(to, content.subarray(0, 1000));
        await pause();
        await node.writeFile(to, content);
        await node.rm(from);
      },
    },
  ],
  [
    'a rename that leaves the old name',
    'rename',
    /still under its old name|half written/,
    {
      async rename(from, to) {
        const kept = `${from}.${keeps++}.kept`;
        await node.link(from, kept);
        await node.rename(from, to);
        await node.rename(kept, from);
      },
    },
  ],
  [
    'a lock that two may take',
    'lock file',
    /of 16 got the same lock/,
    {
      link: (from, to) => node.copyFile(from, to),
    },
  ],
  [
    'a disk without links',
    'lock file',
    /ENOTSUP/,
    { link: () => Promise.reject(new Error('ENOTSUP: operation not supported, link')) },
  ],
];

describe('the files of a sound disk', () => {
  test('hold in every row, and nothing is left behind', async () => {
    const rows = await checkFiles(folder);
    expect(rows.map(({ check, verdict }) => [check, verdict])).toEqual([
      ['syncing', 'holds'],
      ['rename', 'holds'],
      ['lock file', 'holds'],
    ]);
    expect(await node.readdir(folder)).toEqual([]);
  });
});

test.each(faults)('%s fails in the row %s, and in no other', async (_, row, words, calls) => {
  const rows = await checkFiles(folder, { ...node, ...calls });
  const failed = rows.filter(({ verdict }) => verdict === 'fails');
  expect(failed.map(({ check }) => check)).toEqual([row]);
  expect(failed[0]!.found).toMatch(words);
  expect(await node.readdir(folder)).toEqual([]);
});

const report = vi.hoisted(() => ({ current: undefined as BackendReport | undefined }));
vi.mock('../../src/testing/check', async (original) => ({
  ...(await original<object>()),
  async checkBackend(_: unknown, { onRow }: { onRow: (row: unknown) => void }) {
    for (const row of report.current!.rows) onRow(row);
    return report.current;
  },
}));

describe('spikegrad doctor', () => {
  let written = '';
  beforeEach(() => {
    written = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
    return () => {
      vi.restoreAllMocks();
      process.exitCode = undefined;
    };
  });
  const run = (...words: string[]) =>
    doctorCommand().parseAsync(['--backend', 'cpu', '--out', folder, ...words], { from: 'user' });
  const row = (verdict: 'holds' | 'fails') =>
    ({ check: 'gradients', verdict, found: 'so it is', seconds: 1 }) as const;

  test('ends with 0 when all holds', async () => {
    report.current = { ok: true, rows: [row('holds')] };
    await run();
    expect(process.exitCode).toBe(EXIT.done);
    expect(written).toContain('cpu backend, f32');
    expect(written).toMatch(/gradients +holds +1\.0 +so it is\nsyncing +holds/);
    expect(written).toContain('Nothing failed.');
  });

  test('ends with 1 and names what failed, as JSON too', async () => {
    report.current = { ok: false, rows: [row('fails')] };
    await run();
    expect(process.exitCode).toBe(EXIT.failed);
    expect(written).toContain('1 check failed: gradients.');
    written = '';
    await run('--json');
    expect(process.exitCode).toBe(EXIT.failed);
    expect(JSON.parse(written)).toMatchObject({
      ok: false,
      rows: [
        { check: 'gradients', verdict: 'fails' },
        { check: 'syncing' },
        { check: 'rename' },
        { check: 'lock file' },
      ],
    });
  });

  test('refuses a folder that is none', async () => {
    await expect(run('--out', join(folder, 'nowhere'))).rejects.toThrow('there is no such folder');
  });
});
