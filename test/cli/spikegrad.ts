// Running the built command line as a user does.

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

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

function checkBuilt(): void {
  if (!existsSync(main)) throw new Error('no dist/cli/main.js: run `npm run build` first');
}

/** Lines as long as they are, so that tests may look for sentences. */
const WIDE = { COLUMNS: '10000' };

/** Starts `spikegrad` with these words; `cwd` is where it runs. @param env besides that of the tests */
export function start(
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>> = WIDE,
): Running {
  checkBuilt();
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

/** The same, which goes no further than its first checkpoint before it is told to end. */
export function startHeld(words: readonly string[], cwd: string): Running {
  const hook = pathToFileURL(resolve('test/cli/hold.mjs'));
  return start(words, cwd, {
    ...WIDE,
    NODE_OPTIONS: `--import=${hook}`,
    SPIKEGRAD_HOLD_AFTER: 'checkpoint.safetensors',
  });
}

/**
 * Runs a command to its end, one after another in one process of the test file's: see commands-process.mjs. What is
 * to be killed, or changes the environment, has a process of its own.
 */
export async function spikegrad(
  words: readonly string[],
  cwd: string,
  env = {} as NodeJS.ProcessEnv,
): Promise<Result> {
  if (Object.keys(env).some((key) => key !== 'COLUMNS')) return start(words, cwd, { ...WIDE, ...env }).done;
  const turn = last.then(() => runNext(words, cwd, { ...WIDE, ...env }));
  last = turn.catch(() => undefined);
  return turn;
}

let last: Promise<unknown> = Promise.resolve();
let serving: ChildProcess | undefined;

function server(): ChildProcess {
  if (serving !== undefined) return serving;
  checkBuilt();
  const child = fork(resolve('test/cli/commands-process.mjs'), [main], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  child.once('close', () => {
    if (serving === child) serving = undefined;
  });
  serving = child;
  return child;
}

function runNext(words: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Result> {
  const child = server();
  return new Promise((settle) => {
    const said = { out: '', err: '' };
    let code: number | undefined;
    const end = (result: Pick<Result, 'code' | 'signal'>) => {
      child.stdout!.off('data', hearOut);
      child.stderr!.off('data', hearErr);
      child.off('message', hearCode);
      child.off('close', hearEnd);
      settle({ ...result, out: said.out.replace('\0', ''), err: said.err.replace('\0', '') });
    };
    const look = () => {
      if (code !== undefined && said.out.endsWith('\0') && said.err.endsWith('\0'))
        end({ code, signal: null });
    };
    const hear = (stream: 'out' | 'err') => (chunk: Buffer) => {
      said[stream] += chunk;
      look();
    };
    const [hearOut, hearErr] = [hear('out'), hear('err')];
    const hearCode = (message: { code: number }) => {
      code = message.code;
      look();
    };
    // a command that ends the process, as a fault that nobody caught does
    const hearEnd = (ended: number | null, signal: NodeJS.Signals | null) => end({ code: ended, signal });
    child.stdout!.on('data', hearOut);
    child.stderr!.on('data', hearErr);
    child.on('message', hearCode);
    child.on('close', hearEnd);
    child.send({ words, cwd, env: Object.fromEntries(Object.entries(env).filter(([, value]) => value)) });
  });
}
