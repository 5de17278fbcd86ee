// `spikegrad paper dynamics`: both charge equations trained with the same budget and seeds, and what that does to
// accuracy, firing rates and gradients.

import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { batchCount } from '../../../data/batches';
import type { Dataset } from '../../../data/dataset';
import { DYNAMICS, type DynamicsStudy, dynamicsStudy, isOfComparison } from '../../../paper/dynamics';
import { dynamicsCsv, dynamicsJson, dynamicsMarkdown } from '../../../paper/dynamics/files';
import { dynamicsPicture, dynamicsReport } from '../../../paper/dynamics/report';
import {
  ACCURACY_HEAD,
  accuracyRows,
  dynamicsSentences,
  NORM_HEAD,
  normRows,
  RATE_HEAD,
  rateRows,
} from '../../../paper/dynamics/words';
import type { GradientBatches } from '../../../paper/gradients';
import { gridCells } from '../../../paper/grid';
import { refuseForeign } from '../../../paper/node/ours';
import { GridFolder } from '../../../paper/node/store';
import { type RecipeName, type RunSettings, runSettings } from '../../../train';
import { type BackendChoice, forceOption, listOf, wholeNumber } from '../../arguments';
import { EXIT } from '../../exit';
import { writeFile } from '../../files';
import { chooseBackend } from '../../run/backend';
import { datasetOf, openImages } from '../../run/datasets';
import { applyRecipe } from '../../run/recipe';
import { addTrainingOptions, givenSettings, settingParser } from '../../run/training-options';
import { print } from '../../terminal';
import { onInterrupt } from '../../terminal/interrupt';
import { textTable } from '../../terminal/table';
import { trainHere } from '../cells';
import { trainGrid } from '../cells/grid';
import { pngRenderer, type Renderer, writePicture } from '../picture';
import { viewRuns } from './view-runs';

interface DynamicsOptions extends BackendChoice {
  data?: string;
  recipe?: RecipeName;
  force?: boolean;
  seeds: number[];
  out: string;
  runs?: string;
  jobs: number;
  batches: number;
  png?: boolean;
}

const EXAMPLES = `
Examples:
  $ spikegrad paper dynamics --data ./cifar10 --out dynamics
  $ spikegrad paper dynamics --data ./cifar10 --seeds 0,1,2 --epochs 4 --batch 32 --lr 0.1 \\
      --augment crop,flip --jobs 2 --threads 1 --out dynamics --png

leak is H[t] = τ·V[t-1] + X[t], which the authors' code runs; paper is H[t] = V[t-1] + τ·X[t], eq. 4 as printed. Both forms
of a seed share initial weights and the order of images. Runs and records are kept as by \`paper table1\`: the same command
goes on where it was stopped, and further seeds are added to those that are there.`;

/** What is written in the end. */
const filesOf = ({ png }: DynamicsOptions) =>
  ['md', 'csv', 'json', 'svg', 'html', ...(png ? ['png'] : [])].map((ending) => `dynamics.${ending}`);

/** Settings of which both, or a list, are trained. */
const OWN = ['dynamics', 'seed', 'memory'] as const;

export function dynamicsCommand(): Command {
  const command = new Command('dynamics')
    .option('--data <dir>', "folder with a data set's files, or with a folder for each data set")
    .option('--seeds <list>', 'seeds', listOf(settingParser('seed')), [0]);
  return addTrainingOptions(command, { without: OWN })
    .requiredOption('--out <dir>', 'folder of the records, tables, picture and report')
    .option('--runs <dir>', 'folder of the runs with their weights (default: runs in --out)')
    .option('--jobs <n>', 'cells side by side, each in a process of its own', wholeNumber(1), 1)
    .option('--batches <n>', 'batches of training images to measure gradients on', wholeNumber(1), 4)
    .addOption(forceOption())
    .option('--png', 'write a PNG beside the SVG (needs `npm i @resvg/resvg-js`)')
    .addHelpText('after', EXAMPLES)
    .action(async (options: DynamicsOptions) => {
      process.exitCode = await compareDynamics(options);
    });
}

/** The settings that all cells share. @param given none of the dynamics: both are trained */
async function openBase({
  data,
  recipe,
  ...options
}: DynamicsOptions): Promise<{ base: RunSettings; images: { train: Dataset; test: Dataset } }> {
  const words = givenSettings(options, { without: OWN });
  const dataset = datasetOf({ dataset: words.dataset, data });
  const given = {
    ...applyRecipe(recipe, { ...words, dataset }, { dynamics: DYNAMICS }),
    dynamics: 'leak' as const,
  };
  const images = await openImages(given, data);
  return { base: runSettings(given, images.train), images };
}

async function compareDynamics(options: DynamicsOptions): Promise<number> {
  const render = options.png ? await pngRenderer() : undefined;
  const { base, images } = await openBase(options);
  const { timesteps, mpr } = base;
  const grid = new GridFolder(resolve(options.out), options.runs && resolve(options.runs));
  await refuseForeign(filesOf(options).map((name) => join(grid.path, name)));
  const cells = await grid.cells();
  const { data, seeds, backend, threads, simd, jobs, force } = options;
  const trained = await trainGrid({
    label: 'dynamics',
    grid,
    cells,
    wanted: gridCells(base, { timesteps: [timesteps], dynamics: DYNAMICS, arms: [{ mpr, scale: 1 }], seeds }),
    trainCells: trainHere(jobs, (settings) => ({
      folder: grid.runPath(settings),
      data,
      backend,
      threads,
      simd,
      force,
    })),
    how: (count) => `${Math.min(jobs, count)} side by side`,
    stopping: 'stopping each cell after its step…',
  });
  if (trained === EXIT.interrupted) return trained;
  const records = cells.filter(({ settings }) => isOfComparison(settings, base));
  if (records.length === 0) return trained;

  await chooseBackend(options, base);
  const count = Math.min(options.batches, batchCount(images.train.length, base.batch));
  const batches: GradientBatches = { count, size: base.batch, seed: 0 };
  const interrupt = onInterrupt('stopping after this network…');
  const runs = await viewRuns(records, { grid, images, batches, signal: interrupt.signal });
  interrupt.release();
  if (runs === undefined) return EXIT.interrupted;
  await report(dynamicsStudy(runs, batches), grid.path, render);
  return runs.some(({ view }) => view === undefined) ? EXIT.failed : trained;
}

async function report(study: DynamicsStudy, out: string, render: Renderer | undefined): Promise<void> {
  const files = [
    await writeFile(join(out, 'dynamics.md'), dynamicsMarkdown(study)),
    await writeFile(join(out, 'dynamics.csv'), dynamicsCsv(study)),
    await writeFile(join(out, 'dynamics.json'), dynamicsJson(study)),
    ...(await writePicture(dynamicsPicture(study), join(out, 'dynamics.svg'), render)),
    await writeFile(join(out, 'dynamics.html'), dynamicsReport(study)),
  ];
  const parts = [
    textTable(ACCURACY_HEAD, accuracyRows(study)),
    ...(rateRows(study).length === 0
      ? []
      : [textTable(RATE_HEAD, rateRows(study)), textTable(NORM_HEAD, normRows(study))]),
    dynamicsSentences(study).join('\n'),
    files.join('\n'),
  ];
  print(parts.join('\n\n'));
}
