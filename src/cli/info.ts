// `spikegrad info`: which backends work here, and why the others do not.

import { availableParallelism, cpus, totalmem } from 'node:os';
import { Command } from 'commander';
import { version } from '../../package.json';
import { createBackend, isGpu, isWasm } from '../init';
import { plainMessage } from './exit';
import { describeBackend } from './run/backend';
import { print, printJson } from './terminal';
import { counted, textTable, thousands } from './terminal/table';

interface BackendInfo {
  backend: string;
  available: boolean;
  note: string;
  /** What runs there on plain JavaScript loops, in one thread. */
  fallbacks?: readonly string[];
}

/** Every backend is tried, not looked up. */
async function backends(): Promise<BackendInfo[]> {
  return [
    await tried('wasm', 'f32, the fast one'),
    await tried('cpu', 'plain JavaScript, f32 and f64, one thread: the reference'),
    await tried('gpu', 'f32, WebGPU'),
  ];
}

async function tried(name: 'wasm' | 'cpu' | 'gpu', note: string): Promise<BackendInfo> {
  try {
    const backend = await createBackend({ backend: name });
    const words = `${describeBackend(backend).replace(`${name} backend, `, '')}; ${note}`;
    if (isGpu(backend)) {
      const { largestTensor } = backend;
      backend.close();
      const limit = `tensors of up to ${thousands(Math.floor(largestTensor / 2 ** 20))} MiB`;
      return { backend: name, available: true, note: `${words}, ${limit}` };
    }
    if (!isWasm(backend)) return { backend: name, available: true, note };
    return { backend: name, available: true, note: words, fallbacks: backend.fallbacks };
  } catch (error) {
    return { backend: name, available: false, note: plainMessage(error) };
  }
}

export function infoCommand(): Command {
  return new Command('info')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', '\nExamples:\n  $ spikegrad info\n  $ spikegrad info --json')
    .action(async (options: { json?: boolean }) => {
      const info = {
        spikegrad: version,
        node: process.version,
        v8: process.versions.v8,
        platform: `${process.platform} ${process.arch}`,
        cpu: cpus()[0]?.model ?? 'unknown',
        cores: availableParallelism(),
        memoryGiB: Math.round(totalmem() / 2 ** 30),
        backends: await backends(),
      };
      if (options.json) {
        printJson(info);
        return;
      }
      print(
        `spikegrad ${info.spikegrad} on Node ${info.node} (V8 ${info.v8}), ${info.platform}\n${info.cpu}, ${counted(info.cores, 'core')}, ${info.memoryGiB} GiB\n`,
      );
      print(
        textTable(
          ['backend', 'here', 'note'],
          info.backends.map(({ backend, available, note }) => [backend, available ? 'yes' : 'no', note]),
        ),
      );
      for (const { backend, fallbacks } of info.backends) {
        if (fallbacks === undefined) continue;
        const list = fallbacks.map((words) => `  ${words}`).join('\n');
        print(`\n${backend} runs these on plain loops in one thread (train --profile counts them):\n${list}`);
      }
    });
}
