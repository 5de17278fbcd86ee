// Who holds a lock, who has lost it, and by which clock.

import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { utimes } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FolderHeldError, FolderLostError, takeLock } from '../../src/disk/lock';
import { newLock, parseLock } from '../../src/disk/lock/file';
import type { thisProcess } from '../../src/disk/process';

const timing = { beat: 50, silence: 500 };
let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spikegrad-lock-'));
  path = join(directory, 'lock.json');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The lock of a process that is not this one. */
function put(other: Partial<ReturnType<typeof thisProcess>>): string {
  const text = JSON.stringify({ ...JSON.parse(newLock().text), ...other });
  writeFileSync(path, text);
  return text;
}
const elsewhere = { space: 'another boot', pid: process.pid };
const seconds = async (work: Promise<unknown>) => {
  const before = performance.now();
  await work;
  return performance.now() - before;
};
const files = () => readdirSync(directory);

describe('a lock', () => {
  test('is held by one at a time, also in one process, and leaves nothing when it is given back', async () => {
    const lock = await takeLock(path);
    await expect(takeLock(path)).rejects.toThrow(FolderHeldError);
    expect(() => lock.check()).not.toThrow();
    await lock.release();
    expect(files()).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')(
    'of a process whose number somebody else has by now is free at once',
    async () => {
      for (const gone of [{ start: '1' }, { pid: 2 ** 22 + 1 }]) {
        put(gone);
        const onWatch = vi.fn();
        await (await takeLock(path, { onWatch })).release();
        expect(onWatch).not.toHaveBeenCalled();
      }
      expect(files()).toEqual([]);
    },
  );

  test.each([
    ['of another boot, container or machine, whatever its number', () => put(elsewhere)],
    ['of another host with the same boot', () => put({ host: 'elsewhere', start: '1' })],
    ['that a power loss emptied', () => writeFileSync(path, '')],
    ['that a power loss left as zeros', () => writeFileSync(path, Buffer.alloc(200))],
    ['of an older version', () => writeFileSync(path, JSON.stringify({ pid: 1, host: hostname() }))],
  ])('%s is free after a silence of its counter, and not before', async (_, make) => {
    make();
    const onWatch = vi.fn();
    const taking = takeLock(path, { timing, onWatch });
    expect(await seconds(taking)).toBeGreaterThan(0.45 * timing.silence);
    expect(onWatch).toHaveBeenCalledExactlyOnceWith(0.5);
    await (await taking).release();
    expect(files()).toEqual([]);
  });

  test('whose file is touched again and again, with no count, is free all the same; no clock of the disk matters', async () => {
    put(elsewhere);
    let hours = 0.5;
    const touching = setInterval(() => {
      hours = -hours;
      const when = new Date(Date.now() + 3_600_000 * hours);
      utimes(path, when, when).catch(() => undefined); // it goes when it is taken
    }, 20);
    const taking = takeLock(path, { timing });
    await taking.finally(() => clearInterval(touching));
    await (await taking).release();
  });

  test('that came with a copied folder is free after a silence, while the original is held', async () => {
    const lock = await takeLock(path, { timing });
    const copy = join(directory, 'copy.json');
    copyFileSync(path, copy);
    const onWatch = vi.fn();
    const own = await takeLock(copy, { timing, onWatch });
    expect(onWatch).toHaveBeenCalledOnce();
    for (const one of [lock, own]) expect(() => one.check()).not.toThrow();
    await expect(takeLock(path, { timing })).rejects.toThrow(FolderHeldError);
    await own.release();
    renameSync(path, copy); // a folder that was moved is the same
    await expect(takeLock(copy, { timing })).rejects.toThrow(FolderHeldError);
    await lock.release();
    rmSync(copy);
  });

  test('that counts is held, however slowly its clock goes', async () => {
    let count = 0;
    const text = put(elsewhere);
    const counting = setInterval(
      () => writeFileSync(path, text.replace('0000000000', String(++count).padStart(10, '0'))),
      200,
    );
    await expect(takeLock(path, { timing }).finally(() => clearInterval(counting))).rejects.toThrow(
      /another process \(\d+\) is working in this folder; wait for it/,
    );
  });

  test('is not taken for a dead one’s because the watcher itself stood still for an hour', async () => {
    put(elsewhere);
    const now = process.hrtime.bigint();
    let looks = 0;
    const clock = vi
      .spyOn(process.hrtime, 'bigint')
      .mockImplementation(() => now + BigInt(looks++) * 3_600_000_000_000n);
    try {
      expect(await seconds(takeLock(path, { timing }).then((lock) => lock.release()))).toBeGreaterThan(
        0.4 * timing.silence,
      );
      expect(looks).toBeGreaterThanOrEqual(5);
    } finally {
      clock.mockRestore();
    }
  });

  test('counts up by itself, and its watching can be stopped', async () => {
    const lock = await takeLock(path, { timing });
    const first = readFileSync(path, 'utf8');
    await vi.waitUntil(() => readFileSync(path, 'utf8') !== first, 5000);
    const later = readFileSync(path, 'utf8');
    expect(later.length).toBe(first.length);
    expect(parseLock(later)).toEqual(parseLock(first));
    await lock.release();
    put(elsewhere);
    await expect(takeLock(path, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/abort/);
  });

  test('that was taken is lost at the next beat: nothing passes its check, and the other’s stays', async () => {
    const lock = await takeLock(path, { timing });
    const other = put({ ...elsewhere, pid: 4711, host: 'elsewhere' });
    expect(() => lock.check()).toThrow(FolderLostError);
    await lock.release();
    expect(readFileSync(path, 'utf8')).toBe(other);
    rmSync(path);

    const again = await takeLock(path, { timing });
    await sleep(400);
    put({ ...elsewhere, pid: 4711, host: 'elsewhere' });
    await vi.waitUntil(() => again.lost.aborted, 5000);
    expect(String(again.lost.reason)).toMatch(
      /another process \(4711 on elsewhere\) has taken .* while this one stood still; this process stops/,
    );
    expect(() => again.check()).toThrow(FolderLostError);
    await again.release();
  });

  test('whose file is gone is lost too: somebody may have been there and left', async () => {
    const lock = await takeLock(path, { timing });
    rmSync(path);
    expect(() => lock.check()).toThrow(/lock\.json is gone: somebody has removed or moved it/);
    await lock.release();
    expect(files()).toEqual([]);
  });

  test('that is no lock is left as it is', async () => {
    for (const text of ['gibberish', '{"lockfileVersion":3}', '[1]', '{"pid":"1","host":"a"}']) {
      writeFileSync(path, text);
      await expect(takeLock(path)).rejects.toThrow(/lock\.json is there and is no lock of a run/);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  test('of a dead process goes to one of many that want it, early and late', async () => {
    for (let round = 0; round < 30; round++) {
      put({ start: '1', ...(process.platform !== 'linux' && elsewhere) });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, async (_, i) => {
          await sleep((i * round) % 5);
          return takeLock(path, { timing });
        }),
      );
      const taken = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(taken.length).toBe(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(FolderHeldError);
      expect(() => taken[0]!.check()).not.toThrow();
      await taken[0]!.release();
      expect(files()).toEqual([]);
    }
  });

  test('removes what a dead one left that was to inherit', async () => {
    writeFileSync(`${path}.0123456789abcdef`, newLock().text);
    writeFileSync(`${path}.notes`, 'mine');
    await (await takeLock(path)).release();
    expect(files()).toEqual(['lock.json.notes']);
  });
});
