// `npm run trust:power` (after `npm run build`; Linux, as root): power losses. A run and a grid work on disks in
// files; they stop themselves before drawn calls of the file system, and then what is on the disk is copied. Every
// copy is mounted as after a boot and gone on with: it must end with the bits, metrics and figures of undisturbed
// work, and with no file more or less.
//
//   --copies N  of each disk, for a run and for a grid; default 10
//   --disks N   how many kinds of disks; default all
//   --seed N    of the calls; default the clock
//   --run-only  no grid
//   --dry       write nothing; without it the outcome goes to bench/results/power.json

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../../src/core/random';
import { record } from '../record';
import { DISKS, DiskImage, type DiskName, inCopy } from './disk-image';
import { everything, type Running, startGrid, startTraining } from './tiny';

const { values } = parseArgs({
  options: {
    copies: { type: 'string', default: '10' },
    disks: { type: 'string', default: '9' },
    seed: { type: 'string' },
    'run-only': { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
  },
});
const copies = Number(values.copies);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = new Random(seed);
const root = mkdtempSync(join(tmpdir(), 'spikegrad-power-'));
const HOOK = `--import=${pathToFileURL(resolve('bench/trust/stop-at.mjs'))}`;

/** A kind of work: how it is begun or gone on with. */
interface Work {
  readonly name: 'run' | 'grid';
  go(folder: string, env?: Readonly<Record<string, string>>): Running;
}

const checkpointOf = (folder: string) => join(folder, 'checkpoint.safetensors');
const WORKS: readonly Work[] = [
  {
    name: 'run',
    go: (folder, env) => startTraining(folder, existsSync(checkpointOf(folder)), { epochs: 3, env }),
  },
  { name: 'grid', go: startGrid },
];

/** Which of a group's processes stand still, by the system's own list. */
function isStopped(pid: number): boolean {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return [String(pid), ...children].filter(Boolean).some((id) => {
    try {
      return /\) [Tt] /.test(readFileSync(`/proc/${id}/stat`, 'utf8'));
    } catch {
      return false;
    }
  });
}

/** Works on a disk until it ends. @returns how many copies were made */
async function copiesOf(work: Work, disk: DiskImage, calls: number): Promise<string[]> {
  const stops = Array.from({ length: copies }, () => 1 + Math.floor(random.uniform() * calls));
  const { child, ended } = work.go(join(disk.mount, 'work'), {
    NODE_OPTIONS: HOOK,
    SPIKEGRAD_STOP_AT: stops.join(','),
  });
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const made: string[] = [];
  while (!isOver) {
    await sleep(2);
    try {
      if (!isStopped(child.pid!)) continue;
    } catch {
      continue; // it has just ended
    }
    process.kill(-child.pid!, 'SIGSTOP');
    await sleep(20); // all of them
    const copy = join(disk.root, `copy-${made.length}.img`);
    disk.copy(copy);
    made.push(copy);
    process.kill(-child.pid!, 'SIGCONT');
  }
  const { code, err } = await ended;
  assert.equal(code, 0, err);
  return made;
}

const seen: Record<string, Record<string, string>> = {};
for (const work of values['run-only'] ? WORKS.slice(0, 1) : WORKS) {
  const whole = join(root, `whole-${work.name}`);
  const counts = join(root, `${work.name}.count`);
  const { code, err } = await work.go(whole, { NODE_OPTIONS: HOOK, SPIKEGRAD_COUNT_IN: counts }).ended;
  assert.equal(code, 0, err);
  const calls = Math.max(...readFileSync(counts, 'utf8').trim().split('\n').map(Number));
  const expected = everything(whole);
  for (const name of Object.keys(DISKS).slice(0, Number(values.disks)) as DiskName[]) {
    const place = join(root, `${work.name}-${Object.keys(DISKS).indexOf(name)}`);
    mkdirSync(place);
    const disk = new DiskImage(place, name);
    const images = await copiesOf(work, disk, calls).finally(() => disk.close());
    let begun = 0;
    for (const image of images)
      await inCopy(image, join(place, 'copy'), async () => {
        const folder = join(place, 'copy/work');
        const what = `${work.name} on ${name}, seed ${seed}, ${image}`;
        if (existsSync(folder)) begun++;
        const { code, err } = await work.go(folder).ended;
        assert.equal(code, 0, `${what}: ${err}`);
        assert.deepEqual(everything(folder), expected, what);
      });
    seen[work.name] = {
      ...seen[work.name],
      [name]: `${images.length} power losses before drawn ones of ${calls} calls, ${begun} with the folder there; all gone on with to the same bits, metrics and figures`,
    };
    console.log(`${work.name} on ${name}: ${seen[work.name]![name]}`);
    if (!values.dry) record('power', { seed, ...seen }); // as far as it has come
  }
}
console.log(`seed ${seed}`);
rmSync(root, { recursive: true, force: true });
