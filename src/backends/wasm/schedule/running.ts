// The phase that runs, and memory, which may have to wait for its end. The other threads work on it while the calling
// thread puts the next together; that one does its part when it has to wait.

import type { Buffer } from '../buffer';
import type { Crew } from '../threads/crew';
import type { ProgramChain } from '../threads/program';
import type { KeptRoom } from './room';

/** What a phase that runs keeps from being freed. */
export interface Phase {
  readonly touched: readonly Buffer[];
  readonly borrowed: { address: number; bytes: number }[];
}

export class Running {
  #phase: Phase | undefined;

  constructor(
    readonly crew: Crew,
    readonly room: KeptRoom,
  ) {}

  /** Whether this is the phase that runs. */
  is(phase: Phase): boolean {
    return this.#phase === phase;
  }

  /** A phase of very many small chains goes in several. */
  begin(phase: Phase, program: readonly ProgramChain[], alone: boolean): void {
    this.#phase = phase;
    for (const buffer of phase.touched) buffer.busy = true;
    for (let from = 0; from < program.length; ) {
      let count = program.length - from;
      while (count > 1 && !this.crew.fits(program.slice(from, from + count))) count = Math.ceil(count / 2);
      this.crew.start(program.slice(from, from + count), alone);
      from += count;
    }
  }

  /** Waits for the phase that runs, doing this thread's part of it, and frees what only it used. */
  finish(): void {
    const phase = this.#phase;
    if (phase === undefined) return;
    this.#phase = undefined;
    try {
      this.crew.finish();
    } finally {
      this.giveBack(phase);
    }
  }

  /** What a phase kept is free again, unless something else needs it. */
  giveBack(phase: Phase): void {
    this.giveBackBorrowed(phase);
    for (const buffer of phase.touched) {
      buffer.busy = false;
      this.room.freeIfUnused(buffer);
    }
  }

  giveBackBorrowed({ borrowed }: Phase): void {
    for (const { address, bytes } of borrowed.splice(0)) this.room.heap.free(address, bytes);
  }

  /** Memory; where there is none left, what the running phase still holds is waited for. */
  alloc(bytes: number): number {
    const { heap } = this.room;
    try {
      return heap.alloc(bytes);
    } catch (error) {
      if (this.#phase === undefined) throw error;
      this.finish();
      return heap.alloc(bytes);
    }
  }

  /** Frees memory that the running phase may still use: after it. */
  freeLater(address: number, bytes: number): void {
    if (this.#phase !== undefined) this.#phase.borrowed.push({ address, bytes });
    else this.room.heap.free(address, bytes);
  }
}
