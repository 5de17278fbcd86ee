// `spikegrad export`: a saved model as a file of another tool.

import { Command } from 'commander';
import { SpikegradError } from '../errors';
import { init } from '../init';
import { ownInference } from '../interop/inference/own';
import { theirState } from '../interop/maps';
import type { ModelMetadata } from '../interop/metadata';
import { toNir, writeNir } from '../interop/nir';
import { describeOnnx, toOnnx } from '../interop/onnx';
import { writePyTorch } from '../interop/pytorch';
import type { Module } from '../nn';
import { refuseForeign } from '../paper/node/ours';
import { Direct } from '../snn';
import { EXIT } from './exit';
import { writeFile } from './files';
import { openModel } from './model';
import { parametersOf } from './model/compiled';
import { metadataInWords } from './model/metadata-words';
import { addWeights, onePath, type WeightsWords } from './model/weights';
import { print, say } from './terminal';
import { counted, thousands } from './terminal/table';

interface ExportOptions extends WeightsWords {
  checkpoint?: string;
  nir?: string;
  onnx?: string;
  pt?: string;
  raw?: boolean;
}

const EXAMPLES = `
tdBN is folded into the convolutions, and MPR is left out: it never changes a spike. An ONNX model holds all time steps
and gives the logits of a batch of images. A NIR graph is run step by step; its neurons fire above the threshold, ours
also on it. Of a compiled network (net.spk) weights stay integers with their scales in ONNX; in NIR they are floats, with
bits and scales in the graph's metadata.

Examples:
  $ spikegrad export runs/k3 --nir network.nir
  $ spikegrad export --checkpoint runs/k3/model.safetensors --onnx network.onnx
  $ spikegrad export runs/k3 --onnx network.onnx --raw
  $ spikegrad export runs/k3 --pt weights.pth
  $ spikegrad export --checkpoint net.spk --onnx net.onnx
  $ spikegrad inspect network.onnx`;

export function exportCommand(): Command {
  return addWeights(new Command('export'))
    .option('--nir <file>', 'write a NIR graph (HDF5; needs the package h5wasm)')
    .option('--onnx <file>', 'write an ONNX model')
    .option('--pt <file>', 'write a PyTorch file, for torch.load and load_state_dict')
    .option('--raw', 'with --onnx: take pixels from 0 to 1, and normalise them in the model')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string | undefined, options: ExportOptions, command: Command) => {
      const { nir, onnx, pt, raw = false } = options;
      const path = onePath(run, options.checkpoint, command);
      if (nir === undefined && onnx === undefined && pt === undefined)
        command.error("error: say what to write: '--nir <file>', '--onnx <file>' or '--pt <file>'");
      if (raw && onnx === undefined) command.error("error: '--raw' goes with '--onnx <file>'");
      if (nir !== undefined) await refuseForeign([nir], '.nir');
      if (onnx !== undefined) await refuseForeign([onnx], '.onnx');
      if (pt !== undefined) await refuseForeign([pt], '.pt');
      const model = await openModel(path, options);
      await init({ backend: 'cpu' });
      const network = await model.build();
      network.evaluate();
      say(`writing ${counted(parametersOf(network), 'parameter')} in another form`);
      const { metadata } = model;
      const own = ownInference(network);
      if (own !== undefined && pt !== undefined)
        throw new SpikegradError(
          'export',
          `${path} is a compiled network, which no PyTorch network has the weights of; give --onnx or --nir`,
        );
      const framesOf = model.settings?.timesteps;
      const steps = own === undefined ? model.steps : own.timesteps === undefined ? framesOf : undefined;
      const exported = {
        ...{ network, metadata, timesteps: steps ?? own?.timesteps ?? stepsOf(network) },
        input: steps === undefined ? ('image' as const) : ('sequence' as const),
      };
      if (nir !== undefined) await exportNir(exported, nir);
      if (onnx !== undefined) await exportOnnx(exported, onnx, raw);
      if (pt !== undefined) await exportPyTorch(network, pt);
      process.exitCode = EXIT.done;
    });
}

/** A network with what is known of its images. */
interface Exported {
  readonly network: Module;
  readonly metadata: ModelMetadata;
  readonly timesteps: number;
  /** Whether it takes images, or recordings of as many frames. */
  readonly input: 'image' | 'sequence';
}

/** Of the layer that repeats an image; 1 where there is none. */
function stepsOf(network: Module): number {
  for (const [, module] of network.modules()) if (module instanceof Direct) return module.timesteps;
  return 1;
}

async function exportPyTorch(network: Module, file: string): Promise<void> {
  const tensors = await theirState(network);
  const bytes = await writePyTorch(tensors);
  await writeFile(file, bytes, '.pt');
  print(
    `${file}: ${counted(tensors.length, 'tensor')}, ${thousands(bytes.length)} bytes\n` +
      `in Python: model.load_state_dict(torch.load('${file}', weights_only=True))`,
  );
}

async function exportNir(
  { network, metadata: { inputShape }, timesteps, input }: Exported,
  file: string,
): Promise<void> {
  const graph = await toNir(network, { inputShape: inputShape! });
  const bytes = await writeNir(graph);
  await writeFile(file, bytes, '.nir');
  print(
    `${file}: ${graph.nodes.size} nodes, ${graph.edges.length} edges, ${thousands(bytes.length)} bytes\n` +
      `one time step is 1e-4 s; feed ${
        input === 'image'
          ? `each image [${channelsFirst(inputShape!)}] at ${counted(timesteps, 'step')}`
          : `a recording's ${counted(timesteps, 'frame')} [${channelsFirst(inputShape!)}] one by one`
      } and take the mean of the outputs`,
  );
}

const channelsFirst = (shape: readonly number[]) => [...shape.slice(-1), ...shape.slice(0, -1)];

async function exportOnnx(
  { network, metadata, timesteps, input }: Exported,
  file: string,
  raw: boolean,
): Promise<void> {
  const { inputShape, classes, mean, deviation } = metadata;
  const known = { inputShape: inputShape!, raw, classes, mean, deviation };
  const bytes = await toOnnx(network, { ...known, ...(input === 'sequence' && { input, timesteps }) });
  await writeFile(file, bytes, '.onnx');
  const recordings = input === 'sequence';
  const pixels = recordings
    ? 'frames of a recording'
    : raw
      ? 'pixels from 0 to 1'
      : 'normalised as in training';
  const axes = `[${recordings ? `${timesteps},` : ''}N,${channelsFirst(inputShape!)}]`;
  const count = describeOnnx(bytes).outputs[0]!.shape.at(-1);
  print(
    [
      `${file}: ${thousands(bytes.length)} bytes, ${counted(timesteps, 'time step')}`,
      `feed "input" ${axes}, ${pixels}, and read "output" [N,${count}]`,
      ...(raw ? [] : metadataInWords({ mean, deviation }).map((line) => `${line}; --raw builds that in`)),
    ].join('\n'),
  );
}
