// Running the built command line as a user does.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const main = resolve('dist/cli/main.js');

export interface Result {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

export interface Running {
  process: ChildProcess;
  done: Promise<Result>;
}

/** Lines as long as they are, so that tests may look for sentences. */
const WIDE = { COLUMNS: '10000' };

/** Starts `spikegrad` with these words; `cwd` is where it runs. @param env besides that of the tests */
export function start(
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>> = WIDE,
): Running {
  if (!existsSync(main)) throw new Error('no dist/cli/main.js: run `npm run build` first');
  const child = spawn(process.execPath, [main, ...words], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const done = new Promise<Result>((settle) => {
    child.on('close', (code, signal) => settle({ code, signal, out, err }));
  });
  return { process: child, done };
}

export function spikegrad(
  words: readonly string[],
  cwd: string,
  env = {} as NodeJS.ProcessEnv,
): Promise<Result> {
  return start(words, cwd, { ...WIDE, ...env }).done;
}
