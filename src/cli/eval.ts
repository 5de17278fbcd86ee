// `spikegrad eval`: accuracy, firing rates and energy of a saved model.

import { Command, Option } from 'commander';
import { buildNetwork, checkImages, DATASETS, type DatasetName, evaluate, restoreModel } from '../train';
import { probeDataset } from '../train/report';
import { readCheckpoint } from '../train/run-folder';
import { type BackendChoice, backendOptions, wholeNumber } from './arguments';
import { chooseBackend } from './backend';
import { datasetOf, openDataset } from './datasets';
import { EXIT } from './exit';
import { onInterrupt } from './interrupt';
import { startProgress } from './progress';
import { percent, textTable, thousands } from './table';

interface EvalOptions extends BackendChoice {
  checkpoint: string;
  dataset?: DatasetName;
  data?: string;
  split: 'train' | 'test';
  limit?: number;
  batch: number;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ spikegrad eval --checkpoint runs/k3/model.safetensors --data ./cifar10
  $ spikegrad eval --checkpoint runs/k3/checkpoint.safetensors --data ./cifar10 --limit 1000 --json`;

export function evalCommand(): Command {
  const command = new Command('eval')
    .description('measure a saved model: accuracy, loss, firing rates, energy')
    .requiredOption('--checkpoint <file>', 'model.safetensors or checkpoint.safetensors of a run')
    .addOption(
      new Option('--dataset <name>', 'data set (default: the one it was trained on)').choices(DATASETS),
    )
    .option('--data <dir>', 'folder with the files of the data set')
    .addOption(new Option('--split <name>', 'which images').choices(['train', 'test']).default('test'))
    .option('--limit <n>', 'use only the first n images', wholeNumber(1))
    .option('--batch <n>', 'images at once', wholeNumber(1), 128)
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXAMPLES)
    .action(async (options: EvalOptions) => {
      process.exitCode = await evaluateCheckpoint(options);
    });
  for (const option of backendOptions()) command.addOption(option);
  return command;
}

async function evaluateCheckpoint(options: EvalOptions): Promise<number> {
  const checkpoint = await readCheckpoint(options.checkpoint);
  const { settings } = checkpoint;
  const name = datasetOf({ dataset: options.dataset ?? settings.dataset, data: options.data });
  const source = { dataset: name, data: options.data, limit: options.limit ?? null };
  const dataset = await openDataset(source, options.split);
  checkImages(settings, dataset);
  await chooseBackend(options, settings);
  const network = buildNetwork(settings);
  restoreModel(network, checkpoint);
  const interrupt = onInterrupt('stopping after this batch…');
  const bar = startProgress('eval', dataset.length);
  const started = performance.now();
  try {
    const result = await evaluate(network, dataset, {
      batchSize: options.batch,
      onProgress: (images) => bar.update(images, ''),
      signal: interrupt.signal,
    });
    const seconds = (performance.now() - started) / 1000;
    const probed = await probeDataset(network, dataset);
    bar.stop();
    const { operations, layers } = probed;
    const output = {
      checkpoint: options.checkpoint,
      dataset: dataset.name,
      split: options.split,
      images: result.images,
      loss: result.loss,
      accuracy: result.accuracy,
      seconds,
      firingRates: Object.fromEntries(layers.map((layer) => [layer.name, layer.rate])),
      synapticOperations: operations,
      warnings: probed.warnings,
      confusion: result.confusion,
    };
    if (options.json) process.stdout.write(`${JSON.stringify(output)}\n`);
    else {
      process.stdout.write(
        `${dataset.name} ${options.split}: accuracy ${percent(result.accuracy)}, loss ${result.loss.toFixed(4)} on ${thousands(result.images)} images (${(result.images / seconds).toFixed(1)} images/s)\n\n`,
      );
      process.stdout.write(
        `${textTable(
          ['layer', 'firing rate', 'by time step'],
          layers.map((layer) => [layer.name, percent(layer.rate), layer.ratePerStep.map(percent).join('  ')]),
        )}\n`,
      );
      for (const warning of probed.warnings) process.stderr.write(`warning: ${warning}\n`);
    }
    return EXIT.done;
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    bar.stop();
    interrupt.release();
  }
}
