// `spikegrad paper figure3`: membranes of one layer before and after rectification.

import { Command, Option } from 'commander';
import type { Dataset } from '../../data/dataset';
import { checkArms, FIGURE3_HEAD, type Figure3Network, figure3, figure3Cells } from '../../paper/figure3';
import { layerMembranes, neuronLayer } from '../../paper/figure3/membranes';
import { figure3Page } from '../../paper/figure3/page';
import { refuseForeign } from '../../paper/node/ours';
import { buildNetwork, type Checkpoint, checkImages } from '../../train';
import { type BackendChoice, backendOptions, wholeNumber } from '../arguments';
import { EXIT } from '../exit';
import { writeFile } from '../files';
import { addWeights, onePath, readWeights, restoreWeights, type WeightsWords } from '../model/weights';
import { chooseBackend } from '../run/backend';
import { checkData, openDataset } from '../run/datasets';
import { print, printJson, say } from '../terminal';
import { onInterrupt } from '../terminal/interrupt';
import { startProgress } from '../terminal/progress';
import { counted, percent, textTable } from '../terminal/table';
import {
  beside,
  type PictureOptions,
  pictureFiles,
  pictureOptions,
  pngRenderer,
  writePicture,
} from './picture';

interface Figure3Words extends PictureOptions, BackendChoice, WeightsWords {
  checkpoint?: string;
  baseline?: string;
  data?: string;
  split: 'train' | 'test';
  layer?: string;
  images: number;
  batch: number;
  html?: boolean;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ spikegrad paper figure3 runs/k3 --baseline runs/none --data ./cifar10 --png
  $ spikegrad paper figure3 --checkpoint runs/k3/model.safetensors --data ./cifar10 --layer stages.2.2.lif2 --html

The average quantization error (eq. 7) is the mean distance of a membrane from the spike that it becomes, or the mean square
of that; both are given. The same images give the same picture.`;

export function figure3Command(): Command {
  const command = addWeights(new Command('figure3'))
    .option('--baseline <run>', 'the same of a run without MPR, for the same picture')
    .option('--data <dir>', 'folder with the files of the data set')
    .addOption(new Option('--split <name>', 'which images').choices(['train', 'test']).default('test'))
    .option('--layer <name>', 'neuron layer (default: the last one of the first block)')
    .option('--images <n>', 'how many images, the first ones', wholeNumber(1), 500)
    .option('--batch <n>', 'images at once', wholeNumber(1), 50)
    .option('--html', 'write a page with picture and table beside it too')
    .option('--json', 'print one JSON object instead of text');
  for (const option of [...pictureOptions('figure3.svg'), ...backendOptions()]) command.addOption(option);
  return command
    .addHelpText('after', EXAMPLES)
    .action(async (run: string | undefined, options: Figure3Words, itself: Command) => {
      process.exitCode = await draw(onePath(run, options.checkpoint, itself), options);
    });
}

async function draw(path: string, options: Figure3Words): Promise<number> {
  await refuseForeign(pictureFiles(options, options.html));
  const render = options.png ? await pngRenderer() : undefined;
  const paths = [path, ...(options.baseline === undefined ? [] : [options.baseline])];
  const checkpoints = await Promise.all(paths.map((each) => readWeights(each, options)));
  const [{ settings }, baseline] = checkpoints as [Checkpoint, Checkpoint?];
  checkArms(settings, baseline?.settings);
  checkData([settings.dataset], options.data);
  const source = { dataset: settings.dataset, data: options.data, limit: options.images };
  const dataset = await openDataset(source, options.split);
  await chooseBackend(options, settings);
  const interrupt = onInterrupt('stopping after this batch…');
  try {
    const networks: Figure3Network[] = [];
    for (const checkpoint of checkpoints)
      networks.push(await measure(checkpoint, dataset, options, interrupt.signal));
    const [network, other] = networks as [Figure3Network, Figure3Network?];
    const figure = figure3(network, other);
    const files = await writePicture(figure.svg, options.out, render);
    if (options.html) files.push(await writeFile(beside(options.out, '.html'), figure3Page(figure)));
    const { name: layer, images } = network.membranes;
    if (options.json) {
      const about = networks.map(({ settings: { mpr }, membranes: { accuracy, rate } }) => ({
        mpr,
        accuracy,
        rate,
      }));
      const output = { layer, images, split: options.split, rows: figure.rows, networks: about, files };
      printJson(output);
      return EXIT.done;
    }
    print(`${textTable(FIGURE3_HEAD, figure.rows.map(figure3Cells))}\n\n${figure.words.join('\n')}`);
    for (const { settings: of, membranes } of networks)
      print(
        `MPR ${of.mpr === null ? 'none' : `k = ${of.mpr}`}: accuracy ${percent(membranes.accuracy)} on these images, ${percent(membranes.rate)} of neuron-steps are spikes.`,
      );
    print(`\n${files.join('\n')}`);
    return EXIT.done;
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    interrupt.release();
  }
}

async function measure(
  checkpoint: Checkpoint,
  dataset: Dataset,
  words: Figure3Words,
  signal: AbortSignal,
): Promise<Figure3Network> {
  const { settings } = checkpoint;
  const { layer, batch } = words;
  checkImages(settings, dataset);
  const network = buildNetwork(settings);
  restoreWeights(network, checkpoint, words);
  neuronLayer(network, layer);
  say(`looking at the membranes of ${counted(dataset.length, 'image')}`);
  const bar = startProgress('figure3', dataset.length);
  try {
    const membranes = await layerMembranes(network, dataset, {
      layer,
      batchSize: batch,
      onProgress: (images) => bar.update(images),
      signal,
    });
    return { settings, membranes };
  } finally {
    bar.stop();
  }
}
