// `spikegrad eval`: accuracy, firing rates and energy of a saved model.

import { Command, Option } from 'commander';
import { tensor } from '../core/create';
import { scope } from '../core/scope';
import { firstBatch } from '../data/batches/first';
import type { TrainingData } from '../data/stream/dataset';
import { CompiledNetwork } from '../integer/network';
import type { ProbeReport } from '../snn';
import { DATASETS, type DatasetName, type Evaluation, evaluate } from '../train';
import { probeDataset } from '../train/report';
import { type BackendChoice, backendOptions, wholeNumber } from './arguments';
import { EXIT } from './exit';
import { type Model, openModel } from './model';
import { promiseInWords } from './model/compiled';
import { addWeights, onePath, type WeightsWords } from './model/weights';
import { chooseBackend } from './run/backend';
import { datasetOf, openRecords } from './run/datasets';
import { print, printJson, say } from './terminal';
import { onInterrupt } from './terminal/interrupt';
import { type Progress, startProgress } from './terminal/progress';
import { counted, percent, textTable, thousands } from './terminal/table';

interface EvalWords extends BackendChoice, WeightsWords {
  checkpoint?: string;
  dataset?: DatasetName;
  data?: string;
  split: 'train' | 'test';
  limit?: number;
  batch: number;
  json?: boolean;
}

interface EvalOptions extends EvalWords {
  checkpoint: string;
}

const EXAMPLES = `
Examples:
  $ spikegrad eval runs/k3 --data ./cifar10
  $ spikegrad eval --checkpoint runs/k3/checkpoint.safetensors --data ./cifar10 --limit 1000 --json
  $ spikegrad eval net.spk --data ./cifar10
  $ spikegrad eval from-pytorch.safetensors --data ./cifar10 --prefix module. --timesteps 4`;

export function evalCommand(): Command {
  const command = addWeights(new Command('eval'))
    .addOption(
      new Option('--dataset <name>', 'data set (default: the one it was trained on)').choices(DATASETS),
    )
    .option('--data <dir>', 'folder with the files of the data set')
    .addOption(new Option('--split <name>', 'which images').choices(['train', 'test']).default('test'))
    .option('--limit <n>', 'use only the first n images', wholeNumber(1))
    .option('--batch <n>', 'images at once', wholeNumber(1), 128)
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string | undefined, words: EvalWords, itself: Command) => {
      const checkpoint = onePath(run, words.checkpoint, itself);
      process.exitCode = await evaluateCheckpoint({ ...words, checkpoint });
    });
  for (const option of backendOptions()) command.addOption(option);
  return command;
}

async function evaluateCheckpoint(options: EvalOptions): Promise<number> {
  const model = await openModel(options.checkpoint, options);
  const name = datasetOf({ dataset: options.dataset ?? model.settings?.dataset, data: options.data });
  const source = {
    dataset: name,
    data: options.data,
    limit: options.limit ?? null,
    timesteps: model.settings?.timesteps,
    memory: model.settings?.memory,
  };
  const dataset = asTrained(await openRecords(source, options.split), model);
  model.check(dataset);
  await chooseBackend(options, model.settings);
  const network = await model.build();
  const interrupt = onInterrupt('stopping after this batch…');
  let bar: Progress | undefined;
  const begin = (label: string, images: number) => {
    bar?.stop();
    bar = startProgress(label, images);
  };
  try {
    say(`testing on ${counted(dataset.length, 'image')} of ${dataset.name}`);
    begin('eval', dataset.length);
    const started = performance.now();
    const result = await evaluate(network, dataset, {
      batchSize: options.batch,
      onProgress: (images) => bar?.update(images),
      signal: interrupt.signal,
    });
    const seconds = (performance.now() - started) / 1000;
    if (network instanceof CompiledNetwork) {
      bar?.stop();
      await tellOfIntegers(options, dataset, result, network, seconds);
      return EXIT.done;
    }
    const probed = await probeDataset(network, dataset, {
      batchSize: options.batch,
      onProgress(images, of) {
        if (images === 0) {
          bar?.stop();
          say(`looking at the layers on ${counted(of, 'image')}`);
          begin('layers', of);
        }
        bar?.update(images);
      },
    });
    bar?.stop();
    if (options.json) printJson(asJson(options, dataset, result, probed, seconds));
    else print(asText(options, dataset, result, probed, seconds));
    for (const warning of probed.warnings) if (!options.json) say(`warning: ${warning}`);
    return EXIT.done;
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    bar?.stop();
    interrupt.release();
  }
}

/** The images normalised as a map says they were there; a run's are those it was trained on. */
function asTrained(dataset: TrainingData, { settings, metadata: { mean, deviation } }: Model): TrainingData {
  if (settings !== undefined) return dataset;
  if (mean === undefined || deviation === undefined) {
    say(
      'note: the map does not say how images were normalised (mean, deviation); taken as this library has them',
    );
    return dataset;
  }
  return { ...dataset, mean, deviation };
}

/** Images of a class, and the share of them that is classified rightly; undefined where there is none. */
function perClass({ confusion }: Evaluation): { images: number; accuracy: number | undefined }[] {
  return confusion.map((row, label) => {
    const images = row.reduce((sum, count) => sum + count, 0);
    return { images, accuracy: images === 0 ? undefined : row[label]! / images };
  });
}

/** The same of a network of integers, which has no layers to probe. */
async function tellOfIntegers(
  options: EvalOptions,
  dataset: TrainingData,
  result: Evaluation,
  network: CompiledNetwork,
  seconds: number,
): Promise<void> {
  const { images, shape, labels } = await firstBatch(dataset, options.batch);
  const rates = scope(() => network.firingRates(tensor(images, shape)));
  const { sameBits } = network.report();
  if (options.json) {
    const firingRates = Object.fromEntries(rates);
    printJson({
      ...common(options, dataset, result, seconds),
      firingRates,
      sameBits,
      confusion: result.confusion,
    });
    return;
  }
  const rows = [...rates].map(([name, rate]) => [name, percent(rate)]);
  const first = counted(labels.length, 'image');
  print(
    [
      accuracyInWords(options, dataset, result, seconds),
      classTable(result, dataset),
      textTable([`layer (first ${first})`, 'firing rate'], rows),
      promiseInWords(network.report()),
    ].join('\n\n'),
  );
}

function common(
  { checkpoint, split }: EvalOptions,
  dataset: TrainingData,
  result: Evaluation,
  seconds: number,
) {
  return {
    checkpoint,
    dataset: dataset.name,
    split,
    images: result.images,
    loss: result.loss,
    accuracy: result.accuracy,
    seconds,
    classes: perClass(result).map((figures, label) => ({ name: dataset.classes[label], ...figures })),
  };
}

function asJson(
  options: EvalOptions,
  dataset: TrainingData,
  result: Evaluation,
  { layers, operations, warnings }: ProbeReport,
  seconds: number,
): unknown {
  return {
    ...common(options, dataset, result, seconds),
    firingRates: Object.fromEntries(layers.map((layer) => [layer.name, layer.rate])),
    synapticOperations: operations,
    warnings,
    confusion: result.confusion,
  };
}

function accuracyInWords(
  { split }: EvalOptions,
  dataset: TrainingData,
  { accuracy, loss, images }: Evaluation,
  seconds: number,
): string {
  return `${dataset.name} ${split}: accuracy ${percent(accuracy)}, loss ${loss.toFixed(4)} on ${counted(images, 'image')} (${(images / seconds).toFixed(1)} images/s)`;
}

function classTable(result: Evaluation, { classes }: TrainingData): string {
  return textTable(
    ['class', 'images', 'right', 'most often taken for'],
    perClass(result).map(({ images, accuracy }, label) => [
      classes[label]!,
      thousands(images),
      accuracy === undefined ? '-' : percent(accuracy),
      mistaken(result.confusion[label]!, label, classes),
    ]),
  );
}

function asText(
  options: EvalOptions,
  dataset: TrainingData,
  result: Evaluation,
  { layers, operations }: ProbeReport,
  seconds: number,
): string {
  const nanojoules = (energy: number) => `${thousands(energy)} nJ`;
  return `${[
    accuracyInWords(options, dataset, result, seconds),
    classTable(result, dataset),
    textTable(
      ['layer', 'firing rate', 'by time step'],
      layers.map((layer) => [layer.name, percent(layer.rate), layer.ratePerStep.map(percent).join('  ')]),
    ),
    `energy of one image ${nanojoules(operations.energy)}: ${thousands(operations.acs)} additions for spikes, ${thousands(operations.macs)} multiply-accumulates; the same network without spikes, run once, ${nanojoules(operations.denseEnergy)} (32-bit floats in 45 nm; Horowitz, ISSCC 2014)`,
  ].join('\n\n')}`;
}

/** The other class that most images of a class are taken for: `cat, 12`. */
function mistaken(row: readonly number[], label: number, classes: readonly string[]): string {
  const others = row.map((count, c) => (c === label ? 0 : count));
  const most = Math.max(...others);
  return most === 0 ? '' : `${classes[others.indexOf(most)]}, ${thousands(most)}`;
}
