// `spikegrad paper table1`: the grid of time steps, rectifiers and seeds, as far as it is wanted, and the table made of it.

import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { gridCells } from '../../paper/grid';
import { GRID_FILES, GridFolder } from '../../paper/store';
import { type Condition, table1 } from '../../paper/table1';
import { table1Markdown } from '../../paper/table1-files';
import { conditionTitle, rowWords, TABLE_HEAD, verdicts } from '../../paper/table1-words';
import { DATASETS, type DatasetName, type RecipeName, type RunSettings, runSettings } from '../../train';
import { defaultInWords } from '../../train/defaults';
import { type BackendChoice, forceOption, listOf, unlessNone, wholeNumber } from '../arguments';
import { checkData, datasetOf, openImages } from '../datasets';
import { EXIT } from '../exit';
import { applyRecipe } from '../recipe';
import { textTable } from '../table';
import { print, say } from '../terminal';
import { addTrainingOptions, givenSettings, settingParser } from '../training-options';
import { trainHere } from './cells';
import { trainThroughQueue } from './queue/collect';
import { shownUrl } from './queue/connection';
import type { CellJob } from './run-cell';
import { trainGrid } from './train-grid';

interface Table1Options extends BackendChoice {
  dataset?: DatasetName[];
  data?: string;
  timesteps?: number[];
  mpr: (number | 'none')[];
  seeds: number[];
  out: string;
  runs?: string;
  jobs: number;
  queue?: string;
  recipe?: RecipeName;
  force?: boolean;
  tableOnly?: boolean;
}

const EXAMPLES = `
Examples:
  $ spikegrad paper table1 --data ./cifar10 --timesteps 2 --mpr none,3 --seeds 0,1,2 --epochs 12 \\
      --batch 32 --lr 0.1 --augment crop,flip --jobs 2 --threads 1 --out table1
  $ spikegrad paper table1 --data ./cifar10 --recipe paper --mpr none,3 --width 16 --out table1
  $ spikegrad paper table1 … --queue redis://localhost:6379 --out table1
  $ spikegrad paper table1 --table-only --out table1

Every cell is a run of its own (\`runs/\` in --out), finished ones leave a record in \`cells/\`. The same command goes on
where it was stopped; another one adds its cells to the folder, and the table is made of all of them. Cells with the same
settings but for MPR and seed are compared, seed by seed. Two jobs of one thread use two cores better than one of two.
With --queue the workers have --jobs, --backend, --threads, --data and --runs of their own (spikegrad worker --help).
--recipe decides --timesteps unless they are given, and never --mpr: the arms are what the grid compares.`;

/** Settings of which a grid has lists. */
const OWN = ['dataset', 'timesteps', 'mpr', 'seed'] as const;

/** Names of data sets, joined by commas. */
function datasetNames(text: string): DatasetName {
  const name = DATASETS.find((known) => known === text);
  if (name === undefined) throw new InvalidArgumentError(`"${text}" is not one of ${DATASETS.join(', ')}.`);
  return name;
}

export function table1Command(): Command {
  const command = new Command('table1')
    .description('train the grid of time steps, MPR and seeds; make the table of accuracies')
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
    .option('--mpr <list>', 'steepnesses of MPR, and none', listOf(settingParser('mpr')), [
      'none',
      1,
      3,
      5,
      7,
    ])
    .option('--seeds <list>', 'seeds', listOf(settingParser('seed')), [0, 1, 2]);
  return addTrainingOptions(command, { without: OWN })
    .requiredOption('--out <dir>', 'folder of the grid: records, table, report')
    .option('--runs <dir>', 'folder of the runs with their weights (default: runs in --out)')
    .option('--jobs <n>', 'cells side by side, each in a process of its own', wholeNumber(1), 1)
    .option('--queue <url>', 'let `spikegrad worker`s train the cells, through Redis at redis://host:6379')
    .addOption(forceOption())
    .option('--table-only', 'train nothing, make the table of what is there')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Table1Options) => {
      process.exitCode = await runTable1(options);
    });
}

/** Of a recipe the time steps hold unless they are given; the arms are what a grid compares, and stay its own. */
async function wantedCells(options: Table1Options): Promise<RunSettings[]> {
  const { data, recipe, seeds } = options;
  const datasets = options.dataset ?? [datasetOf({ data })];
  checkData(datasets, data);
  const words = givenSettings(options, { without: OWN });
  const given = applyRecipe(recipe, words, { timesteps: options.timesteps, mpr: options.mpr });
  const arms = options.mpr.map(unlessNone);
  const grids: RunSettings[][] = [];
  for (const dataset of datasets) {
    const { train } = await openImages({ ...given, dataset }, data);
    const base = runSettings({ ...given, dataset }, train);
    grids.push(gridCells(base, { timesteps: options.timesteps ?? [base.timesteps], arms, seeds }));
  }
  return grids.flat();
}

/** For a terminal what the Markdown file has. */
function conditionText(condition: Condition): string {
  return [
    `${conditionTitle(condition)}\n`,
    `${textTable(TABLE_HEAD, condition.rows.map(rowWords))}\n`,
    ...verdicts(condition),
    '',
  ].join('\n');
}

async function runTable1(options: Table1Options): Promise<number> {
  const grid = new GridFolder(resolve(options.out), options.runs && resolve(options.runs));
  const cells = await grid.cells();
  const wanted = options.tableOnly ? [] : await wantedCells(options);
  const makeTable = () => grid.writeTable(table1(cells, wanted));
  const { jobs, queue, data, backend, threads, force } = options;
  const jobOf = (settings: RunSettings): Omit<CellJob, 'settings'> => ({
    folder: grid.runPath(settings),
    data,
    backend,
    threads,
    force,
  });
  const outcome = options.tableOnly
    ? EXIT.done
    : await trainGrid({
        label: 'table1',
        grid,
        cells,
        wanted,
        trainCells: queue === undefined ? trainHere(jobs, jobOf) : trainThroughQueue(queue),
        how: (count) =>
          queue === undefined ? `${Math.min(jobs, count)} side by side` : `through ${shownUrl(queue)}`,
        stopping:
          queue === undefined
            ? 'stopping each cell after its step…'
            : 'leaving the cells in the queue, where workers go on with them…',
        onKept: makeTable,
      });
  await makeTable();
  const conditions = table1(cells, wanted);
  if (process.stdout.isTTY) for (const condition of conditions) print(conditionText(condition));
  else process.stdout.write(table1Markdown(conditions));
  say(`table   ${join(grid.path, GRID_FILES.markdown)}\nreport  ${join(grid.path, GRID_FILES.report)}`);
  return outcome;
}
