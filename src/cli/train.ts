// `spikegrad train`: from options to a run folder with a model and a report.

import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { SpikegradError } from '../errors';
import { checkImages, DATASETS, type RunSettings } from '../train';
import type { RunSummary } from '../train/report';
import { performRun, type Run } from '../train/run';
import { RUN_FILES, RunFolder } from '../train/run-folder';
import { type BackendChoice, orNone, realNumber, unlessNone, wholeNumber } from './arguments';
import { chooseBackend, describeBackend, profileTable, startProfile } from './backend';
import { openDataset } from './datasets';
import { EXIT } from './exit';
import { onInterrupt } from './interrupt';
import { applyRecipe, ownNetwork, trainingOptionsOf } from './recipe';
import { RunTeller } from './run-teller';
import { counted, percent } from './table';
import { print, say } from './terminal';
import { addTrainingOptions, settingsOf, type TrainingOptions } from './training-options';

interface TrainOptions extends TrainingOptions, BackendChoice {
  dataset: RunSettings['dataset'];
  data?: string;
  timesteps: number;
  mpr: number | 'none';
  seed: number;
  out?: string;
  resume?: boolean;
  saveEvery: number;
  profile?: boolean;
  detectAnomaly?: boolean;
}

const EXAMPLES = `
Examples:
  $ spikegrad train --dataset shapes --width 4 --timesteps 2 --epochs 4 --batch 32 --lr 0.1
  $ spikegrad train --dataset cifar10 --data ./cifar10 --augment crop,flip --out runs/k3
  $ spikegrad train --dataset cifar10 --data ./cifar10 --mpr none --out runs/none
  $ spikegrad train --dataset cifar10 --data ./cifar10 --recipe long --epochs 100 --out runs/long
  $ spikegrad train --data ./cifar10 --out runs/k3 --resume
  $ spikegrad train --data ./cifar10 --out runs/k3 --resume --detect-anomaly

Without options: threshold 0.5, tau 0.25, reset to 0, MPR with k = 3, a rectangular surrogate of width 1, SGD with
momentum 0.9 from 0.01 along a cosine to 0, batches of 128; epochs, weight decay and augmentation are those of a first try.
--recipe takes what is not given from the code that the authors of MPR published, and prints where each value was read; we
could not read the paper (Guo et al., AAAI 2022) itself. --dynamics leak is that code's H = tau*V + X, --dynamics paper is
H = V + tau*X, eq. 4.

Ctrl-C saves a checkpoint and says how to go on. A resumed run keeps the settings it was started with and ends with the
very numbers of an uninterrupted one. A run whose numbers are no longer finite ends and keeps its last good checkpoint;
--detect-anomaly, also with --resume, tells which operator gave the first of them. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.`;

export function trainCommand(): Command {
  const command = new Command('train')
    .description('train a spiking ResNet20 and write a model and a report')
    .addOption(new Option('--dataset <name>', 'what to learn').choices(DATASETS).default('shapes'))
    .option('--data <dir>', 'folder with the files of the data set');
  return addTrainingOptions(command)
    .option('--timesteps <n>', 'time steps T', wholeNumber(1), 4)
    .option(
      '--mpr <k>',
      'steepness of membrane potential rectification, or none',
      orNone(realNumber(0, false)),
      3,
    )
    .option('--seed <n>', 'seed of weights, order and augmentation', wholeNumber(0), 0)
    .option('--out <dir>', 'folder of the run (default: runs/ and the time)')
    .option('--resume', 'go on with the run in --out')
    .option('--save-every <steps>', 'steps between checkpoints, besides one an epoch', wholeNumber(1), 100)
    .option('--profile', 'measure every kernel and print where the time went (wasm)')
    .option(
      '--detect-anomaly',
      'name the operator and layer of the first NaN or infinity, forward or backward; slower, same results',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (options: TrainOptions, self: Command) => {
      process.exitCode = await train(withItsRecipe(options, self));
    });
}

function withItsRecipe(options: TrainOptions, command: Command): TrainOptions {
  if (options.recipe === undefined) return options;
  if (options.resume)
    throw new SpikegradError(
      'train',
      '--recipe is for a new run; --resume keeps the settings that the run in --out was started with',
    );
  const own = ownNetwork(options, command);
  const { timesteps, mpr, ...training } = applyRecipe(options.recipe, options, command, own);
  return { ...options, ...trainingOptionsOf(training), timesteps, mpr: mpr ?? 'none' };
}

/** The run in --out, or a new one with the settings of the command line. */
async function openRun(options: TrainOptions): Promise<Run> {
  if (options.resume) {
    if (options.out === undefined)
      throw new SpikegradError('train', '--resume needs --out DIR, the folder of the run');
    const { folder, checkpoint } = await RunFolder.resume(resolve(options.out));
    const { settings } = checkpoint;
    const source = { ...settings, data: options.data };
    const [train, test] = [await openDataset(source, 'train'), await openDataset(source, 'test')];
    checkImages(settings, train);
    return { folder, settings, checkpoint, train, test };
  }
  const source = { dataset: options.dataset, data: options.data, limit: options.limit ?? null };
  const [train, test] = [await openDataset(source, 'train'), await openDataset(source, 'test')];
  const { dataset, timesteps, seed } = options;
  const settings = settingsOf(options, { dataset, timesteps, seed, mpr: unlessNone(options.mpr) }, train);
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  const folder = await RunFolder.create(resolve(options.out ?? `runs/${options.dataset}-${stamp}`));
  await folder.write('settings', `${JSON.stringify(settings, null, 2)}\n`);
  return { folder, settings, train, test };
}

async function train(options: TrainOptions): Promise<number> {
  const run = await openRun(options);
  const { folder, settings } = run;
  const choice = options.profile && options.backend === 'auto' ? 'wasm' : options.backend;
  const backend = await chooseBackend({ backend: choice, threads: options.threads }, settings);
  if (options.profile) startProfile(backend);

  const interrupt = onInterrupt('stopping after this step…');
  const telling = new RunTeller(run, describeBackend(backend), backend.name === 'gpu');
  let summary: RunSummary | undefined;
  try {
    summary = await performRun(run, {
      saveEvery: options.saveEvery,
      signal: interrupt.signal,
      detectAnomaly: options.detectAnomaly,
      backend: describeBackend(backend),
      onStart: (trainer, pace) => telling.start(trainer, pace),
      onStep: (metrics, trainer, seconds) => telling.step(metrics, trainer, seconds),
      onEvaluation: (images, of) => telling.evaluation(images, of),
      onEpoch: (metrics) => telling.epoch(metrics),
      onLook: (images, of) => telling.look(images, of),
    });
  } finally {
    telling.stop();
    interrupt.release();
  }
  const { step, steps } = telling.at;
  if (summary === undefined) {
    say(`stopped at step ${step} of ${steps}; saved ${folder.file('checkpoint')}`);
    say(
      `go on with: spikegrad train ${options.data ? `--data ${options.data} ` : ''}--out ${folder.path} --resume`,
    );
    return EXIT.interrupted;
  }
  if (options.profile) say(profileTable(backend, step));
  say(`model   ${folder.file('model')}\nreport  ${folder.file('report')}`);
  for (const warning of summary.warnings) say(`warning: ${warning}`);
  if (summary.advice !== undefined) say(summary.advice);
  print(
    `test accuracy ${percent(summary.testAccuracy)} after ${counted(telling.epochs, 'epoch')} (${RUN_FILES.summary} has the figures)`,
  );
  return EXIT.done;
}
