// Puts kernel calls together into phases. Operators come one by one; a call that only needs its item's part of what
// the calls before it made joins their chain, so that an image passes through several operators while it is in the
// cache. A call that needs more (a sum over the batch, all weights) ends the phase. Nothing runs before a phase is
// ended: by such a call, by a read, or by a change in place. waiting.ts has what joins what, room.ts what will fit,
// prepare.ts a phase's memory, running.ts the phase at work.

import { OutOfMemoryError } from '../../../errors';
import { Buffer } from '../buffer';
import type { KernelArguments } from '../generated/signatures';
import type { Heap } from '../heap';
import { type CompiledKernel, ordered } from '../kernel-call';
import type { Crew } from '../threads/crew';
import type { ProgramChain } from '../threads/program';
import type { WorkLog } from '../work';
import { Arena, type Take } from './arena';
import { type CallChain, isBuffer, type KernelCall } from './chain';
import { prepare } from './prepare';
import { KeptRoom } from './room';
import { type Phase, Running } from './running';
import { type CallGroup, type SerialArgument, type SerialCall, Waiting } from './waiting';

type SerialArguments<K extends CompiledKernel> = { readonly [P in keyof KernelArguments[K]]: SerialArgument };

export class Scheduler {
  #waiting = new Waiting();
  readonly #room: KeptRoom;
  readonly #running: Running;
  readonly #arena: Arena;
  readonly #indices: ReadonlyMap<string, number>;
  /** Where work is written down while it is profiled. */
  log: WorkLog | undefined;

  constructor(
    readonly heap: Heap,
    readonly crew: Crew,
  ) {
    this.#room = new KeptRoom(heap);
    this.#running = new Running(crew, this.#room);
    this.#arena = new Arena(this.#running);
    this.#indices = new Map(crew.names.map((name, index) => [name, index]));
  }

  // ---- calls --------------------------------------------------------------------------------------------------------

  /**
   * Adds calls that run for each of `items` items.
   * @param heavy begins a phase of its own if the chain that it would join is heavy too
   */
  schedule(items: number, calls: readonly KernelCall[], heavy = false): void {
    this.scheduleTogether([{ items, calls }], heavy);
  }

  /** The same for several groups that do not meet: they may write different parts of one buffer. */
  scheduleTogether(groups: readonly CallGroup[], heavy = false): void {
    const wanted = groups.filter(({ items }) => items > 0);
    const find = () => wanted.map((group) => this.#waiting.joinable(group));
    let chains = find();
    if (chains.some((chain) => chain !== undefined && chain !== 'conflict' && chain.heavy && heavy)) {
      this.flush();
      chains = find();
    }
    // after a phase, what waited for its end may stand in the way once more
    while (chains.includes('conflict')) {
      this.flush();
      chains = find();
    }
    if (!this.#room.keepScratch(wanted)) {
      this.#makeRoom();
      this.#room.mustKeepScratch(wanted);
      chains = find();
    }
    wanted.forEach((group, index) => {
      this.#waiting.join(chains[index] as CallChain | undefined, group, heavy);
    });
  }

  /** A small call on the calling thread, between the phase that makes its inputs and the one that uses its outputs. */
  serially<K extends CompiledKernel>(kernel: K, given: SerialArguments<K>): void {
    const args = ordered(kernel, given as KernelArguments[K]) as SerialArgument[];
    while (this.#waiting.comesTooSoon(args)) this.flush();
    this.#waiting.before.push({ kernel, args });
    for (const argument of args) {
      if (!isBuffer(argument)) continue;
      argument.buffer.promised++;
      argument.buffer.references++; // until it has run
    }
  }

  /**
   * Calls `schedule` once this phase is over: its work goes beside that of the next phase. `out` is what it will write.
   */
  afterwards(out: Buffer, schedule: () => void): void {
    out.promised++;
    out.references++;
    this.#waiting.after.push(() => {
      out.promised--;
      schedule();
      this.release(out);
    });
  }

  // ---- buffers ------------------------------------------------------------------------------------------------------

  /**
   * A new buffer, which there will be room for whenever it is placed.
   * @throws OutOfMemoryError where there is none; nothing has changed then, but that what was waiting has run
   */
  buffer(bytes: number): Buffer {
    const buffer = new Buffer(bytes);
    const taken = this.heap.taken(bytes);
    if (!this.#room.has(taken)) {
      this.#makeRoom();
      if (!this.#room.has(taken)) this.#placeAmongPieces(buffer);
    }
    if (buffer.address === 0) this.#room.owe(buffer, taken);
    return buffer;
  }

  /** Gives a reference back; the memory goes with the last, after the phases that it still takes part in. */
  release(buffer: Buffer): void {
    buffer.references--;
    buffer.loose = false;
    this.#room.freeIfUnused(buffer);
  }

  /** Runs whatever must run before the calling thread may read the buffer (or write it). */
  settle(buffer: Buffer, access: 'read' | 'write' = 'read'): void {
    while (
      buffer.promised > 0 ||
      buffer.pending?.writer !== undefined ||
      (access === 'write' && buffer.pending)
    ) {
      this.flush();
    }
    if (buffer.busy) this.finish();
    this.place(buffer);
  }

  /** Its address, and memory for it where it has none yet. */
  place(buffer: Buffer): number {
    try {
      return this.#place(buffer);
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
      this.#arena.drop(); // the one thing that takes room without having kept it
      return this.#place(buffer);
    }
  }

  #place(buffer: Buffer): number {
    if (buffer.address === 0) {
      buffer.address = this.#running.alloc(buffer.bytes);
      this.#room.forgive(buffer);
    }
    return buffer.address;
  }

  /** Runs what waits, so that it has its memory and gives back what it does not need; the arena goes back too. */
  #makeRoom(): void {
    while (!this.#waiting.isEmpty) this.flush();
    this.#room.recount();
    this.finish();
    this.#arena.drop();
  }

  /** Where no piece holds all that is owed, one may still hold this buffer and another the rest. */
  #placeAmongPieces(buffer: Buffer): void {
    buffer.address = this.heap.alloc(buffer.bytes);
    if (this.#room.has(0)) return;
    this.heap.free(buffer.address, buffer.bytes);
    throw this.heap.noRoom(buffer.bytes);
  }

  // ---- phases -------------------------------------------------------------------------------------------------------

  /** Begins everything that was scheduled so far, save what it begins itself by {@link afterwards}. */
  flush(): void {
    const waiting = this.#waiting;
    const phase: Phase = { touched: [...waiting.touched], borrowed: [] };
    const { program, alone } = this.#prepared(phase);
    this.#waiting = new Waiting();
    this.#room.nextPhase();
    try {
      this.finish();
      for (const call of waiting.before) this.#runSerially(call);
      this.#running.begin(phase, program, alone);
    } finally {
      for (const buffer of phase.touched) {
        buffer.pending = undefined;
        this.#room.freeIfUnused(buffer);
      }
      if (!this.#running.is(phase)) this.#running.giveBack(phase);
      for (const { args } of waiting.before) {
        for (const argument of args) {
          if (!isBuffer(argument)) continue;
          argument.buffer.promised--;
          this.release(argument.buffer);
        }
      }
    }
    for (const schedule of waiting.after) schedule();
  }

  /** Waits for the phase that runs. */
  finish(): void {
    this.#running.finish();
  }

  #runSerially({ kernel, args }: SerialCall): void {
    this.crew.call(
      kernel,
      args.map((argument) =>
        typeof argument === 'number' ? argument : this.place(argument.buffer) + argument.offset,
      ),
    );
  }

  /**
   * The phase with its memory, for all threads. Where not all of them can have scratch of their own, one does the work
   * alone: what fits does not depend on how many there are.
   */
  #prepared(phase: Phase): { program: ProgramChain[]; alone: boolean } {
    try {
      return { program: this.#prepare(phase, this.crew.threads, this.#arena.open()), alone: false };
    } catch (error) {
      this.#running.giveBackBorrowed(phase);
      if (!(error instanceof OutOfMemoryError)) throw error;
    }
    this.finish();
    this.#arena.drop();
    try {
      return { program: this.#prepare(phase, 1, () => undefined), alone: true };
    } catch (error) {
      this.#running.giveBackBorrowed(phase);
      throw error;
    }
  }

  #prepare(phase: Phase, threads: number, take: Take): ProgramChain[] {
    const memory = {
      threads,
      take,
      alloc: (bytes: number) => this.#running.alloc(bytes),
      place: (buffer: Buffer) => this.#place(buffer),
    };
    return prepare(this.#waiting, phase, memory, this.#indices, this.log);
  }
}
