// `npm run bench:optimizers`: what a step of each optimiser costs beside the training step that it ends, on
// resnet20-small; with --rates which learning rate each learns with best in a short run, for the defaults of
// `train --optimizer`. All optimisers in turn, so that a busy moment does not fall on one of them alone.
//
//   --rounds N   steps of each optimiser, default 40
//   --rates      also train: 1,000 images of MNIST for 2 epochs, at three rates each
//   --dry        print, write nothing; without it the outcome goes to bench/results/optimizers.{md,json}

import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { tensor } from '../src/core/create';
import { manualSeed } from '../src/core/engine';
import { scope } from '../src/core/scope';
import { Conv2d, Flatten, Linear, sequential } from '../src/nn';
import { loadDataset } from '../src/node';
import { crossEntropy } from '../src/ops';
import { Direct, Lif, mpr, resnet20, TdBatchNorm, TimeMean } from '../src/snn';
import { Trainer } from '../src/train';
import {
  OPTIMIZER_DEFAULTS,
  OPTIMIZERS,
  type OptimizerName,
  optimizerOf,
} from '../src/train/settings/descent';
import { median } from './peers/statistics';
import { engine } from './peers/work/engine';
import { imageBatch } from './peers/work/images';
import { machine, record } from './record';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    rates: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
  },
});
const BATCH = 16;
const TIMESTEPS = 2;
const rounds = Number(values.rounds);
const load = loadavg()[0]!;
await engine(cpus().length);

interface Cost {
  readonly optimizer: OptimizerName;
  readonly stepMilliseconds: number;
  readonly updateMilliseconds: number;
  readonly percent: number;
}

/** Each optimiser with a network of its own. */
async function costs(): Promise<Cost[]> {
  const images = await imageBatch(BATCH);
  const works = OPTIMIZERS.map((optimizer) => {
    const network = resnet20({ timesteps: TIMESTEPS, width: 16 });
    const made = optimizerOf(network, { optimizer, ...OPTIMIZER_DEFAULTS[optimizer] });
    const parameters = network.parameters();
    const times = { before: [] as number[], update: [] as number[] };
    return {
      optimizer,
      times,
      run() {
        const begin = performance.now();
        scope(() => {
          const x = tensor(images.images, [BATCH, 32, 32, 3]);
          const loss = crossEntropy(network.call(x), images.labels);
          loss.backward();
          return loss.itemSync();
        });
        for (const { grad } of parameters) grad!.dataSync(); // all are computed by now
        const middle = performance.now();
        made.step();
        for (const parameter of parameters) parameter.dataSync();
        times.update.push(performance.now() - middle);
        times.before.push(middle - begin);
        made.zeroGrad();
      },
    };
  });
  for (let round = -3; round < rounds; round++)
    for (const { run, times } of works) {
      run();
      if (round < 0) times.before.length = times.update.length = 0;
    }
  return works.map(({ optimizer, times }) => {
    const [before, update] = [median(times.before), median(times.update)];
    return {
      optimizer,
      stepMilliseconds: Number((before + update).toPrecision(3)),
      updateMilliseconds: Number(update.toPrecision(3)),
      percent: Number(((100 * update) / (before + update)).toPrecision(2)),
    };
  });
}

/** For images [28,28,1]. */
function small() {
  const neuron = { rectifier: mpr({ k: 3 }) };
  return sequential(
    new Conv2d(1, 8),
    new Direct(TIMESTEPS),
    new TdBatchNorm(8),
    new Lif(neuron),
    new Conv2d(8, 16, { stride: 2 }),
    new TdBatchNorm(16),
    new Lif(neuron),
    new Flatten(3),
    new Linear(14 * 14 * 16, 10),
    new TimeMean(),
  );
}

interface Learnt {
  readonly loss: number;
  readonly accuracy: number;
}

/** What was learnt at each rate: the default, a third and three times of it. */
async function rates(): Promise<Record<string, Record<string, Learnt>>> {
  const folder = `${process.env.SPIKEGRAD_SHARED ?? '../shared'}/data/mnist`;
  const images = await loadDataset('mnist', 'train', folder, { limit: 1000 });
  const judged = await loadDataset('mnist', 'test', folder, { limit: 1000 });
  const found: Record<string, Record<string, Learnt>> = {};
  for (const optimizer of OPTIMIZERS) {
    found[optimizer] = {};
    for (const factor of [1 / 3, 1, 3]) {
      const lr = Number((OPTIMIZER_DEFAULTS[optimizer].lr * factor).toPrecision(2));
      manualSeed(0);
      const network = small();
      const trainer = new Trainer(network, images, { optimizer, lr, epochs: 2, batch: BATCH, test: judged });
      await trainer.run();
      const { trainLoss: loss, testAccuracy: accuracy } = trainer.progress.history.at(-1)!;
      found[optimizer]![lr] = { loss, accuracy: accuracy! };
      console.log(optimizer, lr, inWords(found[optimizer]![lr]!));
      network.dispose();
    }
  }
  return found;
}

function inWords({ loss, accuracy }: Learnt): string {
  return `${loss.toFixed(3)}, ${(100 * accuracy).toFixed(1)} %`;
}

const costRows = await costs();
console.table(costRows);
const accuracies = values.rates ? await rates() : undefined;

const lines = [
  '# Optimisers',
  '',
  `${machine()}, load ${load.toFixed(1)} when it began. Medians of ${rounds} steps each, in turn.`,
  '',
  `## What a step costs: resnet20-small, width 16, T=${TIMESTEPS}, batch ${BATCH}`,
  '',
  '| optimiser | training step, ms | update, ms | share |',
  '| --- | --- | --- | --- |',
  ...costRows.map(
    (row) => `| ${row.optimizer} | ${row.stepMilliseconds} | ${row.updateMilliseconds} | ${row.percent} % |`,
  ),
  '',
];
if (accuracies !== undefined)
  lines.push(
    '## Which rate: two spiking convolutions, T=2, 1,000 images of MNIST, 2 epochs of batch 16, one seed',
    '',
    '| optimiser | rate: loss of the last epoch, test accuracy on 1,000 |',
    '| --- | --- |',
    ...Object.entries(accuracies).map(
      ([optimizer, row]) =>
        `| ${optimizer} | ${Object.entries(row)
          .map(([lr, learnt]) => `${lr}: ${inWords(learnt)}`)
          .join(', ')} |`,
    ),
    '',
  );
console.log(lines.join('\n'));
if (!values.dry) record('optimizers', { load, costs: costRows, accuracies }, lines.join('\n'));
process.exit(0);
