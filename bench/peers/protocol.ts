// What the benchmark and an entrant say to each other: one line of JSON each way over the entrant's stdin and stdout.
// An entrant is a program that prepares one piece of work, says that it is ready, and then repeats the work as often
// as it is asked to; between two requests it sleeps. The Python side of the same is python/serve.py.

import { createInterface } from 'node:readline';

/** What an entrant tells about itself: versions, vector width, firing rate, first loss. */
export type Facts = Record<string, string | number>;

/** The first line of an entrant. */
export type Greeting =
  | { readonly ready: Facts }
  /** The machine lacks the peer; `missing` is the command that would bring it. */
  | { readonly missing: string }
  | { readonly failed: string };

/** Asks for so many repetitions. */
export interface Request {
  readonly repetitions: number;
}

export interface Answer {
  /** Of each repetition, by the clock. */
  readonly milliseconds: readonly number[];
  /** Milliseconds of processor time, user and system, of all threads, that all of them took together. */
  readonly processor: number;
  /** The same since the process began. */
  readonly lifetime: number;
  /** Bytes of all WebAssembly memories, which only grow: so the most that there were. */
  readonly heap: number;
}

/** A piece of work that can be repeated. */
export interface Work {
  readonly facts: Facts;
  /** @returns the milliseconds that each repetition took */
  run(repetitions: number): readonly number[];
}

/** Milliseconds of each of `repetitions` calls. */
export function timed(repetitions: number, once: () => void): number[] {
  return Array.from({ length: repetitions }, () => {
    const start = performance.now();
    once();
    return performance.now() - start;
  });
}

/** Memories of whatever build works here, asked for where they are made. */
const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(this);
  }
};
const heapBytes = () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

const say = (line: Greeting | Answer) => process.stdout.write(`${JSON.stringify(line)}\n`);

/**
 * The entrant's side: prepares the work given as JSON in the first argument and serves until stdin ends.
 * @param install the command that brings what the work imports
 */
export async function serve<Job>(prepare: (job: Job) => Promise<Work>, install = ''): Promise<void> {
  let work: Work;
  try {
    work = await prepare(JSON.parse(process.argv[2] ?? '{}') as Job);
  } catch (error) {
    const absent = (error as { code?: string }).code?.endsWith('MODULE_NOT_FOUND') && install !== '';
    say(absent ? { missing: install } : { failed: String(error) });
    return;
  }
  say({ ready: work.facts });
  for await (const line of createInterface({ input: process.stdin })) {
    const before = processorTime();
    const milliseconds = work.run((JSON.parse(line) as Request).repetitions);
    const lifetime = processorTime();
    say({ milliseconds, processor: lifetime - before, lifetime, heap: heapBytes() });
  }
  process.exit();
}
