// `npm run speedrun`: screens the ingredients of `train --recipe fast` on CIFAR-10. Each arm is the base with one thing
// changed (arms.ts), or several joined by +; all are judged on training images that are held out, never on test images.
// Finished cells are kept, one that was stopped goes on; a row is in screen.md of --out as soon as it is there, and the
// costs when all are.
//
//   --data DIR      the official binary files (default: cifar10 in the folder of real data of the tests)
//   --out DIR       cells and checkpoints, default runs/speedrun
//   --arms LIST     default: all, one at a time
//   --images N      training images, default 45000; 5,000 others are held out in either case
//   --epochs N      default 3
//   --seeds LIST    default 0
//   --rounds N      steps of each kind by which cost is measured, default 20; 0 leaves the cost out
//   --table         train nothing, print the table of the cells that are there

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Dataset } from '../../src/data/dataset';
import { split, take } from '../../src/data/parts';
import { loadDataset } from '../../src/node';
import { ARMS, settingsOfArms } from './arms';
import { type Cell, cellOf } from './cell';
import { costOfSteps } from './cost';
import { tableOf } from './table';

const HELD_OUT = 5000;
const ALL = 50_000;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: `${process.env.SPIKEGRAD_SHARED ?? '../shared'}/data/cifar10` },
    out: { type: 'string', default: 'runs/speedrun' },
    arms: { type: 'string', default: Object.keys(ARMS).join(',') },
    images: { type: 'string', default: String(ALL - HELD_OUT) },
    epochs: { type: 'string', default: '3' },
    seeds: { type: 'string', default: '0' },
    rounds: { type: 'string', default: '20' },
    table: { type: 'boolean', default: false },
  },
});

const whole = (await loadDataset('cifar10', 'train', values.data)) as Dataset;
const [rest, judged] = split(whole, HELD_OUT / ALL, 0);
const train = take(rest, Number(values.images));

const keptCells = (): Cell[] =>
  (existsSync(values.out) ? readdirSync(values.out) : [])
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(values.out, name), 'utf8')) as Cell);
const write = (table: string) => writeFileSync(join(values.out, 'screen.md'), `${table}\n`);

if (!values.table)
  for (const seed of values.seeds.split(',').map(Number))
    for (const arm of values.arms.split(',')) {
      const given = { ...settingsOfArms(arm), epochs: Number(values.epochs) };
      const { accuracy, processorSeconds } = await cellOf(values.out, { arm, seed, given, train, judged });
      console.error(
        `${arm}, seed ${seed}: ${(100 * accuracy).toFixed(2)} %, ${processorSeconds.toFixed(0)} s of processor time`,
      );
      write(tableOf(keptCells(), {}));
    }

const cells = keptCells();
const rounds = Number(values.rounds);
const steps = cells.flatMap(({ settings, steps: byTime }) =>
  Object.keys(byTime).map((timesteps) => ({ settings, timesteps: Number(timesteps) })),
);
const costs = rounds === 0 || cells.length === 0 ? {} : await costOfSteps(steps, train, rounds);
const table = tableOf(cells, costs);
if (cells.length > 0) write(table);
console.log(table);
process.exit(0);
