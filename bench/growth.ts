// `npm run bench:growth`: how the cost of our own work grows with the batch, with T, with the network's width, and
// that of the spike kernels with the firing rate. One engine, all threads of the machine (the kernels: one); every
// table is gone through several times in turn, so that a busy moment does not fall on one of its rows alone. Not a
// comparison with others (peers/ is).
//
//   --rounds N   default 5
//   --dry        print, write nothing; without it the outcome goes to bench/results/growth.{md,json}

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { resnet20 } from '../src/snn/resnet20';
import { type Facts, timed, type Work } from './peers/protocol';
import { median } from './peers/statistics';
import { convGigaflop, convolution } from './peers/work/conv';
import { engine } from './peers/work/engine';
import { imageBatch } from './peers/work/images';
import { rateOf, trainingStep } from './peers/work/network';
import { record } from './record';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, dry: { type: 'boolean', default: false } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds ${values.rounds} is no whole number above 0`);
const backend = await engine(cpus().length);

/** One row: what it is, its work, and what follows from the median time. */
interface Row {
  readonly label: Facts;
  readonly work: Pick<Work, 'run'>;
  readonly derive: (milliseconds: number) => Facts;
}

const digits = (value: number) => Number(value.toPrecision(3));

/** Measures the rows in turn. */
function table(rows: readonly Row[], repetitions: number): Facts[] {
  for (const { work } of rows) work.run(2);
  const times = rows.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { work }] of rows.entries()) times[i]!.push(median(work.run(repetitions)));
  }
  return rows.map(({ label, derive }, i) => {
    const milliseconds = median(times[i]!);
    return { ...label, milliseconds: digits(milliseconds), ...derive(milliseconds) };
  });
}

/** A training step of resnet20-small. */
async function step(changed: { batch?: number; timesteps?: number; width?: number }): Promise<Row> {
  const { batch = 32, timesteps = 4, width = 16 } = changed;
  const network = resnet20({ timesteps, width });
  const images = await imageBatch(batch);
  const firingRate = await rateOf(network, images);
  const once = trainingStep(network, images);
  return {
    label: { ...changed, firingRate },
    work: { run: (repetitions) => timed(repetitions, once) },
    derive: (milliseconds) => ({
      imagesPerSecond: digits((1e3 * batch) / milliseconds),
      microsecondsPerImageAndStep: digits((1e3 * milliseconds) / (batch * timesteps)),
    }),
  };
}

/** A 3x3 convolution of spikes, as the middle stage of resnet20-small has it. */
function spikes(pass: 'forward' | 'weight', rate: number): Row {
  const job = { pass, rate, channels: 32, side: 16, timesteps: 4, batch: 32 };
  return {
    label: { firingRate: rate },
    work: convolution(backend, job),
    derive: (milliseconds) => ({ denseGigaflops: digits((1e3 * convGigaflop(job)) / milliseconds) }),
  };
}

/** Measures rows that are made one after another. */
async function growing(rows: readonly Promise<Row>[]): Promise<Facts[]> {
  return table(await Promise.all(rows), 3);
}

const RATES = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5];
const tables: Readonly<Record<string, Facts[]>> = {
  'training step over the batch (T=4, width 16)': await growing([8, 32, 128].map((batch) => step({ batch }))),
  'training step over T (batch 32, width 16)': await growing(
    [1, 2, 4, 8].map((timesteps) => step({ timesteps })),
  ),
  'training step over the width (batch 32, T=4)': await growing([8, 16, 32].map((width) => step({ width }))),
  'conv3x3 of spikes, forward, over the firing rate (32 channels, 16x16, 4x32 images)': table(
    RATES.map((rate) => spikes('forward', rate)),
    5,
  ),
  'the same, weight gradient': table(
    RATES.map((rate) => spikes('weight', rate)),
    5,
  ),
};

const markdown = Object.entries(tables).map(([title, rows]) => {
  const columns = Object.keys(rows[0]!);
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |\n`;
  const head = line(columns) + line(columns.map(() => '---'));
  return `## ${title}\n\n${head}${rows.map((row) => line(columns.map((column) => row[column]!))).join('')}\n`;
});
const machine = `${new Date().toISOString().slice(0, 10)}, ${backend.threads} threads of ${cpus()[0]?.model.trim()}, Node ${process.version}, ${rounds} rounds`;
const text = `# How cost grows\n\n${machine}. Medians.\n\n${markdown.join('')}`;
console.log(text);
if (!values.dry) {
  record('growth', tables);
  writeFileSync(new URL('./results/growth.md', import.meta.url), text);
}
backend.close();
