// Work that takes seconds, by the built command line, and what it leaves behind.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const MAIN = resolve('dist/cli/main.js');
const TINY =
  '--dataset shapes --width 2 --timesteps 2 --limit 32 --batch 8 --lr 0.05 --save-every 1 --augment crop,flip --seed 5 --threads 1';
const GRID =
  '--dataset shapes --width 2 --timesteps 1 --limit 16 --batch 8 --epochs 2 --lr 0.05 --mpr none,3 --seeds 0 --jobs 2 --threads 1';

/** A command that is under way. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; err: string }>;
}

/** @param env besides this process's; with it the command leads a group of processes */
export function startCommand(words: readonly string[], env?: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, [MAIN, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, COLUMNS: '10000', ...env },
    detached: env !== undefined,
  });
  let err = '';
  child.stderr!.on('data', (chunk) => {
    err += chunk;
  });
  return { child, ended: new Promise((settle) => child.on('close', (code) => settle({ code, err }))) };
}

/** Begins a run in `folder`, or goes on with the one in it. */
export function startTraining(
  folder: string,
  resume: boolean,
  { epochs = 8, env }: { epochs?: number; env?: Readonly<Record<string, string>> } = {},
): Running {
  const words = resume ? ['--resume', '--threads', '1'] : [...TINY.split(' '), '--epochs', String(epochs)];
  return startCommand(['train', ...words, '--out', folder], env);
}

/** Begins a grid in `folder`, or goes on with it. */
export function startGrid(folder: string, env?: Readonly<Record<string, string>>): Running {
  return startCommand(['paper', 'table1', ...GRID.split(' '), '--out', folder], env);
}

/** The bytes that two runs of the same settings share: the model and every line of metrics. */
export function outcome(folder: string): { model: Buffer; metrics: string } {
  const read = (name: string) => readFileSync(join(folder, name));
  return { model: read('model.safetensors'), metrics: read('metrics.jsonl').toString() };
}

/** What stands in a JSON file, without what depends on clocks. */
function figuresIn(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) =>
    ['seconds', 'making', 'finished'].includes(key) ? undefined : value,
  );
}

/** All that two pieces of work with the same settings share: weights, metrics, figures, and the names of all files. */
export function everything(folder: string): Record<string, unknown> {
  const runs = existsSync(join(folder, 'runs'))
    ? readdirSync(join(folder, 'runs')).map((name) => join('runs', name))
    : ['.'];
  const cells = existsSync(join(folder, 'cells')) ? readdirSync(join(folder, 'cells')) : [];
  return {
    names: readdirSync(folder, { recursive: true }).sort(),
    runs: runs.map((run) => {
      const { model, metrics } = outcome(join(folder, run));
      const figures = figuresIn(join(folder, run, 'summary.json'));
      return { run, model: model.toString('base64'), metrics, figures };
    }),
    cells: cells.map((name) => figuresIn(join(folder, 'cells', name))),
  };
}
