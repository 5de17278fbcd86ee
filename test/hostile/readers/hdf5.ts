// The readers of HDF5 under attack, each in a process of its own: a file over which the library never ends is found
// out.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SpikegradError } from '../../../src/errors';
import { floats, integers, nirNode, writeNir } from '../../../src/interop/nir';
import type { Reader } from '../attack';
import type { Outcome } from './hdf5-process';

/** Files between two looks whether the library, after all that it was given, still reads a whole one. */
const LOOK_EVERY = 500;
/** Milliseconds far above what a file takes, also on a busy machine. */
const PATIENCE = 60_000;
/** The same for the process to start, which compiles the reader. */
const START = 600_000;

/** A graph, which h5wasm writes when it is there. */
async function smallGraph(): Promise<Uint8Array> {
  const nodes = new Map([
    ['input', nirNode('Input', { shape: integers([2]) })],
    ['fc', nirNode('Linear', { weight: floats(Float32Array.of(1, 2, 3, 4), [2, 2]) })],
    ['output', nirNode('Output', { shape: integers([2]) })],
  ]);
  const edges: [string, string][] = [
    ['input', 'fc'],
    ['fc', 'output'],
  ];
  return writeNir({ nodes, edges, metadata: new Map() });
}

/** A reader, `traps`, which tells over how many files the library trapped so far, and what ends its process. */
export interface Attacked {
  readonly reader: Reader;
  traps(): number;
  remove(): void;
}

type Facts = Pick<Reader, 'name' | 'files' | 'place' | 'most'>;

/** @param what the process reads */
async function inProcess(what: 'nir' | 'events', facts: Facts): Promise<Attacked> {
  const program = fileURLToPath(new URL('./hdf5-process.ts', import.meta.url));
  const child = fork(program, [what], { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
  await once(child, 'message', { signal: AbortSignal.timeout(START) });
  let [count, traps] = [0, 0];

  async function outcomeOf(bytes: Uint8Array): Promise<Outcome> {
    const answer = once(child, 'message', { signal: AbortSignal.timeout(PATIENCE) });
    child.send(bytes);
    const [outcome] = (await answer) as [Outcome];
    if (outcome.failure !== undefined) throw new Error(outcome.failure);
    const problem = outcome.refusal?.problem ?? '';
    if (/cannot be used again/.test(problem)) throw new Error(`a file was not read: ${problem}`);
    return outcome;
  }

  const read: Reader['read'] = async ({ bytes }) => {
    const { held, refusal, trapped } = await outcomeOf(bytes);
    if (trapped) traps++;
    if (++count % LOOK_EVERY === 0) {
      const whole = await outcomeOf(facts.files[0]!);
      if (whole.refusal !== undefined)
        throw new Error(`after ${count} files a whole one is refused: ${whole.refusal.problem}`);
    }
    if (refusal !== undefined) throw new SpikegradError(refusal.where, refusal.problem);
    return held;
  };
  return {
    reader: { ...facts, read },
    traps: () => traps,
    remove: () => void child.kill('SIGKILL'),
  };
}

export async function nirReader(): Promise<Attacked> {
  return inProcess('nir', {
    name: 'NIR',
    files: [await smallGraph()],
    place: /HDF5|node|edges|damaged|NIR/,
    most: (length) => 1100 * length,
  });
}

export async function eventsReader(): Promise<Attacked> {
  const files = ['shd/SHD/shd_train.h5', 'gesture.h5'].map(
    (name) => new Uint8Array(readFileSync(`test/data/fixtures/${name}`)),
  );
  return inProcess('events', {
    name: 'events in HDF5',
    files,
    place: /HDF5|damaged|event|row|time|place|file/,
    most: (length) => 1100 * length,
  });
}
