// A Python process with neurons, and each of them as checkNeuron takes it: one line of JSON for each question over the
// process's stdin and stdout. Questions need not wait for each other's answers. The Python side is python/serve.py.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ForeignNeuron, ForeignRun, ForeignStates, TensorData } from '../../src/testing';

/** The first line of a process. */
interface Greeting {
  readonly neurons: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

type Way = 'run' | 'otherwise' | 'gradient' | 'smooth';
type Answer = { readonly id: number } & ({ readonly answer: unknown } | { readonly error: string });

/** What a neuron says of itself, as the parts of ForeignNeuron are called. */
type Promises = Omit<ForeignNeuron, 'name' | Way>;

/** JSON has no infinities and no NaN: they come as text. */
const value = (_: string, given: unknown) =>
  given === 'NaN' || given === 'Infinity' || given === '-Infinity' ? Number(given) : given;

/** A list of numbers within what Python is given; a typed array would be written as an object. */
const statesOf = (states: ForeignStates | undefined) =>
  states && Object.fromEntries(Object.entries(states).map(([name, list]) => [name, Array.from(list)]));

export class Bridge {
  readonly #waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  #questions = 0;

  private constructor(
    readonly process: ChildProcess,
    readonly greeting: Greeting,
  ) {}

  /**
   * @param script of this folder's python
   * @throws when the process ends without a greeting, with the last of what it wrote on stderr
   */
  static async start(python: string, script: string): Promise<Bridge> {
    const path = fileURLToPath(new URL(`./python/${script}.py`, import.meta.url));
    const child = spawn(python, [path], { stdio: ['pipe', 'pipe', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (text: Buffer) => {
      complaint = (complaint + text.toString()).slice(-2000);
    });
    child.stdin.on('error', () => undefined); // the end of the process tells
    const lines = createInterface({ input: child.stdout });
    const ended = once(child, 'close').then(() => undefined);
    const first = await Promise.race([once(lines, 'line'), ended]);
    if (first === undefined)
      throw new Error(`${python} ${script}.py ended without a word: ${complaint.trim()}`);
    const bridge = new Bridge(child, JSON.parse(first[0] as string) as Greeting);
    lines.on('line', (line) => bridge.#heard(JSON.parse(line, value) as Answer));
    lines.on('close', () => bridge.#ended(complaint));
    return bridge;
  }

  #heard(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.answer);
  }

  #ended(complaint: string): void {
    for (const { reject } of this.#waiting.values())
      reject(new Error(`the Python process has ended: ${complaint.trim()}`));
    this.#waiting.clear();
  }

  #ask<T>(neuron: string, way: Way | 'what', ...given: unknown[]): Promise<T> {
    const id = this.#questions++;
    const answer = new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
    });
    this.process.stdin!.write(`${JSON.stringify({ id, neuron, way, given })}\n`);
    return answer;
  }

  /** One of the greeting's neurons, with what it can and says of itself. */
  async neuron(name: string): Promise<ForeignNeuron> {
    const { ways, promises } = await this.#ask<{ ways: readonly Way[]; promises: Promises }>(name, 'what');
    const can = (way: Way) => ways.includes(way);
    return {
      name,
      ...promises,
      run: (currents, initial) => this.#ask<ForeignRun>(name, 'run', currents, statesOf(initial) ?? null),
      ...(can('otherwise') && {
        otherwise: (currents: TensorData) => this.#ask<ForeignRun>(name, 'otherwise', currents),
      }),
      ...(can('gradient') && {
        gradient: (currents: TensorData, weights: readonly number[]) =>
          this.#ask<number[]>(name, 'gradient', currents, weights),
      }),
      ...(can('smooth') && {
        smooth: (currents: TensorData, moved: readonly TensorData[]) =>
          this.#ask<number[][]>(name, 'smooth', currents, moved),
      }),
    };
  }

  /** Lets the process end. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = once(this.process, 'close');
    this.process.stdin!.end();
    await ended;
  }
}
