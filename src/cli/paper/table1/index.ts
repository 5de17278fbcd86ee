// `spikegrad paper table1`: the grid of time steps, rectifiers and seeds, as far as it is wanted, and the table made
// of it.

import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { SpikegradError } from '../../../errors';
import { type Arm, parseArm, settingsOfArm } from '../../../paper/arm';
import type { CellRecord } from '../../../paper/cell';
import { gridCells } from '../../../paper/grid';
import { GRID_FILES, GridFolder } from '../../../paper/node/store';
import { rateStudies } from '../../../paper/rates';
import { type Condition, table1 } from '../../../paper/table1';
import { cellNotes } from '../../../paper/table1/alike';
import { table1Markdown } from '../../../paper/table1/files';
import { conditionTitle, rowsWords, TABLE_HEAD, verdicts } from '../../../paper/table1/words';
import { DATASETS, type DatasetName, type RecipeName, type RunSettings, runSettings } from '../../../train';
import { checkNeuronAlone } from '../../../train/settings/alone';
import { defaultInWords } from '../../../train/settings/defaults';
import { asUsage, type BackendChoice, forceOption, listOf, unlessNone, wholeNumber } from '../../arguments';
import { EXIT } from '../../exit';
import { checkData, datasetOf, openImages } from '../../run/datasets';
import { applyRecipe } from '../../run/recipe';
import { addTrainingOptions, givenSettings, settingParser } from '../../run/training-options';
import { print, say } from '../../terminal';
import { textTable } from '../../terminal/table';
import { trainHere } from '../cells';
import { trainGrid } from '../cells/grid';
import type { CellJob } from '../cells/run';
import { trainThroughQueue } from '../queue/collect';
import { shownUrl } from '../queue/connection';
import { MOST_DEATHS } from '../queue/deaths';
import { longRuns, type Picking, pickedInWords, shortRuns } from './pick-rate';

interface Table1Options extends BackendChoice {
  dataset?: DatasetName[];
  data?: string;
  timesteps?: number[];
  mpr?: (number | 'none')[];
  arms?: Arm[];
  lr?: number[];
  pickRate?: number;
  seeds: number[];
  out: string;
  runs?: string;
  jobs: number;
  queue?: string;
  deaths?: number;
  recipe?: RecipeName;
  force?: boolean;
  tableOnly?: boolean;
}

const EXAMPLES = `
Examples:
  $ spikegrad paper table1 --data ./cifar10 --timesteps 2 --mpr none,3 --seeds 0,1,2 --epochs 12 \\
      --batch 32 --lr 0.1 --augment crop,flip --jobs 2 --threads 1 --out table1
  $ spikegrad paper table1 --data ./cifar10 --recipe paper --mpr none,3 --width 16 --out table1
  $ spikegrad paper table1 --data ./cifar10 --arms none,mpr:3,scale:1.05,mpr:7*0.65 --lr 0.03,0.1 --out arms
  $ spikegrad paper table1 --data ./cifar10 --mpr none,3,7 --lr 0.01,0.03,0.1 --pick-rate 3 --epochs 12 --out tuned
  $ spikegrad paper table1 … --queue redis://localhost:6379 --out table1
  $ spikegrad paper table1 --table-only --out table1

An arm is \`none\`, MPR (\`mpr:3\`), a factor on the gradient of every spike without it (\`scale:1.05\`), or both
(\`mpr:7*0.65\`); \`--mpr none,3\` is short for \`--arms none,mpr:3\`. With several learning rates each arm is trained
at each, and a table shows where it peaks: on held-out training images with --validation 0.1, else on test images. With
--pick-rate 3 each arm first runs 3 epochs at each rate on nine tenths of the training images; the rate that is best on
the tenth that was held out is the one of its full runs, which meet the test images once, at their end.

Every cell is a run of its own (\`runs/\` in --out), finished ones leave a record in \`cells/\`. The same command goes on
where it was stopped; another one adds its cells to the folder, and the table is made of all of them. Cells with the same
settings but for MPR and seed are compared, seed by seed, where one build trained them on the same images;
cells that hold no build or hash of their images are compared only among themselves. Two jobs of one thread use two cores better than one of two.
With --queue the workers have --jobs, --backend, --threads, --data and --runs of their own (spikegrad worker --help).
--recipe decides --timesteps unless they are given, and never --mpr: the arms are what the grid compares.`;

/** Settings of which a grid has lists. */
const OWN = ['dataset', 'timesteps', 'mpr', 'gradientScale', 'lr', 'seed', 'memory'] as const;

/** The paper's. */
const ARMS = [null, 1, 3, 5, 7].map((mpr): Arm => ({ mpr, scale: 1 }));

/** Names of data sets, joined by commas. */
function datasetNames(text: string): DatasetName {
  const name = DATASETS.find((known) => known === text);
  if (name === undefined) throw new InvalidArgumentError(`"${text}" is not one of ${DATASETS.join(', ')}.`);
  return name;
}

export function table1Command(): Command {
  const command = new Command('table1')
    .option(
      '--dataset <list>',
      `what to learn: ${DATASETS.join(', ')}, joined by commas (default: ${defaultInWords('dataset')})`,
      listOf(datasetNames),
    )
    .option('--data <dir>', "folder with a data set's files, or with a folder for each data set")
    .option(
      '--timesteps <list>',
      `numbers of time steps T (default: ${defaultInWords('timesteps')})`,
      listOf(settingParser('timesteps')),
    )
    .addOption(
      new Option(
        '--mpr <list>',
        'steepnesses of MPR, and none (default: none,1,3,5,7; none with a --neuron of equations)',
      ).argParser(listOf(settingParser('mpr'))),
    )
    .addOption(
      new Option(
        '--arms <list>',
        'arms that are not only a steepness, such as none,mpr:3,scale:1.05,mpr:7*0.65',
      )
        .argParser(listOf(asUsage(parseArm)))
        .conflicts('mpr'),
    )
    .option(
      '--lr <list>',
      `learning rates of the first step (default: ${defaultInWords('lr')})`,
      listOf(settingParser('lr')),
    )
    .option(
      '--pick-rate <epochs>',
      "choose each arm's rate among --lr by so many epochs, on held-out training images",
      wholeNumber(1),
    )
    .option('--seeds <list>', 'seeds', listOf(settingParser('seed')), [0, 1, 2]);
  return addTrainingOptions(command, { without: OWN })
    .requiredOption('--out <dir>', 'folder of the grid: records, table, report')
    .option('--runs <dir>', 'folder of the runs with their weights (default: runs in --out)')
    .option('--jobs <n>', 'cells side by side, each in a process of its own', wholeNumber(1), 1)
    .option('--queue <url>', 'let `spikegrad worker`s train the cells, through Redis at redis://host:6379')
    .option(
      '--deaths <n>',
      `with --queue: give a cell up that died so often without a new checkpoint (default: ${MOST_DEATHS})`,
      wholeNumber(1),
    )
    .addOption(forceOption())
    .option('--table-only', 'train nothing, make the table of what is there')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Table1Options) => {
      process.exitCode = await runTable1(options);
    });
}

/**
 * What the grid of each data set is made of. Of a recipe time steps and rate hold unless they are given; the arms are
 * what a grid compares, and stay its own.
 */
async function gridsOf(options: Table1Options): Promise<Picking[]> {
  const { data, recipe, seeds } = options;
  const datasets = options.dataset ?? [datasetOf({ data })];
  checkData(datasets, data);
  const words = givenSettings(options, { without: OWN });
  const own = { timesteps: options.timesteps, mpr: options.mpr ?? options.arms, lr: options.lr };
  const given = applyRecipe(recipe, words, own);
  const arms =
    options.arms ??
    options.mpr?.map((mpr) => ({ mpr: unlessNone(mpr), scale: 1 })) ??
    ((given.neuron ?? 'lif') === 'lif' ? ARMS : ARMS.slice(0, 1));
  const grids: Picking[] = [];
  for (const dataset of datasets) {
    const { train } = await openImages({ ...given, dataset }, data);
    const base = runSettings({ ...given, dataset }, train);
    for (const arm of arms) checkNeuronAlone('table1', { ...base, ...settingsOfArm(arm) });
    const timesteps = options.timesteps ?? [base.timesteps];
    const rates = options.lr ?? [base.lr];
    grids.push({ base, timesteps, arms, rates, seeds, epochs: options.pickRate ?? 0 });
  }
  return grids;
}

/** Cells to train, given those that are done and those that were lost. */
type Stage = (done: readonly CellRecord[], lost: readonly RunSettings[]) => RunSettings[];

/** What is to be trained first, and what after it, once that is there. */
async function stagesOf(options: Table1Options): Promise<Stage[]> {
  if (options.tableOnly) return [];
  checkPicking(options);
  const grids = await gridsOf(options);
  if (options.pickRate === undefined)
    return [() => grids.flatMap(({ base, ...axes }) => gridCells(base, axes))];
  return [
    () => grids.flatMap(shortRuns),
    (done, lost) => {
      const long = grids.flatMap((grid) => longRuns(grid, done, lost) ?? []);
      for (const line of pickedInWords(long)) say(`learning rates that were picked: ${line}`);
      return long;
    },
  ];
}

/** @throws where there is nothing to pick from, or images are held out already */
function checkPicking({ pickRate, lr, ...options }: Table1Options): void {
  if (pickRate === undefined) return;
  if ((lr?.length ?? 0) < 2)
    throw new SpikegradError('table1', '--pick-rate needs rates to pick from, such as --lr 0.01,0.03,0.1');
  if (givenSettings(options, { only: ['validation'] }).validation != null)
    throw new SpikegradError(
      'table1',
      '--pick-rate holds out images of its own in the short runs; leave out --validation',
    );
}

/** For a terminal what the Markdown file has. */
function conditionText(condition: Condition): string {
  return [
    `${conditionTitle(condition)}\n`,
    `${textTable(TABLE_HEAD, rowsWords(condition))}\n`,
    ...cellNotes(condition),
    ...verdicts(condition),
    '',
  ].join('\n');
}

async function runTable1(options: Table1Options): Promise<number> {
  if (options.deaths !== undefined && options.queue === undefined)
    throw new SpikegradError('table1', '--deaths is for cells that workers train: give --queue too');
  const grid = new GridFolder(resolve(options.out), options.runs && resolve(options.runs));
  await grid.checkTable();
  const cells = await grid.cells();
  const stages = await stagesOf(options);
  const wanted: RunSettings[] = [];
  const lost: RunSettings[] = [];
  const makeTable = () => grid.writeTable(table1(cells, wanted), cells);
  const { jobs, queue, deaths, data, backend, threads, simd, force } = options;
  const jobOf = (settings: RunSettings): Omit<CellJob, 'settings'> => ({
    folder: grid.runPath(settings),
    data,
    backend,
    threads,
    simd,
    force,
  });
  let outcome: number = EXIT.done;
  for (const stage of stages) {
    const now = stage(cells, lost);
    wanted.push(...now);
    const came = await trainGrid({
      label: 'table1',
      grid,
      cells,
      wanted: now,
      trainCells: queue === undefined ? trainHere(jobs, jobOf) : trainThroughQueue(queue, deaths),
      how: (count) =>
        queue === undefined ? `${Math.min(jobs, count)} side by side` : `through ${shownUrl(queue)}`,
      stopping:
        queue === undefined
          ? 'stopping each cell after its step…'
          : 'leaving the cells in the queue, where workers go on with them…',
      onKept: makeTable,
      onLost: (settings) => lost.push(settings),
    });
    if (came !== EXIT.done) outcome = came; // a cell that failed leaves the others alone
    if (came === EXIT.interrupted) break;
  }
  await makeTable();
  const conditions = table1(cells, wanted);
  if (process.stdout.isTTY) for (const condition of conditions) print(conditionText(condition));
  else process.stdout.write(table1Markdown(conditions, rateStudies(cells))); // escaped by markdown.ts
  say(`table   ${join(grid.path, GRID_FILES.markdown)}\nreport  ${join(grid.path, GRID_FILES.report)}`);
  return outcome;
}
