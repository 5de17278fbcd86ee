// `spikegrad inspect`: what is in a saved model, layer by layer, or in a NIR graph, node by node.

import { Command } from 'commander';
import { zeros } from '../core/create';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import { kindAt } from '../data/found-forms';
import { init } from '../init';
import { Conv2d, Linear, type Module } from '../nn';
import { convOperations } from '../ops/conv';
import { buildNetwork, type RunSettings } from '../train';
import { realNumber } from './arguments';
import { EXIT } from './exit';
import { inspectNir } from './inspect-nir';
import { inspectTensors } from './inspect-tensors';
import { counted, textTable, thousands } from './table';
import { print, say } from './terminal';
import {
  addWeights,
  checkpointOf,
  knowsNetwork,
  openWeights,
  restoreWeights,
  type WeightsWords,
} from './weights';

interface LayerRow {
  name: string;
  kind: string;
  output: readonly number[];
  parameters: number;
  /** Multiply-accumulates for one image, all time steps. */
  operations: number;
}

const EXAMPLES = `
Examples:
  $ spikegrad inspect runs/k3
  $ spikegrad inspect --checkpoint runs/k3/model.safetensors --json
  $ spikegrad inspect network.nir
  $ spikegrad inspect --nir network.nir --dt 1`;

interface InspectOptions extends WeightsWords {
  checkpoint?: string;
  nir?: string;
  dt?: number;
  json?: boolean;
}

export function inspectCommand(): Command {
  return addWeights(new Command('inspect'))
    .description(
      'list the layers, shapes, parameters and operations of a saved model, or the nodes of a NIR graph',
    )
    .option('--nir <file>', 'a NIR graph, of this or another framework')
    .option(
      '--dt <seconds>',
      'with --nir: seconds of a time step (default: what the file says, else 0.0001)',
      realNumber(0, false),
    )
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, options: InspectOptions, command: Command) => {
      const { dt, json = false } = options;
      const paths = [file, options.checkpoint, options.nir].filter((path) => path !== undefined);
      const [path] = paths;
      if (path === undefined || paths.length > 1)
        command.error(
          "error: give one file, as 'spikegrad inspect runs/k3', '--checkpoint <run>' or '--nir <file>'",
        );
      const isGraph =
        options.nir !== undefined ||
        (file !== undefined && (/\.nir$/i.test(file) || kindAt(file) === 'hdf5'));
      if (dt !== undefined && !isGraph) command.error("error: '--dt <seconds>' goes with '--nir <file>'");
      if (isGraph) await inspectNir(path, json, dt);
      else await inspectCheckpoint(path, json, options);
      process.exitCode = EXIT.done;
    });
}

async function inspectCheckpoint(path: string, json: boolean, words: WeightsWords): Promise<void> {
  const opened = await openWeights(path);
  if (!knowsNetwork(opened, words)) return inspectTensors(opened, json);
  const checkpoint = checkpointOf(opened, words);
  await init();
  const network = buildNetwork(checkpoint.settings);
  restoreWeights(network, checkpoint, words);
  say('running one image through the network');
  const rows = layerRows(network, checkpoint.settings);
  const { progress, settings } = checkpoint;
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ settings, progress, layers: rows, parameters: network.parameterCount() })}\n`,
    );
  } else {
    print(`${describe(settings)}\n`);
    print(
      `${textTable(
        ['layer', 'kind', 'output [T,N,…]', 'parameters', 'operations'],
        rows.map((row) => [
          row.name,
          row.kind,
          `[${row.output}]`,
          thousands(row.parameters),
          thousands(row.operations),
        ]),
      )}\n`,
    );
    const operations = rows.reduce((sum, row) => sum + row.operations, 0);
    print(
      `${thousands(network.parameterCount())} parameters; ${thousands(operations)} dense multiply-accumulates for one image over ${counted(settings.timesteps, 'time step')}`,
    );
    if (progress !== undefined) print(`stands at step ${progress.step}, epoch ${progress.epoch}`);
  }
}

function describe(settings: RunSettings): string {
  const { arch, width, timesteps, mpr, dynamics, dataset, classes, height, imageWidth, channels } = settings;
  return `${arch} width ${width}, T=${timesteps}, MPR ${mpr === null ? 'none' : `k=${mpr}`}, ${dynamics} dynamics; ${dataset}, ${classes} classes, images ${height}x${imageWidth}x${channels}`;
}

/** One row for each layer without layers below it, in the order in which one image meets them. */
function layerRows(network: Module, settings: RunSettings): LayerRow[] {
  const rows: LayerRow[] = [];
  const remove = [...network.modules()]
    .filter(([, module]) => [...module.modules()].length === 1)
    .map(([name, module]) =>
      module.onForward((x, y) => {
        rows.push({
          name,
          kind: module.constructor.name,
          output: y.shape,
          parameters: module.parameterCount(),
          operations:
            module instanceof Conv2d
              ? convOperations(module.geometry(x.shape))
              : module instanceof Linear
                ? x.size * y.shape.at(-1)!
                : 0,
        });
      }),
    );
  network.evaluate();
  noGrad(() =>
    scope(() => void network.call(zeros([1, settings.height, settings.imageWidth, settings.channels]))),
  );
  for (const off of remove) off();
  return rows;
}
