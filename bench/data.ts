// `npm run bench:data`: how fast batches are made, on the calling thread and by workers, and what share of its time a
// training step of resnet20-small waits for them. Both ways in turn, so that a busy moment does not fall on one alone.
//
//   --rounds N   steps of each way, default 40
//   --arch NAME  another network, such as mlp, whose steps are short
//   --dry        print, write nothing; without it the outcome goes to bench/results/data.{md,json}
//
// CIFAR-10 lies in ../shared/data or where SPIKEGRAD_SHARED says.

import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { tensor } from '../src/core/create';
import { scope } from '../src/core/scope';
import type { AugmentationName } from '../src/data/augment';
import { type Batch, batches } from '../src/data/batches';
import type { TrainingData } from '../src/data/stream/dataset';
import { loadDataset, streamDataset } from '../src/node';
import { crossEntropy } from '../src/ops';
import { Sgd } from '../src/optim';
import { type Architecture, buildNetwork, runSettings } from '../src/train';
import { median } from './peers/statistics';
import { engine } from './peers/work/engine';
import { machine, record } from './record';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    arch: { type: 'string', default: 'resnet20-small' },
    dry: { type: 'boolean', default: false },
  },
});
const BATCH = 32;
const TIMESTEPS = 2;
const rounds = Number(values.rounds);
const load = loadavg()[0]!;
const folder = `${process.env.SPIKEGRAD_SHARED ?? '../shared'}/data/cifar10`;
const inMemory = await loadDataset('cifar10', 'train', folder, { limit: 10_000 });
const inParts = await streamDataset('cifar10', 'train', folder, { limit: 10_000, memory: 1e6 });
await engine(cpus().length);

const AUGMENT: Readonly<Record<string, AugmentationName[]>> = {
  none: [],
  'crop, flip': ['crop', 'flip'],
  'crop, flip, autoaugment, cutout': ['crop', 'flip', 'autoaugment', 'cutout'],
};
const SOURCES: Readonly<Record<string, TrainingData>> = { 'in memory': inMemory, 'read in parts': inParts };

interface Way {
  readonly source: string;
  readonly augment: string;
  readonly workers: number;
}

const ways: Way[] = Object.keys(SOURCES).flatMap((source) =>
  Object.keys(AUGMENT).flatMap((augment) => [0, 1].map((workers) => ({ source, augment, workers }))),
);

/** Batches without end. */
async function* endless({ source, augment, workers }: Way): AsyncGenerator<Batch, void, undefined> {
  for (let epoch = 0; ; epoch++)
    yield* batches(SOURCES[source]!, {
      ...{ batchSize: BATCH, shuffle: true, epoch, augment: AUGMENT[augment], workers },
    }) as AsyncIterable<Batch>;
}

/** Images a second, with nothing else to do. */
async function speed(way: Way): Promise<number> {
  const source = endless(way);
  for (let i = 0; i < 10; i++) await source.next();
  const begin = performance.now();
  const count = 100;
  for (let i = 0; i < count; i++) await source.next();
  const seconds = (performance.now() - begin) / 1000;
  await source.return();
  return (count * BATCH) / seconds;
}

/** A network of its own, and what its steps took. */
function stepper() {
  const arch = values.arch as Architecture;
  const network = buildNetwork(runSettings({ arch, timesteps: TIMESTEPS }, inMemory));
  const sgd = new Sgd(network.parameters(), { lr: 0.01 });
  return ({ images, shape, labels }: Batch) => {
    scope(() => {
      const loss = crossEntropy(network.call(tensor(images, shape)), labels);
      loss.backward();
      return loss.itemSync();
    });
    sgd.step();
    sgd.zeroGrad();
    for (const parameter of network.parameters()) parameter.dataSync();
  };
}

interface Row extends Way {
  readonly imagesPerSecond: number;
  /** Medians, with the waiting. */
  readonly stepMilliseconds: number;
  readonly waitingPercent: number;
  /** Of all threads, a step. */
  readonly processorMilliseconds: number;
}

const step = stepper();
const measured = ways.map((way) => ({ way, waits: [] as number[], steps: [] as number[], processor: 0 }));
const speeds = new Map<Way, number>();
for (const way of ways) speeds.set(way, await speed(way));
// a few steps of one way, then of the next: a worker that is ahead has to be let go on between
for (let round = 0; round < rounds; round += 10)
  for (const each of measured) {
    const { way, waits, steps } = each;
    const source = endless(way);
    let spent = process.cpuUsage();
    for (let i = -2; i < 10; i++) {
      if (i === 0) spent = process.cpuUsage(); // without the start of a worker
      const begin = performance.now();
      const { value } = await source.next();
      const came = performance.now();
      step(value!);
      if (i < 0) continue;
      waits.push(came - begin);
      steps.push(performance.now() - begin);
    }
    const { user, system } = process.cpuUsage(spent);
    each.processor += (user + system) / 1000;
    await source.return();
  }
const rows = measured.map(({ way, waits, steps, processor }): Row => {
  const sum = (list: number[]) => list.reduce((total, one) => total + one, 0);
  return {
    ...way,
    imagesPerSecond: Math.round(speeds.get(way)!),
    stepMilliseconds: Number(median(steps).toPrecision(3)),
    waitingPercent: Number(((100 * sum(waits)) / sum(steps)).toPrecision(2)),
    processorMilliseconds: Number((processor / steps.length).toPrecision(3)),
  };
});
console.table(rows);

const lines = [
  '# Images beside the steps',
  '',
  `${machine()}, load ${load.toFixed(1)} when it began. Batches of ${BATCH} images of CIFAR-10; steps of ${values.arch}, T=${TIMESTEPS}, on wasm with ${cpus().length} threads, ${rounds} of each, ten of one way after ten of another.`,
  '',
  '| images | changes | workers | images a second, alone | step, ms | of it waiting for images | processor, ms a step |',
  '| --- | --- | --- | --- | --- | --- | --- |',
  ...rows.map(
    (row) =>
      `| ${row.source} | ${row.augment} | ${row.workers} | ${row.imagesPerSecond} | ${row.stepMilliseconds} | ${row.waitingPercent} % | ${row.processorMilliseconds} |`,
  ),
  '',
];
console.log(lines.join('\n'));
const name = values.arch === 'resnet20-small' ? 'data' : `data-${values.arch}`;
if (!values.dry) record(name, { load, rows }, lines.join('\n'));
process.exit(0);
