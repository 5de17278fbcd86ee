// `spikegrad compile`: a saved model in integers, as a file of its own.

import { statSync } from 'node:fs';
import { Command, Option } from 'commander';
import { init } from '../init';
import { compile } from '../integer';
import { encode } from '../integer/encode';
import { rememberMetadata } from '../interop/metadata';
import { refuseForeign } from '../paper/node/ours';
import { Direct } from '../snn';
import { realNumber, wholeNumber } from './arguments';
import { EXIT } from './exit';
import { writeFile } from './files';
import { knownOf, openModel } from './model';
import { compiledTable, promiseInWords } from './model/compiled';
import { addWeights, onePath, type WeightsWords } from './model/weights';
import { print, printJson, say } from './terminal';
import { thousands } from './terminal/table';

interface CompileWords extends WeightsWords {
  checkpoint?: string;
  out: string;
  weights: '16' | '8' | '6' | '4';
  sequence?: number;
  range?: number;
  json?: boolean;
}

const EXAMPLES = `
Weights, sums, potentials and thresholds become integers, with one scale for each channel, such that no input can make a
sum too large. Where all layers are integers, every machine, number of threads and browser computes the same bits; they
are not those of the model that it was made from.

Examples:
  $ spikegrad compile runs/k3 --out net.spk
  $ spikegrad compile --checkpoint runs/k3 --out net.spk --weights 8
  $ spikegrad eval net.spk --data ./cifar10
  $ spikegrad inspect net.spk`;

export function compileCommand(): Command {
  return addWeights(new Command('compile'))
    .requiredOption('--out <file>', 'where to write it')
    .addOption(
      new Option('--weights <bits>', 'bits of a weight').choices(['16', '8', '6', '4']).default('16'),
    )
    .option('--sequence <T>', 'time steps of sequences, for a network that takes those', wholeNumber(1))
    .option('--range <x>', 'the largest number that goes in (default: 8)', realNumber(0, false))
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string | undefined, words: CompileWords, command: Command) => {
      await compileModel(onePath(run, words.checkpoint, command), words);
      process.exitCode = EXIT.done;
    });
}

async function compileModel(path: string, words: CompileWords): Promise<void> {
  await refuseForeign([words.out], '.spk'); // before the work
  const model = await openModel(path, words);
  await init({ backend: 'cpu' });
  const network = await model.build();
  const { inputShape } = knownOf(network, model);
  const repeats = [...network.modules()].some(([, module]) => module instanceof Direct);
  const timesteps = words.sequence ?? (repeats ? undefined : model.settings?.timesteps);
  say(`writing ${thousands(network.parameterCount())} parameters as integers of ${words.weights} bits`);
  const weights = Number(words.weights) as 16 | 8 | 6 | 4;
  const options = { weights, inputShape, timesteps, inputRange: words.range };
  const compiled = await compile(network.evaluate(), options);
  rememberMetadata(compiled, { ...model.metadata, inputShape });
  const texts: Record<string, string> = {};
  if (model.settings !== undefined) texts.settings = JSON.stringify(model.settings);
  const bytes = encode(compiled, texts);
  const file = await writeFile(words.out, bytes, '.spk');
  const report = compiled.report();
  if (words.json === true) {
    printJson({ ...report, file, bytesOfFile: bytes.length });
    return;
  }
  print(`${compiledTable(report)}\n`);
  print(promiseInWords(report));
  print(
    `${words.out}: ${thousands(statSync(file).size)} bytes, in f32 the weights alone are ${thousands(4 * network.parameterCount())}`,
  );
}
