// A training run that takes seconds, by the built command line, and what it leaves behind.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const MAIN = resolve('dist/cli/main.js');
const TINY =
  '--dataset shapes --width 2 --timesteps 2 --limit 32 --batch 8 --epochs 8 --lr 0.05 --save-every 1 --augment crop,flip --seed 5 --threads 1';

/** Begins a run in `folder`, or goes on with the one in it. */
export function startTraining(
  folder: string,
  resume: boolean,
): { child: ChildProcess; ended: Promise<{ code: number | null; err: string }> } {
  const words = resume ? ['--resume', '--threads', '1'] : TINY.split(' ');
  const child = spawn(process.execPath, [MAIN, 'train', ...words, '--out', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr!.on('data', (chunk) => {
    err += chunk;
  });
  return { child, ended: new Promise((settle) => child.on('close', (code) => settle({ code, err }))) };
}

/** The bytes that two runs of the same settings share: the model and every line of metrics. */
export function outcome(folder: string): { model: Buffer; metrics: string } {
  const read = (name: string) => readFileSync(join(folder, name));
  return { model: read('model.safetensors'), metrics: read('metrics.jsonl').toString() };
}
