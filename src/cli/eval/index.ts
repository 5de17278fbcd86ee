// `spikegrad eval`: accuracy, firing rates and energy of a saved model.

import { Command, Option } from 'commander';
import { tensor } from '../../core/create';
import { scope } from '../../core/scope';
import { firstBatch } from '../../data/batches/first';
import type { TrainingData } from '../../data/stream/dataset';
import { CompiledNetwork } from '../../integer/network';
import type { Module } from '../../nn';
import type { LayerReport, ProbeReport } from '../../snn';
import { firingWarnings } from '../../snn/probe/warnings';
import { DATASETS, type DatasetName, type Evaluation, evaluate } from '../../train';
import { probeDataset } from '../../train/report';
import { type BackendChoice, backendOptions, wholeNumber } from '../arguments';
import { EXIT } from '../exit';
import { type Model, openModel } from '../model';
import { promiseInWords } from '../model/compiled';
import { addNirWords, type NirWords, refuseNirWords } from '../model/nir/words';
import { addWeights, onePath, type WeightsWords } from '../model/weights';
import { chooseBackend } from '../run/backend';
import { datasetOf, openRecords } from '../run/datasets';
import { print, printJson, say } from '../terminal';
import { onInterrupt } from '../terminal/interrupt';
import { type Progress, startProgress } from '../terminal/progress';
import { counted, percent, textTable, thousands } from '../terminal/table';

interface EvalWords extends BackendChoice, WeightsWords, NirWords {
  checkpoint?: string;
  dataset?: DatasetName;
  data?: string;
  split: 'train' | 'test';
  limit?: number;
  batch: number;
  raw?: boolean;
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
  $ spikegrad eval from-pytorch.safetensors --data ./cifar10 --prefix module. --timesteps 4
  $ spikegrad eval --nir net.nir --convention sinabs --data ./nmnist --timesteps 100 --raw`;

export function evalCommand(): Command {
  const command = addNirWords(addWeights(new Command('eval')))
    .addOption(
      new Option('--dataset <name>', 'data set (default: the one it was trained on)').choices(DATASETS),
    )
    .option('--data <dir>', 'folder with the files of the data set')
    .addOption(new Option('--split <name>', 'which images').choices(['train', 'test']).default('test'))
    .option('--limit <n>', 'use only the first n images', wholeNumber(1))
    .option('--batch <n>', 'images at once', wholeNumber(1), 128)
    .option('--raw', 'with --nir: pixels from 0 to 1, or counts of events, that are not normalised')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string | undefined, words: EvalWords, itself: Command) => {
      const { nir } = words;
      if (nir === undefined) refuseNirWords(words, itself);
      else if ((run ?? words.checkpoint) !== undefined)
        itself.error(`error: ${run ?? words.checkpoint} and --nir ${nir} are two: give one`);
      if (words.raw && nir === undefined) itself.error("error: '--raw' goes with '--nir <file>'");
      const checkpoint = nir ?? onePath(run, words.checkpoint, itself);
      process.exitCode = await evaluateCheckpoint({ ...words, checkpoint });
    });
  for (const option of backendOptions()) command.addOption(option);
  return command;
}

async function evaluateCheckpoint(options: EvalOptions): Promise<number> {
  const { nir } = options;
  const model = await (nir === undefined
    ? openModel(options.checkpoint, options)
    : import('./nir').then(({ openNirModel }) => openNirModel(nir, options)));
  const name = datasetOf({ dataset: options.dataset ?? model.settings?.dataset, data: options.data });
  const source = {
    dataset: name,
    data: options.data,
    limit: options.limit ?? null,
    timesteps: model.settings?.timesteps ?? (nir === undefined ? undefined : options.timesteps),
    memory: model.settings?.memory,
  };
  const dataset = asTrained(await openRecords(source, options.split), model, options);
  model.check(dataset);
  await chooseBackend(options, model.settings);
  const network = await model.build(dataset);
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
    const look = (images: number, of: number) => {
      if (images === 0) {
        bar?.stop();
        say(`looking at the layers on ${counted(of, 'image')}`);
        begin('layers', of);
      }
      bar?.update(images);
    };
    const probed =
      nir === undefined
        ? await probeDataset(network, dataset, { batchSize: options.batch, onProgress: look })
        : await firingIn(network, dataset, options.batch);
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

/** Firing by layer, and the operations of the whole as far as they are known: a graph says nothing of them. */
interface Probed extends Pick<ProbeReport, 'warnings'> {
  readonly layers: readonly (Pick<LayerReport, 'name' | 'rate'> &
    Partial<Pick<LayerReport, 'ratePerStep'>>)[];
  readonly operations?: ProbeReport['operations'];
}

async function firingIn(network: Module, dataset: TrainingData, batchSize: number): Promise<Probed> {
  const firing = await import('./nir').then(({ firingOf }) => firingOf(network, dataset, batchSize));
  const layers = firing.map(({ name, fired, neuronSteps }) => ({ name, rate: fired / neuronSteps }));
  return { layers, warnings: firingWarnings(firing) };
}

/** The images normalised as a map says they were there; a run's are those it was trained on. */
function asTrained(
  dataset: TrainingData,
  { settings, metadata: { mean, deviation } }: Model,
  { nir, raw }: EvalOptions,
): TrainingData {
  if (settings !== undefined) return dataset;
  if (raw) return { ...dataset, mean: dataset.mean.map(() => 0), deviation: dataset.mean.map(() => 1) };
  if (mean === undefined || deviation === undefined) {
    say(
      `note: the ${nir === undefined ? 'map' : 'graph'} does not say how images were normalised (mean, deviation); taken as this library has them${nir === undefined ? '' : ', --raw takes them as they are'}`,
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
  { layers, operations, warnings }: Probed,
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
  { layers, operations }: Probed,
  seconds: number,
): string {
  return `${[
    accuracyInWords(options, dataset, result, seconds),
    classTable(result, dataset),
    ...(layers.length === 0 ? [] : [firingTable(layers)]),
    ...(operations === undefined ? [] : [energyInWords(operations)]),
  ].join('\n\n')}`;
}

function firingTable(layers: Probed['layers']): string {
  const rows = layers.map(({ name, rate, ratePerStep = [] }) => [
    name,
    percent(rate),
    ratePerStep.map(percent).join('  '),
  ]);
  return textTable(['layer', 'firing rate', 'by time step'], rows);
}

function energyInWords(operations: ProbeReport['operations']): string {
  const nanojoules = (energy: number) => `${thousands(energy)} nJ`;
  return `energy of one image ${nanojoules(operations.energy)}: ${thousands(operations.acs)} additions for spikes, ${thousands(operations.macs)} multiply-accumulates; the same network without spikes, run once, ${nanojoules(operations.denseEnergy)} (32-bit floats in 45 nm; Horowitz, ISSCC 2014)`;
}

/** The other class that most images of a class are taken for: `cat, 12`. */
function mistaken(row: readonly number[], label: number, classes: readonly string[]): string {
  const others = row.map((count, c) => (c === label ? 0 : count));
  const most = Math.max(...others);
  return most === 0 ? '' : `${classes[others.indexOf(most)]}, ${thousands(most)}`;
}
