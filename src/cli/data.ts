// `spikegrad data download`: the official files of a data set, checked and unpacked.

import { Argument, Command } from 'commander';
import { downloadDataset } from '../data/download/node';
import { EXIT } from './exit';
import { print, say } from './terminal';
import { onInterrupt } from './terminal/interrupt';
import { type Progress, startProgress } from './terminal/progress';

const EXAMPLES = `
Examples:
  $ spikegrad data download cifar10
  $ spikegrad data download mnist --dir ./mnist
  $ spikegrad data download cifar10 --source http://mirror.example/cifar-10-binary.tar.gz

An interrupted download goes on where it stopped. The archive's hash is checked before anything is unpacked.`;

type Downloadable = 'cifar10' | 'cifar100' | 'mnist';

export function dataCommand(): Command {
  const download = new Command('download')
    .description('fetch the official files of a data set')
    .addArgument(new Argument('<name>', 'data set').choices(['cifar10', 'cifar100', 'mnist']))
    .option('--dir <dir>', 'where to put the files (default: the name of the data set)')
    .option('--source <url>', 'another address than the official one')
    .addHelpText('after', EXAMPLES)
    .action(async (name: Downloadable, options: { dir?: string; source?: string }) => {
      process.exitCode = await fetchFiles(name, options);
    });
  return new Command('data').addCommand(download);
}

async function fetchFiles(name: Downloadable, options: { dir?: string; source?: string }): Promise<number> {
  const interrupt = onInterrupt('stopping; the part that has arrived is kept…');
  const megabyte = 2 ** 20;
  let bar: Progress | undefined;
  let shown = '';
  try {
    const { files } = await downloadDataset(name, {
      directory: options.dir ?? name,
      source: options.source,
      signal: interrupt.signal,
      onProgress({ file, received, total, phase }) {
        if (shown !== `${phase} ${file}`) {
          bar?.stop();
          shown = `${phase} ${file}`;
          say(shown);
          bar = startProgress(`${phase} ${file} (MiB)`, Math.ceil((total ?? 0) / megabyte), {
            from: Math.floor(received / megabyte),
          });
        }
        bar?.update(Math.floor(received / megabyte));
      },
    });
    bar?.stop();
    print(files.join('\n'));
    return EXIT.done;
  } catch (error) {
    bar?.stop();
    if (!interrupt.signal.aborted) throw error;
    say('stopped; the same command goes on where it was');
    return EXIT.interrupted;
  } finally {
    interrupt.release();
  }
}
