// Locks of holders in another space of process numbers, as a container has one. (Skipped where `unshare` may not make
// one.)

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderHeldError, takeLock } from '../../src/disk/lock';
import { needsOf } from '../support/needs';

const { missing, note } = needsOf('test/disk/containers.test.ts');
const timing = { beat: 100, silence: 2000 };
let directory: string;
let path: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spikegrad-container-'));
  path = join(directory, 'lock.json');
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** A holder that is process 1 of its own. @param busy milliseconds that its main thread is busy at a time */
async function container(busy = 0) {
  const words = ['--import', 'tsx', 'test/disk/holder.ts', path, timing.beat, timing.silence, busy].map(
    String,
  );
  const child = spawn('unshare', [
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
    process.execPath,
    ...words,
  ]);
  started.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  const says = async (word: string) => {
    while (!said.includes(word)) {
      if (child.exitCode !== null) throw new Error(`the holder ended: ${said}`);
      await sleep(20);
    }
    return said;
  };
  await says('held');
  return { child, says };
}

describe.skipIf(missing)(`a holder in a container${note}`, () => {
  test('is alive while it counts, however busy it is, and dead when it is killed', async () => {
    const { child } = await container(3 * timing.silence);
    await sleep(500); // it is busy by now
    await expect(takeLock(path, { timing })).rejects.toThrow(FolderHeldError);
    const ended = new Promise((settle) => child.once('close', settle));
    child.kill('SIGKILL');
    await ended;
    // started again, it has the same number, in another space
    await container();
  });

  test('that was stopped loses its lock, and finds it so when it goes on', async () => {
    const { child, says } = await container();
    const { stdout } = spawn('pkill', ['-STOP', '-P', String(child.pid)]);
    await new Promise((settle) => stdout.once('close', settle));
    const lock = await takeLock(path, { timing });
    spawn('pkill', ['-CONT', '-P', String(child.pid)]);
    expect(await says('lost')).toMatch(
      new RegExp(`lost .*another process \\(${process.pid}\\) has taken .* while this one stood still`),
    );
    expect(() => lock.check()).not.toThrow();
    await lock.release();
  });
});
