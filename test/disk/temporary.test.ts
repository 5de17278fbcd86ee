// Temporary files: those of killed processes go at the next start, those of living ones stay, other people's too.

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFile } from '../../src/cli/files';
import { sweep, temporaryName } from '../../src/disk/temporary';
import { writeAtomically, writeGuarded } from '../../src/disk/write';
import { GridFolder } from '../../src/paper/node/store';
import { calibrationFolder } from '../../src/train/node/calibration-folder';
import { RunFolder } from '../../src/train/node/run/folder';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'spikegrad-temporary-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** What is left where a process is killed in the middle of a write. */
function killedAt(path: string): string {
  const source = `import { temporaryName } from './src/disk/temporary.ts';
    import { writeFileSync } from 'node:fs';
    const name = temporaryName(process.argv[1]);
    writeFileSync(name, 'half');
    console.log(name);
    process.kill(process.pid, 'SIGKILL');`;
  mkdirSync(dirname(path), { recursive: true });
  const words = ['--import', 'tsx', '--input-type=module', '--eval', source, path];
  const left = spawnSync(process.execPath, words).stdout.toString().trim();
  expect(existsSync(left)).toBe(true);
  return left;
}

/** As the process of another boot, container or machine would have called it. */
const foreign = (path: string) => temporaryName(path).replace(/[0-9a-f]{8}(-\d+\.tmp)$/, '00000000$1');

test('of a killed process goes when any writer starts in its folder', async () => {
  const left = killedAt(join(home, 'file'));
  const starts: readonly [string, () => Promise<unknown>][] = [
    ['run/model.safetensors', async () => (await RunFolder.create(join(home, 'run'))).release()],
    ['grid/table1.md', () => new GridFolder(join(home, 'grid')).cells()],
    ['grid/cells/a.json', () => new GridFolder(join(home, 'grid')).cells()],
    ['grid/runs/a/checkpoint.safetensors', () => new GridFolder(join(home, 'grid')).cells()],
    ['figures/figure2.svg', () => writeFile(join(home, 'figures/other.svg'), 'x')],
    [
      'cache/calibration.json',
      () => calibrationFolder(join(home, 'cache')).save('key', { fastest: 'wasm', milliseconds: {} }),
    ],
  ];
  for (const [name, start] of starts) {
    const paths = [left.replace(join(home, 'file'), join(home, name)), foreign(join(home, name))];
    mkdirSync(dirname(join(home, name)), { recursive: true });
    for (const path of paths) writeFileSync(path, 'half');
    await start();
    expect(paths.filter(existsSync), name).toEqual([]);
  }
});

test('of a living process stays, and so does whatever only looks like one', async () => {
  const names = ['file.tmp', 'file.12.0.tmp', '.spikegrad-x.tmp', 'file.spikegrad-1-2-00000000-0.tmp.txt'];
  for (const name of names) writeFileSync(join(home, name), 'mine');
  writeFileSync(temporaryName(join(home, 'file')), 'half');
  await sweep(home);
  expect(readdirSync(home).length).toBe(names.length + 1);
});

test('that was swept by somebody who cannot see its writer is written again', async () => {
  const path = join(home, 'file');
  let swept = 0;
  await writeGuarded(path, 'whole', () => {
    for (const name of readdirSync(home)) if (swept < 2 && ++swept) rmSync(join(home, name));
  });
  expect(readFileSync(path, 'utf8')).toBe('whole');
  expect(swept).toBe(2);
  await expect(
    writeGuarded(path, 'other', () => {
      throw new Error('not yours any more');
    }),
  ).rejects.toThrow(/not yours any more/);
  expect(readFileSync(path, 'utf8')).toBe('whole');
  await writeAtomically(path, 'last');
  expect(readdirSync(home)).toEqual(['file']);
});
