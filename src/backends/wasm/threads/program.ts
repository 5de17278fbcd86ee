// What the threads run: a phase is a list of chains; a chain is a number of items (images, blocks of numbers,
// channels) and the kernel calls that each item goes through, one after another, while it is in the cache. Items are
// handed out in chunks whose number depends on the items alone, and partial sums belong to chunks: so results never
// depend on threads.
//
// An argument is base + item·perItem + chunk·perChunk + thread·perThread. In memory a phase is a row of doubles. The
// last arguments of a kernel that takes a record are the record's fields: each thread has a place for one, which it
// fills before the call, and whose address it gives. What lies behind the record there is the kernel's own.

/** When a call runs: once in each thread that takes part, once at the start of each chunk, or for every item. */
export const WHEN = { thread: 0, chunk: 1, item: 2 } as const;
export type When = keyof typeof WHEN;

export interface ProgramCall {
  /** Index into the functions of kernels.ts. */
  readonly kernel: number;
  readonly when: number;
  /** base, perItem, perChunk, perThread of each argument. */
  readonly args: readonly number[];
}

export interface ProgramChain {
  readonly items: number;
  readonly chunks: number;
  readonly calls: readonly ProgramCall[];
}

/** Where in the shared memory the threads find their words: Int32 from this address on. */
export const CONTROL_ADDRESS = 1024;
export const CONTROL_WORDS = 16;
/**
 * sequence: rises with each phase, negative = stop. next: task to take. done: threads that are through. modules:
 * address of the first module made at run time, see kernels.ts.
 */
export const CONTROL = { sequence: 0, next: 1, done: 2, failed: 3, profile: 4, spin: 5, modules: 6 } as const;
/** Milliseconds and calls by kernel and thread, when profiling: Float64 from this address on. */
export const PROFILE_ADDRESS = 4096;
export const PROFILE_KERNELS = 192;
export const PROFILE_THREADS = 16;
export const PROGRAM_ADDRESS = 65536;
export const PROGRAM_DOUBLES = 100_000;
/** Where threads lay records, each in cache lines of its own. */
const RECORD_ADDRESS = PROGRAM_ADDRESS + 8 * PROGRAM_DOUBLES;
const RECORD_BYTES = 256;
/** Threads whose records have room below the heap. */
export const MOST_THREADS = 700;

/** More chunks balance better, fewer sum less. */
export function chunksOf(items: number): number {
  return Math.min(16, items);
}

/**
 * The first item of a chunk. Threads take chunks from both ends, so those in the middle come last: they are half as
 * large as the mean and the outer ones half as large again, and whoever is through first waits half as long for the
 * others.
 */
export function chunkStart(chunk: number, chunks: number, items: number): number {
  if (items < 2 * chunks) return Math.floor((chunk * items) / chunks);
  const fromEnd = Math.min(chunk, chunks - chunk) / chunks;
  const count = Math.round(items * (1.5 * fromEnd - fromEnd * fromEnd));
  return 2 * chunk <= chunks ? count : items - count;
}

/** A phase's chunks, over all chains. */
export function tasksOf(chains: readonly ProgramChain[]): number {
  return chains.reduce((tasks, { chunks }) => tasks + chunks, 0);
}

export type Kernel = (...args: number[]) => unknown;

/** The functions that phases call, by number. */
export interface Functions {
  readonly kernels: readonly Kernel[];
  /** As what each is measured. */
  readonly slots: readonly number[];
  /** How many arguments come before those of its record; more than there are where it takes none. */
  readonly positional: readonly number[];
}

/** More arguments than any function takes. */
export const ALL_POSITIONAL = 0xffff;

/** The words in which a thread lays records. */
export function recordWords(memory: WebAssembly.Memory, thread: number): Int32Array {
  return new Int32Array(memory.buffer, RECORD_ADDRESS + thread * RECORD_BYTES, RECORD_BYTES / 4);
}

/** Calls a function. @param args in its order; they are used up */
export function invoke(kernel: Kernel, args: number[], positional: number, record: Int32Array): unknown {
  if (args.length > positional) {
    for (let i = positional; i < args.length; i++) record[i - positional] = args[i]!;
    args.length = positional;
    args.push(record.byteOffset);
  }
  return kernel(...args);
}

/** Doubles that {@link write} needs for these chains. */
export function lengthOf(chains: readonly ProgramChain[]): number {
  let length = 1;
  for (const { calls } of chains) {
    length += 3;
    for (const { args } of calls) length += 3 + args.length;
  }
  return length;
}

export function write(program: Float64Array, chains: readonly ProgramChain[]): void {
  let at = 0;
  program[at++] = chains.length;
  for (const { items, chunks, calls } of chains) {
    program[at++] = items;
    program[at++] = chunks;
    program[at++] = calls.length;
    for (const { kernel, when, args } of calls) {
      program[at++] = kernel;
      program[at++] = when;
      program[at++] = args.length;
      for (const value of args) program[at++] = value;
    }
  }
}

export function read(program: Float64Array): ProgramChain[] {
  let at = 0;
  const chains: ProgramChain[] = [];
  const count = program[at++]!;
  for (let c = 0; c < count; c++) {
    const items = program[at++]!;
    const chunks = program[at++]!;
    const calls: ProgramCall[] = [];
    const length = program[at++]!;
    for (let i = 0; i < length; i++) {
      const kernel = program[at++]!;
      const when = program[at++]!;
      const args = new Array<number>(program[at++]!);
      for (let a = 0; a < args.length; a++) args[a] = program[at++]!;
      calls.push({ kernel, when, args });
    }
    chains.push({ items, chunks, calls });
  }
  return chains;
}

/**
 * The task to take next, from both ends towards the middle. Two threads have an end each, so that each mostly meets the
 * images again that it met in the phase before.
 * @param taken tasks that all threads have taken before
 * @param mine those that this one has
 */
function taskOf(taken: number, mine: number, tasks: number, thread: number, threads: number): number {
  if (threads === 2) return thread === 0 ? mine : tasks - 1 - mine;
  return taken % 2 === 0 ? taken / 2 : tasks - (taken + 1) / 2;
}

/** One thread's part of a phase: takes chunks until none is left. */
export function runPhase(
  chains: readonly ProgramChain[],
  { kernels, slots, positional }: Functions,
  control: Int32Array,
  profile: Float64Array,
  record: Int32Array,
  thread: number,
  threads: number,
): void {
  const tasks = tasksOf(chains);
  const prepared = new Set<ProgramChain>();
  const profiling = control[CONTROL.profile] !== 0;
  const call = ({ kernel, args }: ProgramCall, item: number, chunk: number) => {
    const values = new Array<number>(args.length / 4);
    for (let i = 0, a = 0; a < args.length; i++, a += 4) {
      values[i] = args[a]! + item * args[a + 1]! + chunk * args[a + 2]! + thread * args[a + 3]!;
    }
    if (!profiling) {
      invoke(kernels[kernel]!, values, positional[kernel]!, record);
      return;
    }
    const begin = performance.now();
    invoke(kernels[kernel]!, values, positional[kernel]!, record);
    const slot = 2 * (thread * PROFILE_KERNELS + slots[kernel]!);
    profile[slot]! += performance.now() - begin;
    profile[slot + 1]! += 1;
  };
  const at = (chain: ProgramChain, when: number, item: number, chunk: number) => {
    for (const entry of chain.calls) if (entry.when === when) call(entry, item, chunk);
  };
  for (let mine = 0; ; mine++) {
    const taken = Atomics.add(control, CONTROL.next, 1);
    if (taken >= tasks) break;
    let task = taskOf(taken, mine, tasks, thread, threads);
    let c = 0;
    while (task >= chains[c]!.chunks) task -= chains[c++]!.chunks;
    const chain = chains[c]!;
    if (!prepared.has(chain)) {
      prepared.add(chain);
      at(chain, WHEN.thread, 0, 0);
    }
    at(chain, WHEN.chunk, 0, task);
    const end = chunkStart(task + 1, chain.chunks, chain.items);
    for (let item = chunkStart(task, chain.chunks, chain.items); item < end; item++) {
      at(chain, WHEN.item, item, task);
    }
  }
}
