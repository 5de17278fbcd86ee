// The NIR reader under attack, in a process of its own: a file over which the HDF5 library never ends is found out.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SpikegradError } from '../../src/errors';
import { floats, integers, nirNode, writeNir } from '../../src/interop/nir';
import type { Reader } from './attack';
import type { Outcome } from './nir-process';

/** Files between two looks whether the library, after all that it was given, still reads a whole one. */
const LOOK_EVERY = 500;
/** Milliseconds far above what a file takes, also on a busy machine. */
const PATIENCE = 60_000;

/** Files of HDF5, which h5wasm writes when it is there. */
async function smallFile(): Promise<Uint8Array> {
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

/** `traps` tells over how many files the library trapped so far. */
export async function nirReader(): Promise<{ reader: Reader; traps: () => number; remove: () => void }> {
  const file = await smallFile();
  const program = fileURLToPath(new URL('./nir-process.ts', import.meta.url));
  const child = fork(program, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
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
      const whole = await outcomeOf(file);
      if (whole.refusal !== undefined)
        throw new Error(`after ${count} files a whole one is refused: ${whole.refusal.problem}`);
    }
    if (refusal !== undefined) throw new SpikegradError(refusal.where, refusal.problem);
    return held;
  };

  const reader: Reader = {
    name: 'NIR',
    files: [file],
    read,
    place: /HDF5|node|edges|damaged|NIR/,
    most: (length) => 1100 * length,
  };
  return { reader, traps: () => traps, remove: () => void child.kill('SIGKILL') };
}
