// `spikegrad train`: from options to a run folder with a model and a report.

import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import type { Backend } from '../../backends/backend';
import { batchCount } from '../../data/batches';
import { writeError } from '../../disk/errors';
import { makeOwnFolder } from '../../disk/folders';
import { SpikegradError } from '../../errors';
import { checkImages, type GivenSettings, type RecipeName, restoreModel, runSettings } from '../../train';
import { trainedLength, withEpochs } from '../../train/continuation';
import { performRun, type Run } from '../../train/node/run';
import { RUN_FILES } from '../../train/node/run/files';
import { RunFolder } from '../../train/node/run/folder';
import type { RunSummary } from '../../train/report';
import { OWN } from '../../train/settings';
import { checkGiven, resumeInWords } from '../../train/settings/resume';
import { waitingInWords } from '../../train/trainer/feed';
import { type BackendChoice, forceOption, wholeNumber } from '../arguments';
import { EXIT } from '../exit';
import { checkNetworkFile, fitting, networkName, networkOf, networkOption } from '../model/network-file';
import { chooseBackend, describeBackend, profileTable, startProfile } from '../run/backend';
import { checkData, datasetOf, openSplits } from '../run/datasets';
import { applyRecipe } from '../run/recipe';
import { choiceOf, inSurroundings } from '../run/surroundings';
import { addTrainingOptions, givenSettings } from '../run/training-options';
import { watchingInWords } from '../run/waiting';
import { print, say } from '../terminal';
import { onInterrupt } from '../terminal/interrupt';
import { counted, percent } from '../terminal/table';
import { compiledInWords } from './compiled';
import { RunTeller } from './teller';

interface TrainOptions extends BackendChoice {
  data?: string;
  recipe?: RecipeName;
  out?: string;
  resume?: boolean;
  force?: boolean;
  saveEvery: number;
  workers?: number;
  profile?: boolean;
  network?: string;
  detectAnomaly?: boolean;
}

const EXAMPLES = `
Examples:
  $ spikegrad train --recipe drawn
  $ spikegrad train --data ./cifar10 --out runs/k3
  $ spikegrad train --data ./cifar10 --mpr none --out runs/none
  $ spikegrad train --data ./cifar10 --recipe fast --out runs/fast
  $ spikegrad train --data ./cifar10 --recipe paper --out runs/paper
  $ spikegrad train --data ./cifar10 --recipe long --epochs 100 --out runs/long
  $ spikegrad train --data ./cifar10 --optimizer adamw --warmup 0.5 --out runs/adamw
  $ spikegrad train --data ./photos --memory 500
  $ spikegrad train --data ./cifar10 --out runs/k3 --resume
  $ spikegrad train --data ./cifar10 --out runs/k3 --resume --epochs 4
  $ spikegrad train --data ./cifar10 --out runs/k3 --resume --detect-anomaly

--data takes the official files; CIFAR as torchvision leaves it; Parquet tables of
Hugging Face; one .npz; pictures in folders of their classes (--dataset images);
and recordings of events: nmnist, dvs-gesture, cifar10-dvs, shd and ssc, as their
authors, tonic or SpikingJelly lay them out. Those five are untried on their real
files.

--memory is for images that are larger than memory: they are read while they are
trained on. --workers makes them ready on threads beside the steps.

Without options: threshold 0.5, tau 0.25, reset to 0, MPR with k = 3, a
rectangular surrogate of width 1, SGD along a cosine to 0, and for each data set a
first run that learns within minutes. Each --optimizer has a rate and a decay of
its own, --schedule says how the rate goes, --ema averages the weights. --recipe
fast trains at one time step first and ends at --timesteps: the most accuracy for
the time (--epochs N makes all its phases longer or shorter). --recipe paper and
long take what is not given from the paper (Guo et al., AAAI 2022) and, where it is silent (epochs, weight decay,
augmentation), from the code that its authors published, and prints where each
value was read. --dynamics leak is that code's H = tau*V + X, --dynamics paper is
H = V + tau*X, eq. 4.

Ctrl-C saves a checkpoint and says how to go on. A resumed run ends with the very
numbers of an uninterrupted one. More --epochs than it had go on with a cosine of
their own from a tenth of its base rate; fewer end it there, with a cosine of
their own. On --resume may change
  ${resumeInWords()}

A run whose numbers are no longer finite ends and keeps its last good checkpoint;
--detect-anomaly, also with --resume, tells which operator gave the first of them.
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.`;

export function trainCommand(): Command {
  const command = new Command('train').option(
    '--data <dir>',
    "folder with a data set's files, in any of the forms that people have them in, or with a folder for each data set",
  );
  return addTrainingOptions(command)
    .option('--out <dir>', 'folder of the run (default: runs/ and the time)')
    .addOption(networkOption())
    .option('--resume', 'go on with the run in --out')
    .addOption(forceOption())
    .option('--save-every <steps>', 'steps between checkpoints, besides one an epoch', wholeNumber(1), 100)
    .option(
      '--workers <n>',
      'threads that make the images beside the steps; same results (default: one, where steps wait for images)',
      wholeNumber(0),
    )
    .option('--profile', 'measure every kernel and print where the time went (wasm)')
    .option(
      '--detect-anomaly',
      'name the operator and layer of the first NaN or infinity, forward or backward; slower, same results',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (options: TrainOptions) => {
      process.exitCode = await train(options);
    });
}

/** Says that there is something to wait for. */
function waiting(folder: string) {
  return { onWatch: (seconds: number) => say(watchingInWords(folder, seconds)) };
}

/** A run whose backend is not chosen yet. */
type OpenRun = Omit<Run, 'surroundings'> & {
  /** Folders that were not there before, the innermost first. */
  readonly made?: readonly string[];
};

/** The run in --out, or a new one with the settings of the command line. */
function openRun(options: TrainOptions): Promise<OpenRun> {
  const given = ownNetwork(givenSettings(options), options.network);
  if (options.resume) return resumedRun(options, given);
  if (options.force)
    throw new SpikegradError('train', '--force is for --resume: a new run has nothing to keep');
  return newRun(options, given);
}

/** Settings with the network of --network. @throws where --arch says another */
function ownNetwork(given: GivenSettings, file: string | undefined): GivenSettings {
  if (file === undefined) return given;
  if (given.arch !== undefined)
    throw new SpikegradError(
      'train',
      `--arch ${given.arch} and --network ${file} are two networks: give one`,
    );
  checkNetworkFile({ arch: OWN }, file);
  return { ...given, arch: OWN, network: networkName(file) };
}

async function newRun(options: TrainOptions, words: GivenSettings): Promise<OpenRun> {
  const dataset = datasetOf({ dataset: words.dataset, data: options.data });
  const given = applyRecipe(options.recipe, { ...words, dataset });
  const { train, test } = await openSplits(given, options.data);
  const settings = runSettings(given, train);
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  const named = resolve(options.out ?? `runs/${dataset}-${stamp}`);
  const made = [dirname(named)].filter((one) => !existsSync(one));
  const isOwn = options.out === undefined || !existsSync(named);
  const out = options.out === undefined ? await ownFolder(named) : named;
  if (isOwn) made.unshift(out);
  const folder = await RunFolder.create(out, waiting(out));
  await folder.write('settings', `${JSON.stringify(settings, null, 2)}\n`);
  return { folder, settings, train, test, made };
}

/** A folder that no other run has. */
function ownFolder(path: string): Promise<string> {
  return makeOwnFolder(path).catch((cause: unknown) => {
    throw writeError('train', path, cause);
  });
}

/** Where a file without progress stands; training refuses it. */
const START = { epoch: 0, batch: 0, step: 0 };

async function resumedRun(
  { recipe, out, data, network }: TrainOptions,
  given: GivenSettings,
): Promise<OpenRun> {
  if (recipe !== undefined)
    throw new SpikegradError(
      'train',
      '--recipe is for a new run; --resume keeps the settings that the run in --out was started with',
    );
  if (out === undefined) throw new SpikegradError('train', '--resume needs --out DIR, the folder of the run');
  const path = resolve(out);
  const { folder, checkpoint } = await RunFolder.resume(path, waiting(path));
  try {
    const former = checkpoint.settings;
    checkNetworkFile(former, network);
    checkGiven(former, { ...given, network: former.network }); // whatever the file is called now
    checkData([former.dataset], data, 'or start another run, with another --out');
    const { train, test } = await openSplits(former, data);
    checkImages(former, train);
    const perEpoch = batchCount(trainedLength(train.length, former.validation), former.batch);
    const { settings, change } = withEpochs(former, checkpoint.progress ?? START, given.epochs, perEpoch);
    return { folder, settings, checkpoint, train, test, changes: change === undefined ? [] : [change] };
  } catch (error) {
    await folder.release();
    throw error;
  }
}

/** Chooses the backend: on --resume the run's own, unless another is asked for. */
async function inItsSurroundings(
  opened: OpenRun,
  options: TrainOptions,
): Promise<{ run: Run; backend: Backend }> {
  const { settings, checkpoint } = opened;
  const choice = choiceOf(options, checkpoint);
  const isProfiled = options.profile && choice.backend === 'auto';
  const backend = await chooseBackend({ ...choice, ...(isProfiled && { backend: 'wasm' }) }, settings);
  if (options.profile) startProfile(backend);
  const { surroundings, changes } = inSurroundings(backend, opened, options.force);
  if (checkpoint !== undefined && settings !== checkpoint.settings)
    await opened.folder.write('settings', `${JSON.stringify(settings, null, 2)}\n`);
  const run = { ...opened, surroundings, changes: [...(opened.changes ?? []), ...changes] };
  return { run: { ...run, ...(await builtBy(options.network, opened)) }, backend };
}

/** The network of --network, where there is one; that of a run that goes on has to be the run's. */
async function builtBy(
  file: string | undefined,
  { settings, checkpoint }: OpenRun,
): Promise<Pick<Run, 'network'>> {
  if (file === undefined) return {};
  const network = await networkOf(file, settings);
  if (checkpoint !== undefined) fitting(file, () => restoreModel(network, checkpoint));
  return { network };
}

/**
 * Takes away what a new run that failed before its first step has put there; a run that goes on leaves all as it is.
 */
async function leaveNothing({ folder, checkpoint, made = [] }: OpenRun): Promise<void> {
  if (checkpoint !== undefined) return;
  await rm(folder.file('settings'), { force: true });
  for (const path of made) await rmdir(path).catch(() => {}); // not empty: somebody else's by now
}

/** What the accuracy is of: the last epoch, or with validation the best. */
function whichEpoch({ best }: RunSummary, epochs: number): string {
  if (best === undefined) return `after ${counted(epochs, 'epoch')}`;
  return `with the weights of epoch ${best.epoch + 1} of ${epochs}, the best in validation with ${percent(best.accuracy)}`;
}

async function train(options: TrainOptions): Promise<number> {
  const opened = await openRun(options);
  const { run, backend } = await inItsSurroundings(opened, options).catch(async (error: unknown) => {
    await opened.folder.release();
    await leaveNothing(opened);
    throw error;
  });
  const { folder } = run;
  for (const change of run.changes ?? []) say(`changed: ${change}`);

  const interrupt = onInterrupt('stopping after this step…');
  const telling = new RunTeller(run, describeBackend(backend), backend.name === 'gpu');
  let summary: RunSummary | undefined;
  try {
    summary = await performRun(run, {
      saveEvery: options.saveEvery,
      signal: interrupt.signal,
      detectAnomaly: options.detectAnomaly,
      workers: options.workers ?? null,
      backend: describeBackend(backend),
      onStart: (trainer, pace) => telling.start(trainer, pace),
      onStep: (metrics, trainer, seconds) => telling.step(metrics, trainer, seconds),
      onEvaluation: (images, of) => telling.evaluation(images, of),
      onEpoch: (metrics) => telling.epoch(metrics),
      onLook: (images, of) => telling.look(images, of),
    });
  } catch (error) {
    if (telling.at.step === 0) await leaveNothing(opened);
    throw error;
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
  if (telling.waiting !== undefined) say(`waiting for images: ${waitingInWords(telling.waiting)}`);
  say(`model   ${folder.file('model')}\nreport  ${folder.file('report')}`);
  for (const warning of summary.warnings) say(`warning: ${warning}`);
  if (summary.advice !== undefined) say(summary.advice);
  const measured = { backend, test: run.test, model: folder.file('model'), seconds: summary.seconds };
  const compiled = await compiledInWords(measured);
  if (compiled !== undefined) say(compiled);
  print(
    `test accuracy ${percent(summary.testAccuracy)} ${whichEpoch(summary, telling.epochs)} (${RUN_FILES.summary} has the figures)`,
  );
  return EXIT.done;
}
