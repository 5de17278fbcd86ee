// A cell in a process of its own: several use several cores best with one thread each, and one that fails takes no
// other along. Parent and child speak over Node's channel; a child whose parent is gone saves a checkpoint and ends.

import { fork } from 'node:child_process';
import { Command } from 'commander';
import { SpikegradError } from '../../../errors';
import type { CellRecord } from '../../../paper/cell';
import { EXIT, plainMessage } from '../../exit';
import { CellDiedError } from './died';
import { type CellJob, type CellListener, type CellProgress, runCell } from './run';

const CHILD = 'cell-process';

type ToChild = { readonly job: CellJob } | 'stop';
type ToParent =
  | { readonly progress: CellProgress }
  | { readonly note: string }
  | { readonly record: CellRecord }
  | { readonly error: string };

export interface RunningCell {
  /** The record, or undefined when it was stopped. Rejects when the cell failed. */
  readonly done: Promise<CellRecord | undefined>;
  /** Asks for a checkpoint and an end. */
  stop(): void;
}

/** Starts the job in a process of its own. */
export function startCell(job: CellJob, { onProgress, onNote }: CellListener): RunningCell {
  const child = fork(process.argv[1]!, [CHILD], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let record: CellRecord | undefined;
  let error: string | undefined;
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-2000);
  });
  child.on('message', (message: ToParent) => {
    if ('progress' in message) onProgress(message.progress);
    else if ('note' in message) onNote(message.note);
    else if ('record' in message) record = message.record;
    else error = message.error;
  });
  const send = (message: ToChild) => {
    if (child.connected) child.send(message);
  };
  send({ job });
  const done = new Promise<CellRecord | undefined>((settle, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => {
      if (record !== undefined) settle(record);
      else if (code === EXIT.interrupted) settle(undefined);
      else if (error !== undefined)
        fail(new Error(error)); // in the child's words
      else if (signal !== null) fail(new CellDiedError(signal, complaints.trim()));
      else
        fail(
          new SpikegradError('paper', `the process of a cell ended with code ${code}: ${complaints.trim()}`),
        );
    });
  });
  return { done, stop: () => send('stop') };
}

/** The child's side; not for people, hence not in the help. */
export function cellProcessCommand(): Command {
  return new Command(CHILD).action(async () => {
    const controller = new AbortController();
    const stop = () => controller.abort();
    // Ctrl-C reaches the whole group; the parent says what is to happen
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    process.on('disconnect', stop);
    const say = (message: ToParent) =>
      new Promise<void>((settle) => {
        if (process.connected) process.send!(message, () => settle());
        else settle();
      });
    const job = await new Promise<CellJob | undefined>((settle) => {
      process.on('message', (message: ToChild) => (message === 'stop' ? stop() : settle(message.job)));
      process.on('disconnect', () => settle(undefined));
    });
    try {
      const listener: CellListener = {
        onProgress: (progress) => void say({ progress }),
        onNote: (note) => void say({ note }),
      };
      const record = job && (await runCell(job, listener, controller.signal));
      if (record !== undefined) await say({ record });
      process.exitCode = record === undefined ? EXIT.interrupted : EXIT.done;
    } catch (error) {
      await say({ error: plainMessage(error) });
      process.exitCode = EXIT.failed;
    }
    if (process.connected) process.disconnect();
  });
}
