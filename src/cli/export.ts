// `spikegrad export`: a saved model as a file of another tool.

import { Command } from 'commander';
import { init } from '../init';
import { toNir, writeNir } from '../interop/nir';
import { toOnnx } from '../interop/onnx';
import { refuseForeign } from '../paper/ours';
import type { SpikingResNet20 } from '../snn';
import { buildNetwork, type Checkpoint, type RunSettings } from '../train';
import { metadataOfRun } from '../train/model-metadata';
import { EXIT } from './exit';
import { writeFile } from './files';
import { metadataInWords } from './metadata-words';
import { counted, thousands } from './table';
import { print, say } from './terminal';
import { addWeights, onePath, readWeights, restoreWeights, type WeightsWords } from './weights';

interface ExportOptions extends WeightsWords {
  checkpoint?: string;
  nir?: string;
  onnx?: string;
  raw?: boolean;
}

const EXAMPLES = `
tdBN is folded into the convolutions, and MPR is left out: it never changes a spike. An ONNX model holds all time steps
and gives the logits of a batch of images. A NIR graph is run step by step; its neurons fire above the threshold, ours
also on it.

Examples:
  $ spikegrad export runs/k3 --nir network.nir
  $ spikegrad export --checkpoint runs/k3/model.safetensors --onnx network.onnx
  $ spikegrad export runs/k3 --onnx network.onnx --raw
  $ spikegrad inspect network.onnx`;

export function exportCommand(): Command {
  return addWeights(new Command('export'))
    .description('write a saved model for other tools: NIR for neuromorphic frameworks, ONNX to serve it')
    .option('--nir <file>', 'write a NIR graph (HDF5; needs the package h5wasm)')
    .option('--onnx <file>', 'write an ONNX model')
    .option('--raw', 'with --onnx: take pixels from 0 to 1, and normalise them in the model')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string | undefined, options: ExportOptions, command: Command) => {
      const { nir, onnx, raw = false } = options;
      const path = onePath(run, options.checkpoint, command);
      if (nir === undefined && onnx === undefined)
        command.error("error: say what to write: '--nir <file>' or '--onnx <file>'");
      if (raw && onnx === undefined) command.error("error: '--raw' goes with '--onnx <file>'");
      if (nir !== undefined) await refuseForeign([nir], '.nir');
      if (onnx !== undefined) await refuseForeign([onnx], '.onnx');
      const checkpoint = await readWeights(path, options);
      await init({ backend: 'cpu' });
      const network = buildNetwork(checkpoint.settings);
      restoreWeights(network, checkpoint, options);
      network.evaluate();
      say(`writing ${counted(network.parameterCount(), 'parameter')} in another form`);
      if (nir !== undefined) await exportNir(network, checkpoint.settings, nir);
      if (onnx !== undefined) await exportOnnx(network, checkpoint, onnx, raw);
      process.exitCode = EXIT.done;
    });
}

async function exportNir(network: SpikingResNet20, settings: RunSettings, file: string): Promise<void> {
  const { height, imageWidth, channels, timesteps } = settings;
  const graph = await toNir(network, { inputShape: [height, imageWidth, channels] });
  const bytes = await writeNir(graph);
  await writeFile(file, bytes, '.nir');
  print(
    `${file}: ${graph.nodes.size} nodes, ${graph.edges.length} edges, ${thousands(bytes.length)} bytes\n` +
      `one time step is 1e-4 s; feed each image [${channels},${height},${imageWidth}] at ${counted(timesteps, 'step')} and take the mean of the outputs`,
  );
}

async function exportOnnx(
  network: SpikingResNet20,
  checkpoint: Checkpoint,
  file: string,
  raw: boolean,
): Promise<void> {
  const { height, imageWidth, channels, timesteps, classes: count } = checkpoint.settings;
  const { classes, mean, deviation } = metadataOfRun(checkpoint);
  const inputShape = [height, imageWidth, channels];
  const bytes = await toOnnx(network, { inputShape, raw, classes, mean, deviation });
  await writeFile(file, bytes, '.onnx');
  const pixels = raw ? 'pixels from 0 to 1' : 'normalised as in training';
  print(
    [
      `${file}: ${thousands(bytes.length)} bytes, ${counted(timesteps, 'time step')}`,
      `feed "input" [N,${channels},${height},${imageWidth}], ${pixels}, and read "output" [N,${count}]`,
      ...(raw ? [] : metadataInWords({ mean, deviation }).map((line) => `${line}; --raw builds that in`)),
    ].join('\n'),
  );
}
