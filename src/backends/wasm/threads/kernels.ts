// The functions that phases call, numbered alike in every thread: those of the kernels' module by name, then those of
// modules made at run time, in the order in which they were made. Threads that wait receive no message, so a module's
// bytes go through the shared memory, and each thread compiles them for itself before its next phase.
//
// A module is a record in memory: the address of the next one's (0: none yet), its length in bytes, its bytes.

import { SpikegradError } from '../../../errors';
import { positionalCounts } from '../generated/signatures';
import { ALL_POSITIONAL, CONTROL, CONTROL_ADDRESS, type Functions, type Kernel } from './program';

/** Bytes in front of a module's. */
export const MODULE_HEAD = 8;

/** What the functions of modules made at run time are measured as, by the beginning of their names. */
export const MADE = {
  forward: 'scan',
  backward: 'scanGradient',
  update: 'update',
  integer: 'integer',
} as const;
export type MadeLabel = (typeof MADE)[keyof typeof MADE];

/** A function of a module made at run time. */
export interface MadeKernel {
  readonly index: number;
  readonly label: MadeLabel;
}

export class Kernels implements Functions {
  readonly kernels: Kernel[] = [];
  /** What is measured: functions by name, and those made at run time by what they do. */
  readonly names: readonly string[];
  /** By function, which of the names it is measured as. */
  readonly slots: number[] = [];
  readonly positional: number[] = [];
  #latest: readonly [string, Kernel][] = [];
  /** Where the address of the next record will stand. */
  #next = CONTROL_ADDRESS + 4 * CONTROL.modules;

  constructor(
    readonly memory: WebAssembly.Memory,
    instance: WebAssembly.Instance,
  ) {
    const own = functionsOf(instance);
    this.names = [...own.map(([name]) => name), ...Object.values(MADE)];
    for (const [i, [name, kernel]] of own.entries()) {
      this.kernels.push(kernel);
      this.positional.push(positionalCounts[name] ?? ALL_POSITIONAL);
      this.slots.push(i);
    }
  }

  /** Takes in what was published since the last time. */
  update(): void {
    for (;;) {
      const record = Atomics.load(this.#words(this.#next, 1), 0);
      if (record === 0) return;
      this.#next = record;
      const bytes = record + MODULE_HEAD;
      const length = this.#words(record, 2)[1]!;
      this.#words(bytes, Math.ceil(length / 4));
      this.#add(new WebAssembly.Module(new Uint8Array(this.memory.buffer, bytes, length).slice()));
    }
  }

  #words(address: number, count: number): Uint32Array {
    // a thread may not yet have seen that another has grown the memory
    if (address + 4 * count > this.memory.buffer.byteLength) this.memory.grow(0);
    return new Uint32Array(this.memory.buffer, address, count);
  }

  /**
   * Makes a record known to all threads.
   * @returns its functions by name
   */
  publish(record: number): ReadonlyMap<string, MadeKernel> {
    const first = this.kernels.length;
    Atomics.store(this.#words(this.#next, 1), 0, record);
    this.update();
    return new Map(
      this.#latest.map(([name], i) => [name, { index: first + i, label: labelOf(name) }] as const),
    );
  }

  #add(module: WebAssembly.Module): void {
    this.#latest = functionsOf(new WebAssembly.Instance(module, importsOf(this.memory)));
    for (const [name, kernel] of this.#latest) {
      this.kernels.push(kernel);
      this.positional.push(ALL_POSITIONAL);
      this.slots.push(this.names.indexOf(labelOf(name)));
    }
  }
}

/** What every module imports. */
export function importsOf(memory: WebAssembly.Memory): WebAssembly.Imports {
  const abort = (): never => {
    throw new SpikegradError('wasm', 'a kernel gave up');
  };
  return { env: { memory, abort } };
}

/** A module's functions, in an order that every thread finds for itself. */
function functionsOf({ exports }: WebAssembly.Instance): [string, Kernel][] {
  return Object.entries(exports)
    .filter((entry): entry is [string, Kernel] => typeof entry[1] === 'function')
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function labelOf(name: string): MadeLabel {
  const start = (Object.keys(MADE) as (keyof typeof MADE)[]).find((word) => name.startsWith(word));
  return MADE[start!];
}
