// `spikegrad inspect`: what is in a saved model, layer by layer, or in a NIR graph, node by node.

import { Command } from 'commander';
import { zeros } from '../core/create';
import { scope } from '../core/scope';
import { noGrad } from '../core/tape';
import { init } from '../init';
import { Conv2d, Linear, type Module } from '../nn';
import { convOperations } from '../ops/conv';
import { buildNetwork, type RunSettings, restoreModel } from '../train';
import { readCheckpoint } from '../train/run-folder';
import { realNumber } from './arguments';
import { EXIT } from './exit';
import { inspectNir } from './inspect-nir';
import { textTable, thousands } from './table';

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
  $ spikegrad inspect --checkpoint runs/k3/model.safetensors
  $ spikegrad inspect --checkpoint runs/k3/model.safetensors --json
  $ spikegrad inspect --nir network.nir
  $ spikegrad inspect --nir network.nir --dt 1`;

interface InspectOptions {
  checkpoint?: string;
  nir?: string;
  dt?: number;
  json?: boolean;
}

export function inspectCommand(): Command {
  return new Command('inspect')
    .description(
      'list the layers, shapes, parameters and operations of a saved model, or the nodes of a NIR graph',
    )
    .option('--checkpoint <file>', 'model.safetensors or checkpoint.safetensors of a run')
    .option('--nir <file>', 'a NIR graph, of this or another framework')
    .option(
      '--dt <seconds>',
      'with --nir: seconds of a time step (default: what the file says, else 0.0001)',
      realNumber(0, false),
    )
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXAMPLES)
    .action(async (options: InspectOptions, command: Command) => {
      const { checkpoint, nir, dt, json = false } = options;
      if (dt !== undefined && nir === undefined)
        command.error("error: '--dt <seconds>' goes with '--nir <file>'");
      if (checkpoint !== undefined && nir === undefined) await inspectCheckpoint(checkpoint, json);
      else if (nir !== undefined && checkpoint === undefined) await inspectNir(nir, json, dt);
      else command.error("error: give one of '--checkpoint <file>' and '--nir <file>'");
      process.exitCode = EXIT.done;
    });
}

async function inspectCheckpoint(file: string, json: boolean): Promise<void> {
  const checkpoint = await readCheckpoint(file);
  await init();
  const network = buildNetwork(checkpoint.settings);
  restoreModel(network, checkpoint);
  const rows = layerRows(network, checkpoint.settings);
  const { progress, settings } = checkpoint;
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ settings, progress, layers: rows, parameters: network.parameterCount() })}\n`,
    );
  } else {
    process.stdout.write(`${describe(settings)}\n\n`);
    process.stdout.write(
      `${textTable(
        ['layer', 'kind', 'output [T,N,…]', 'parameters', 'operations'],
        rows.map((row) => [
          row.name,
          row.kind,
          `[${row.output}]`,
          thousands(row.parameters),
          thousands(row.operations),
        ]),
      )}\n\n`,
    );
    const operations = rows.reduce((sum, row) => sum + row.operations, 0);
    process.stdout.write(
      `${thousands(network.parameterCount())} parameters; ${thousands(operations)} dense multiply-accumulates for one image over ${settings.timesteps} time steps\n`,
    );
    if (progress !== undefined)
      process.stdout.write(`stands at step ${progress.step}, epoch ${progress.epoch}\n`);
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
