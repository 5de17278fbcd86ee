// A Python process that answers questions about neurons. Questions need not wait for each other's answers. The program
// that it runs is serve.ts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { check, SpikegradError } from '../../../errors';
import { SERVE } from './serve';
import { TORCH } from './torch';

export const WHERE = 'pythonNeurons';

/** The first line of a process. */
interface Greeting {
  readonly neurons: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}
type Answer = { readonly id: number } & ({ readonly answer: unknown } | { readonly error: string });

export interface PythonProcess {
  readonly greeting: Greeting;
  ask(neuron: string, way: string, ...given: unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

/** JSON has no infinities and no NaN: they come as text. */
const value = (_: string, given: unknown) =>
  given === 'NaN' || given === 'Infinity' || given === '-Infinity' ? Number(given) : given;

/** @throws when the process ends without a greeting, with the last of what it wrote */
export async function startPython(python: string, file: string): Promise<PythonProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'spikegrad-python-'));
  const program = join(folder, 'spikegrad_laws.py');
  writeFileSync(program, SERVE);
  writeFileSync(join(folder, 'spikegrad_torch.py'), TORCH);
  const child = spawn(python, ['-B', program, file], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (said: Buffer) => {
    complaint = (complaint + said.toString()).slice(-2000);
  });
  child.stdin.on('error', () => undefined); // the end of the process tells
  const ended = new Promise<undefined>((resolve) => {
    child.once('error', ({ message }) => {
      complaint = message;
      resolve(undefined);
    });
    child.once('close', () => resolve(undefined));
  });
  void ended.then(() => rmSync(folder, { recursive: true, force: true }));
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), ended]);
  check(first !== undefined, WHERE, () => `${python} ${file} ended without a word: ${complaint.trim()}`);

  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  let questions = 0;
  lines.on('line', (line) => {
    const answer = JSON.parse(line, value) as Answer;
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) asked?.reject(new SpikegradError(WHERE, answer.error));
    else asked?.resolve(answer.answer);
  });
  void ended.then(() => {
    for (const { reject } of waiting.values())
      reject(new SpikegradError(WHERE, `the Python process has ended: ${complaint.trim()}`));
    waiting.clear();
  });
  return {
    greeting: JSON.parse(first[0] as string) as Greeting,
    ask: (neuron, way, ...given) =>
      new Promise((resolve, reject) => {
        const id = questions++;
        waiting.set(id, { resolve, reject });
        child.stdin.write(`${JSON.stringify({ id, neuron, way, given })}\n`);
      }),
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
