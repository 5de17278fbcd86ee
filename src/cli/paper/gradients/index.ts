// `spikegrad paper gradients`: gradient norms by layer for many arms, at the start of training, with the weights of a
// run, or through a training of each arm.

import { join } from 'node:path';
import { Command, Option } from 'commander';
import { manualSeed } from '../../../core/engine';
import type { Dataset } from '../../../data/dataset';
import { SpikegradError } from '../../../errors';
import { type Arm, armName, armWords, isReference, parseArm, settingsOfArm } from '../../../paper/arm';
import {
  type GradientBatches,
  gradientProfile,
  type SteepnessArm,
  type SteepnessStudy,
} from '../../../paper/gradients';
import { gradientsCsv, gradientsJson } from '../../../paper/gradients/files';
import { gradientsPicture, gradientsReport } from '../../../paper/gradients/report';
import {
  STEEPNESS_LEGEND,
  steepnessHead,
  steepnessRow,
  steepnessSentences,
} from '../../../paper/gradients/words';
import { refuseForeign } from '../../../paper/node/ours';
import {
  buildNetwork,
  type Checkpoint,
  checkImages,
  type DatasetName,
  type NetworkSettings,
  runSettings,
} from '../../../train';
import { flagOf } from '../../../train/settings/setting';
import { asUsage, type BackendChoice, backendOptions, listOf, wholeNumber } from '../../arguments';
import { EXIT } from '../../exit';
import { writeFile } from '../../files';
import {
  readWeights,
  restoreWeights,
  type WeightsWords,
  weightsName,
  weightsOptions,
} from '../../model/weights';
import { chooseBackend } from '../../run/backend';
import { datasetOf, openDataset } from '../../run/datasets';
import { givenSettings, NETWORK_SETTINGS, settingOption } from '../../run/training-options';
import { print, say } from '../../terminal';
import { onInterrupt } from '../../terminal/interrupt';
import { startProgress } from '../../terminal/progress';
import { counted, textTable } from '../../terminal/table';
import { steepnesses } from '../k-list';
import { pngRenderer, writePicture } from '../picture';
import { measureTraining } from './training';

export interface GradientsOptions extends BackendChoice, WeightsWords {
  checkpoint?: string;
  k: number[];
  arms?: Arm[];
  epochs?: number;
  dataset?: DatasetName;
  data?: string;
  batches: number;
  batch: number;
  seed: number;
  out: string;
  png?: boolean;
}

const EXAMPLES = `
Examples:
  $ spikegrad paper gradients --dataset shapes --width 8 --batches 2
  $ spikegrad paper gradients --dataset cifar10 --data ./cifar10 --timesteps 2 --k 1,3,5,7,10 --out gradients --png
  $ spikegrad paper gradients --checkpoint runs/k3 --data ./cifar10 --arms scale:1.05,mpr:3,mpr:7*0.65
  $ spikegrad paper gradients --data ./cifar10 --arms mpr:3,mpr:7 --epochs 3 --lr 0.03 --limit 5000

One network, the same images, once without MPR and once for each k or arm: only gradients differ. With --checkpoint the
network is that of the run and its k is replaced. With --epochs each arm is trained, and measured at the start and after each
epoch; arms that are done stay in arms/ of --out, and the same command goes on with the others. ${STEEPNESS_LEGEND}`;

/** What a training of the arms takes, besides --epochs, --batch and --seed. */
const TRAINING_WORDS = ['limit', 'lr', 'momentum', 'weightDecay', 'clip', 'augment'] as const;

export function gradientsCommand(): Command {
  const command = new Command('gradients')
    .option('--checkpoint <run>', "a run's folder, or a model.safetensors or checkpoint.safetensors")
    .addOption(
      new Option('--k <list>', 'steepnesses, such as 1,3,5,7 or 1..20')
        .argParser(steepnesses)
        .default(steepnesses('1..20'), '1..20'),
    )
    .addOption(
      new Option('--arms <list>', 'arms instead of steepnesses, such as mpr:3,scale:1.05,mpr:7*0.65')
        .argParser(listOf(asUsage(parseArm)))
        .conflicts('k'),
    );
  for (const option of weightsOptions()) command.addOption(option);
  for (const name of NETWORK_SETTINGS) command.addOption(settingOption(name).conflicts('checkpoint'));
  command
    .addOption(settingOption('dataset', "images (default: the run's, else those in --data, else shapes)"))
    .option('--data <dir>', "folder with a data set's files, or with a folder for each data set")
    .option('--batches <n>', 'batches to average over', wholeNumber(1), 4)
    .option('--batch <n>', 'images of a batch', wholeNumber(1), 32)
    .addOption(
      new Option('--epochs <n>', 'train each arm for so many epochs, and measure after each')
        .argParser(wholeNumber(1))
        .conflicts('checkpoint'),
    )
    .option('--seed <n>', 'seed of initial weights and of the choice of images', wholeNumber(0), 0);
  for (const name of TRAINING_WORDS) command.addOption(settingOption(name).conflicts('checkpoint'));
  command
    .option('--out <dir>', 'folder for table, picture and report', 'gradients')
    .option('--png', 'write a PNG beside the SVG (needs `npm i @resvg/resvg-js`)')
    .addHelpText('after', EXAMPLES)
    .action(async (options: GradientsOptions) => {
      process.exitCode = await measureGradients(options);
    });
  for (const option of backendOptions()) command.addOption(option);
  return command;
}

/** The data set, and its training images, as many as are looked at. */
async function openTrainingImages(
  { dataset, data, ...options }: GradientsOptions,
  checkpoint: Checkpoint | undefined,
): Promise<{ dataset: DatasetName; images: Dataset }> {
  const name = datasetOf({ dataset: dataset ?? checkpoint?.settings.dataset, data });
  const { limit = null } = givenSettings(options, { only: ['limit'] });
  return { dataset: name, images: await openDataset({ dataset: name, data, limit }, 'train') };
}

/** The one without MPR first, since all are compared with it. @throws for an arm that is given twice */
function armsOf({ k, arms }: GradientsOptions): Arm[] {
  const wanted = arms ?? k.map((mpr): Arm => ({ mpr, scale: 1 }));
  const names = wanted.map(armName);
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice >= 0)
    throw new SpikegradError('gradients', `--arms names ${armWords(wanted[twice]!)} twice; leave one out`);
  return [{ mpr: null, scale: 1 }, ...wanted.filter((arm) => !isReference(arm))];
}

/** @throws for options that only a training has a use for */
function checkTrained(options: GradientsOptions): void {
  const given = Object.keys(givenSettings(options, { only: TRAINING_WORDS }));
  if (options.epochs === undefined && given.length > 0)
    throw new SpikegradError(
      'gradients',
      `${given.map((name) => flagOf(name)).join(', ')} is of a training: say for how long with --epochs`,
    );
}

async function measureGradients(options: GradientsOptions): Promise<number> {
  const { seed, out } = options;
  checkTrained(options);
  const wanted = armsOf(options);
  const endings = ['csv', 'json', 'svg', 'html', ...(options.png ? ['png'] : [])];
  await refuseForeign(endings.map((ending) => join(out, `gradients.${ending}`)));
  const render = options.png ? await pngRenderer() : undefined;
  const checkpoint =
    options.checkpoint === undefined ? undefined : await readWeights(options.checkpoint, options);
  const { dataset, images } = await openTrainingImages(options, checkpoint);
  const given = givenSettings(options, { only: [...NETWORK_SETTINGS, ...TRAINING_WORDS] });
  const { epochs, batch } = options;
  const fresh = runSettings(
    { ...given, dataset, batch, seed, mpr: null, ...(epochs !== undefined && { epochs }) },
    images,
  );
  const settings: NetworkSettings = checkpoint?.settings ?? fresh;
  checkImages(settings, images);
  const batches: GradientBatches = { count: options.batches, size: options.batch, seed };
  if (batches.count * batches.size > images.length)
    throw new SpikegradError(
      'gradients',
      `${images.name} has ${images.length} images, too few for ${batches.count} batches of ${batches.size}`,
    );
  await chooseBackend(options, { ...settings, batch: options.batch, seed });
  if (epochs !== undefined)
    return measureTraining({ settings: fresh, images, batches, arms: wanted, out: options.out, render });
  const arms = await measureArms(settings, wanted, checkpoint, images, batches, options);
  if (arms === undefined) return EXIT.interrupted;
  const { arch, width, timesteps, dynamics, classes, channels, height, imageWidth } = settings;
  const study: SteepnessStudy = {
    settings: { arch, width, timesteps, dynamics, classes, channels, height, imageWidth },
    weights:
      options.checkpoint === undefined
        ? `initial weights of seed ${seed}`
        : `weights of ${weightsName(options.checkpoint)}`,
    dataset: images.name,
    batches,
    arms,
  };
  await report(study, out, render);
  return EXIT.done;
}

/** @returns undefined when it was stopped */
async function measureArms(
  settings: NetworkSettings,
  wanted: readonly Arm[],
  checkpoint: Checkpoint | undefined,
  images: Dataset,
  batches: GradientBatches,
  words: GradientsOptions,
): Promise<SteepnessArm[] | undefined> {
  const interrupt = onInterrupt('stopping after this arm…');
  say(
    `measuring ${counted(wanted.length, 'network')} on ${counted(batches.count, 'batch', 'batches')} of ${batches.size} images`,
  );
  const bar = startProgress('gradients', wanted.length * batches.count);
  const arms: SteepnessArm[] = [];
  try {
    for (const arm of wanted) {
      if (interrupt.signal.aborted) return undefined;
      manualSeed(batches.seed); // every arm has the same weights
      const network = buildNetwork({ ...settings, ...settingsOfArm(arm) });
      if (checkpoint !== undefined)
        restoreWeights(network, checkpoint, words, arms.length === 0 ? say : () => undefined);
      const before = arms.length * batches.count;
      const profile = await gradientProfile(network, images, batches, (done) =>
        bar.update(before + done, [armWords(arm)]),
      );
      arms.push({ ...arm, ...profile });
      network.dispose();
    }
    return arms;
  } finally {
    bar.stop();
    interrupt.release();
  }
}

async function report(
  study: SteepnessStudy,
  out: string,
  render: Parameters<typeof writePicture>[2],
): Promise<void> {
  const { arms } = study;
  const files = [
    await writeFile(join(out, 'gradients.csv'), gradientsCsv(arms)),
    await writeFile(join(out, 'gradients.json'), gradientsJson(study)),
    ...(await writePicture(gradientsPicture(study), join(out, 'gradients.svg'), render)),
    await writeFile(join(out, 'gradients.html'), gradientsReport(study)),
  ];
  const table = textTable(
    steepnessHead(arms),
    arms.map((arm) => steepnessRow(arm, arms[0]!)),
  );
  print(`${table}\n\n${steepnessSentences(arms).join('\n')}\n\n${files.join('\n')}`);
}
