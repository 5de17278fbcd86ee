// `spikegrad inspect`: what is in a saved model, layer by layer, in a NIR graph, node by node, or in an ONNX model.

import { Command } from 'commander';
import { kindAt } from '../../data/node/file-kind';
import { SpikegradError } from '../../errors';
import { init } from '../../init';
import type { LayerDescription } from '../../nn';
import { layerInWords, outputInWords, totalsInWords } from '../../nn/summary';
import type { RunSettings } from '../../train';
import { metadataOfRun } from '../../train/model-metadata';
import { EXIT } from '../exit';
import { ofRun, openModel } from '../model';
import { isCompiled } from '../model/compiled';
import { metadataInWords } from '../model/metadata-words';
import { addNirWords, type NirWords, refuseNirWords } from '../model/nir/words';
import { addWeights, knowsNetwork, openWeights, type WeightsWords } from '../model/weights';
import { print, printJson } from '../terminal';
import { textTable, thousands } from '../terminal/table';
import { inspectIntegers } from './integers';
import { equationLayers, learntInWords, learntNeuron } from './learnt';
import { inspectNeuron, isNeuronFile, neuronInWords, pageInWords } from './neuron';
import { inspectNir } from './nir';
import { inspectOnnx } from './onnx';
import { inspectTensors } from './tensors';

const EXAMPLES = `
Examples:
  $ spikegrad inspect runs/k3
  $ spikegrad inspect --checkpoint runs/k3/model.safetensors --json
  $ spikegrad inspect network.nir
  $ spikegrad inspect --nir network.nir --dt 1
  $ spikegrad inspect --nir network.nir --convention sinabs
  $ spikegrad inspect network.onnx
  $ spikegrad inspect net.spk
  $ spikegrad inspect neuron.json
  $ spikegrad inspect runs/own --neuron > learnt.json
  $ spikegrad inspect weights.pth
  $ spikegrad inspect weights.pth --map guo-resnet20 --timesteps 4`;

const OF_RUNS = "'--neuron' asks for the neuron of a run: give its folder, or its model.safetensors";

interface InspectOptions extends WeightsWords, NirWords {
  checkpoint?: string;
  nir?: string;
  onnx?: string;
  json?: boolean;
  /** The path of a layer, or all. */
  neuron?: string | true;
}

export function inspectCommand(): Command {
  return addNirWords(addWeights(new Command('inspect')))
    .option('--onnx <file>', 'an ONNX model, of this or another framework')
    .option('--json', 'print one JSON object instead of text')
    .option(
      '--neuron [layer]',
      'print the neuron of a run alone, as the JSON that train --neuron takes, with what a layer has learnt; the mean of all where none is named',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, options: InspectOptions, command: Command) => {
      const { json = false } = options;
      const paths = [file, options.checkpoint, options.nir, options.onnx].filter(
        (path) => path !== undefined,
      );
      const [path] = paths;
      if (path === undefined || paths.length > 1)
        command.error(
          "error: give one file, as 'spikegrad inspect runs/k3', '--checkpoint <run>', '--nir <file>' or '--onnx <file>'",
        );
      const isGraph =
        options.nir !== undefined ||
        (file !== undefined && (/\.nir$/i.test(file) || kindAt(file) === 'hdf5'));
      if (!isGraph) refuseNirWords(options, command);
      const isOnnx = options.onnx !== undefined || (file !== undefined && kindAt(file) === 'onnx');
      if (options.neuron !== undefined && (isGraph || isOnnx || isNeuronFile(path)))
        command.error(`error: ${OF_RUNS}`);
      if (isGraph) await inspectNir(path, json, options);
      else if (isOnnx) await inspectOnnx(path, json);
      else if (isNeuronFile(path)) inspectNeuron(path, json);
      else await inspectCheckpoint(path, json, options);
      process.exitCode = EXIT.done;
    });
}

async function inspectCheckpoint(path: string, json: boolean, words: InspectOptions): Promise<void> {
  const opened = words.map === undefined ? await openWeights(path) : undefined;
  const isRun = opened !== undefined && !isCompiled(opened) && knowsNetwork(opened, words);
  if (words.neuron !== undefined && !isRun) throw new SpikegradError('inspect', OF_RUNS);
  if (opened === undefined) return inspectMapped(path, json, words);
  if (isCompiled(opened)) return inspectIntegers(opened, json);
  if (!isRun) return inspectTensors(opened, json);
  const model = ofRun(opened, words);
  const { checkpoint } = model;
  await init({ backend: 'cpu' });
  const network = await model.build();
  const { progress, settings, metadata } = checkpoint;
  const of = {
    inputShape: [settings.height, settings.imageWidth, settings.channels],
    ...(model.steps !== undefined && { timesteps: model.steps }),
  };
  const neurons = equationLayers(network);
  if (words.neuron !== undefined)
    return printJson(learntNeuron(neurons, words.neuron === true ? undefined : words.neuron));
  const { layers, parameters, operations } = network.describe(of);
  if (json) {
    printJson({ settings, progress, metadata, layers, parameters, operations });
    return;
  }
  print(`${describe(settings)}\n`);
  for (const line of neuronInWords(settings.neuron)) print(line);
  const known = metadata?.mean === undefined ? metadataOfRun(checkpoint) : metadata;
  print(metadataInWords(known).join('\n'));
  if (known !== metadata)
    print(`(of ${settings.dataset}; the file itself, of an older version or another tool, does not say)`);
  print(`\n${layerTable(layers)}\n`);
  print(totalsInWords(network, of));
  for (const line of learntInWords(neurons)) print(line);
  if (progress !== undefined) print(`stands at step ${progress.step}, epoch ${progress.epoch}`);
  if (neurons.length > 0) print(pageInWords(learntNeuron(neurons)).join('\n'));
}

/** The layers of a network that a map says. */
async function inspectMapped(path: string, json: boolean, words: WeightsWords): Promise<void> {
  const model = await openModel(path, words);
  await init({ backend: 'cpu' });
  const network = await model.build();
  const { metadata } = model;
  const { inputShape } = metadata;
  const { layers, parameters, operations } = network.describe({ inputShape });
  if (json) {
    process.stdout.write(`${JSON.stringify({ metadata, layers, parameters, operations })}\n`);
    return;
  }
  for (const line of metadataInWords(metadata)) print(line);
  print(`\n${layerTable(layers)}\n`);
  print(totalsInWords(network, { inputShape }));
}

function describe(settings: RunSettings): string {
  const { arch, width, timesteps, mpr, dynamics, dataset, classes, height, imageWidth, channels } = settings;
  return `${settings.network ?? arch} width ${width}, T=${timesteps}, MPR ${mpr === null ? 'none' : `k=${mpr}`}, ${dynamics} dynamics; ${dataset}, ${classes} classes, images ${height}x${imageWidth}x${channels}`;
}

function layerTable(layers: readonly LayerDescription[]): string {
  return textTable(
    ['layer', 'kind', 'output', 'parameters', 'operations'],
    layers.map((layer) => [
      layer.path,
      layerInWords(layer),
      outputInWords(layer),
      thousands(layer.parameters),
      thousands(layer.operations ?? 0),
    ]),
  );
}
