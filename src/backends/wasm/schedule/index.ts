// Puts kernel calls together into phases. Operators come one by one; a call that only needs its item's part of what the
// calls before it made joins their chain, so that an image passes through several operators while it is in the cache. A
// call that needs more (a sum over the batch, all weights) ends the phase. Nothing runs before a phase is ended: by such
// a call, by a read, or by a change in place.
//
// Whatever is scheduled can also run: room for its buffers and for one thread's scratch is made sure of before a call is
// taken. So it is the operator that is too large which fails, and not what happens to be waiting beside it.

import { OutOfMemoryError } from '../../../errors';
import { type Argument, type BufferArgument, ScratchArgument } from '../argument';
import { Buffer } from '../buffer';
import type { KernelArguments } from '../generated/signatures';
import { type Heap, wholeLines } from '../heap';
import { type KernelName, ordered } from '../kernel-call';
import type { Crew } from '../threads/crew';
import { chunksOf, type ProgramCall, type ProgramChain, WHEN } from '../threads/program';
import type { WorkLog } from '../work';
import { type Call, type Chain, isBuffer, meetsItemByItem } from './chain';
import { canBeLocal, isLocal, isUnwanted, type Lent, localBytes, resolve } from './lent';

/** Gives the address of so many bytes of the arena, or undefined when it is full. */
type Take = (bytes: number) => number | undefined;

/** 64 more than a whole number of cache lines: threads do not meet in one. */
const apart = (bytes: number) => wholeLines(bytes + 64);

/** What a phase that runs keeps from being freed. */
interface Phase {
  readonly touched: readonly Buffer[];
  readonly borrowed: { address: number; bytes: number }[];
}

/** What a call outside the phases may be given: there is no item, and no thread of its own. */
type SerialArgument = number | BufferArgument;
type SerialArguments<K extends KernelName> = { readonly [P in keyof KernelArguments[K]]: SerialArgument };

export class Scheduler {
  #chains: Chain[] = [];
  #before: { readonly kernel: KernelName; readonly args: readonly SerialArgument[] }[] = [];
  #after: (() => void)[] = [];
  readonly #touched = new Set<Buffer>();
  #running: Phase | undefined;
  #arena = { address: 0, bytes: 0 };
  #wanted = 0;
  /** What buffers without an address will take, and the scratch of the phase for one thread. */
  #owed = 0;
  #scratch = 0;
  #phase = 0;
  /** Where work is written down while it is profiled. */
  log: WorkLog | undefined;
  readonly #indices = new Map<string, number>();

  constructor(
    readonly heap: Heap,
    readonly crew: Crew,
  ) {
    crew.names.forEach((name, index) => {
      this.#indices.set(name, index);
    });
  }

  /**
   * Adds calls that run for each of `items` items.
   * @param heavy begins a phase of its own if the chain that it would join is heavy too
   */
  schedule(items: number, calls: readonly Call[], heavy = false): void {
    this.scheduleTogether([{ items, calls }], heavy);
  }

  /** The same for several groups that do not meet: they may write different parts of one buffer. */
  scheduleTogether(groups: readonly { items: number; calls: readonly Call[] }[], heavy = false): void {
    const wanted = groups.filter(({ items }) => items > 0);
    const find = () => wanted.map(({ items, calls }) => this.#joinable(items, calls));
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
    if (!this.#keepsScratch(wanted)) {
      this.#makeRoom();
      const bytes = this.#scratchOf(wanted);
      if (!this.heap.reserve(this.#owed + bytes)) throw this.heap.noRoom(bytes);
      this.#scratch += bytes;
      chains = find();
    }
    wanted.forEach(({ items, calls }, index) => {
      const found = chains[index] as Chain | undefined;
      const chain = found ?? { items, calls: [], heavy: false };
      if (found === undefined) this.#chains.push(chain);
      chain.heavy ||= heavy;
      chain.calls.push(...calls);
      for (const { args } of calls)
        for (const argument of args) if (isBuffer(argument)) this.#note(argument, chain);
    });
  }

  /** Keeps room in this phase for what one thread needs to run these calls; false where there is none. */
  #keepsScratch(groups: readonly { readonly calls: readonly Call[] }[]): boolean {
    const bytes = this.#scratchOf(groups);
    if (!this.heap.reserve(this.#owed + this.#scratch + bytes)) return false;
    this.#scratch += bytes;
    return true;
  }

  /** Bytes of one thread's scratch that this phase does not count yet, and does from now on. */
  #scratchOf(groups: readonly { readonly calls: readonly Call[] }[]): number {
    let bytes = 0;
    for (const { calls } of groups) {
      for (const { args } of calls) {
        for (const argument of args) {
          if (argument instanceof ScratchArgument && argument.phase !== this.#phase) {
            argument.phase = this.#phase;
            bytes += this.heap.taken(apart(argument.bytes));
          } else if (isBuffer(argument) && argument.access === 'write') {
            bytes += this.#moreIfLocal(argument);
          }
        }
      }
    }
    return bytes;
  }

  /** Bytes more that a buffer takes if it becomes scratch, whose planes lie further apart. */
  #moreIfLocal({ buffer, layout }: BufferArgument): number {
    // of more images than a few, one never takes more than all do
    if (layout === undefined || layout.images > 4 || buffer.address !== 0 || !canBeLocal(layout)) return 0;
    return Math.max(0, this.heap.taken(apart(localBytes(layout))) - buffer.owed);
  }

  /**
   * A new buffer, which there will be room for whenever it is placed.
   * @throws OutOfMemoryError where there is none; nothing has changed then, but that what was waiting has run
   */
  buffer(bytes: number): Buffer {
    const buffer = new Buffer(bytes);
    const taken = this.heap.taken(bytes);
    if (!this.heap.reserve(this.#owed + this.#scratch + taken)) {
      this.#makeRoom();
      if (!this.heap.reserve(this.#owed + this.#scratch + taken)) this.#placeAmongPieces(buffer);
    }
    if (buffer.address === 0) {
      buffer.owed = taken;
      this.#owed += taken;
    }
    return buffer;
  }

  /** Runs what waits, so that it has its memory and gives back what it does not need; the arena goes back too. */
  #makeRoom(): void {
    while (this.#isWaiting()) this.flush();
    this.#phase++; // whose scratch is still to be counted
    this.finish();
    this.#dropArena();
  }

  #isWaiting(): boolean {
    return this.#chains.length > 0 || this.#before.length > 0 || this.#after.length > 0;
  }

  /** Where no piece holds all that is owed, one may still hold this buffer and another the rest. */
  #placeAmongPieces(buffer: Buffer): void {
    buffer.address = this.heap.alloc(buffer.bytes);
    if (this.heap.reserve(this.#owed + this.#scratch)) return;
    this.heap.free(buffer.address, buffer.bytes);
    throw this.heap.noRoom(buffer.bytes);
  }

  /** A small call on the calling thread, between the phase that makes its inputs and the one that uses its outputs. */
  serially<K extends KernelName>(kernel: K, given: SerialArguments<K>): void {
    const args = ordered(kernel, given as KernelArguments[K]) as SerialArgument[];
    for (let clash = true; clash; ) {
      clash = args.some((argument) => {
        if (!isBuffer(argument)) return false;
        const { pending } = argument.buffer;
        if (this.#isAwaited(argument.buffer)) return true;
        if (pending === undefined) return false;
        return pending.writer !== undefined || (argument.access === 'write' && pending.readers.length > 0);
      });
      if (clash) this.flush();
    }
    this.#before.push({ kernel, args });
    for (const argument of args) {
      if (!isBuffer(argument)) continue;
      argument.buffer.promised++;
      argument.buffer.references++; // until it has run
    }
  }

  /** Calls `schedule` once this phase is over: its work goes beside that of the next phase. `out` is what it will write. */
  afterwards(out: Buffer, schedule: () => void): void {
    out.promised++;
    out.references++;
    this.#after.push(() => {
      out.promised--;
      schedule();
      this.release(out);
    });
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

  /** Gives a reference back; the memory goes with the last, after the phases that it still takes part in. */
  release(buffer: Buffer): void {
    buffer.references--;
    buffer.loose = false;
    this.#freeIfUnused(buffer);
  }

  place(buffer: Buffer): number {
    try {
      return this.#place(buffer);
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
      this.#dropArena(); // the one thing that takes room without having kept it
      return this.#place(buffer);
    }
  }

  #place(buffer: Buffer): number {
    if (buffer.address === 0) {
      buffer.address = this.#alloc(buffer.bytes);
      this.#forgive(buffer);
    }
    return buffer.address;
  }

  /** Keeps no room for it any more. */
  #forgive(buffer: Buffer): void {
    this.#owed -= buffer.owed;
    buffer.owed = 0;
  }

  /**
   * Begins everything that was scheduled so far, save what it begins itself by {@link afterwards}. The other threads
   * work on it while this one goes on scheduling; it takes its share when it has to wait.
   */
  flush(): void {
    const phase: Phase = { touched: [...this.#touched], borrowed: [] };
    const { program, alone } = this.#prepared(phase);
    const before = this.#before;
    const after = this.#after;
    this.#chains = [];
    this.#before = [];
    this.#after = [];
    this.#touched.clear();
    this.#scratch = 0;
    this.#phase++;
    try {
      this.finish();
      for (const { kernel, args } of before) {
        this.crew.kernel(kernel)(...args.map((argument) => this.#plain(argument)));
      }
      this.#running = phase;
      for (const buffer of phase.touched) buffer.busy = true;
      this.#start(program, alone);
    } finally {
      for (const buffer of phase.touched) {
        buffer.pending = undefined;
        this.#freeIfUnused(buffer);
      }
      if (this.#running !== phase) this.#giveBack(phase);
      for (const { args } of before) {
        for (const argument of args) {
          if (!isBuffer(argument)) continue;
          argument.buffer.promised--;
          this.release(argument.buffer);
        }
      }
    }
    for (const schedule of after) schedule();
  }

  /** Waits for the phase that runs, doing this thread's share of it, and frees what only it used. */
  finish(): void {
    const phase = this.#running;
    if (phase === undefined) return;
    this.#running = undefined;
    try {
      this.crew.finish();
    } finally {
      this.#giveBack(phase);
    }
  }

  #giveBackBorrowed({ borrowed }: Phase): void {
    for (const { address, bytes } of borrowed.splice(0)) this.heap.free(address, bytes);
  }

  #giveBack(phase: Phase): void {
    this.#giveBackBorrowed(phase);
    for (const buffer of phase.touched) {
      buffer.busy = false;
      this.#freeIfUnused(buffer);
    }
  }

  /**
   * The phase with its memory, for all threads. Where not all of them can have scratch of their own, one does the work
   * alone: what fits does not depend on how many there are.
   */
  #prepared(phase: Phase): { program: ProgramChain[]; alone: boolean } {
    try {
      return { program: this.#prepare(phase, this.crew.threads, this.#openArena()), alone: false };
    } catch (error) {
      this.#giveBackBorrowed(phase);
      if (!(error instanceof OutOfMemoryError)) throw error;
    }
    this.finish();
    this.#dropArena();
    try {
      return { program: this.#prepare(phase, 1, () => undefined), alone: true };
    } catch (error) {
      this.#giveBackBorrowed(phase);
      throw error;
    }
  }

  /** Finds every address, and memory for what has none yet. */
  #prepare({ touched, borrowed }: Phase, threads: number, take: Take): ProgramChain[] {
    const chains = this.#chains;
    const borrow = (bytes: number): Lent => {
      const each = apart(bytes);
      const all = each * threads;
      const address = take(all);
      if (address !== undefined) return { address, each };
      const own = this.#alloc(all);
      borrowed.push({ address: own, bytes: all });
      return { address: own, each };
    };
    const lent = new Map<Buffer, Lent>();
    for (const buffer of touched) {
      if (buffer.address !== 0 || isUnwanted(buffer)) continue;
      if (buffer.references === 0 && isLocal(buffer))
        lent.set(buffer, borrow(localBytes(buffer.pending!.writer!.layout!)));
      else this.#place(buffer);
    }
    for (const { args } of this.#before) {
      for (const argument of args) if (isBuffer(argument)) this.#place(argument.buffer);
    }
    if (this.log !== undefined) for (const chain of chains) this.log.add(chain, (buffer) => lent.has(buffer));
    const scratches = new Map<Argument, Lent>();
    return chains.map(
      ({ items, calls }): ProgramChain => ({
        items,
        chunks: chunksOf(items),
        calls: calls.map(
          ({ kernel, when, args }): ProgramCall => ({
            kernel: typeof kernel === 'string' ? this.#indices.get(kernel)! : kernel.index,
            when: WHEN[when],
            args: resolve(args, lent, scratches, borrow),
          }),
        ),
      }),
    );
  }

  /**
   * What threads borrow lies in the same place in every phase, and so is still in their caches: phases run one after
   * another, even if the next is prepared while one runs. The arena grows to what the largest phase has asked for.
   */
  #openArena(): Take {
    if (this.#wanted > this.#arena.bytes) {
      const wanted = this.#wanted;
      this.#dropArena();
      this.#arena = { address: this.#alloc(wanted), bytes: wanted };
      this.#wanted = wanted;
    }
    let top = 0;
    return (bytes) => {
      top += bytes;
      if (this.heap.watched) return undefined;
      this.#wanted = Math.max(this.#wanted, top);
      return top <= this.#arena.bytes ? this.#arena.address + top - bytes : undefined;
    };
  }

  /** Gives the arena back, after the phase that runs in it; a new one begins small. */
  #dropArena(): void {
    const { address, bytes } = this.#arena;
    this.#arena = { address: 0, bytes: 0 };
    this.#wanted = 0;
    if (bytes > 0 && this.#running !== undefined) this.#running.borrowed.push({ address, bytes });
    else if (bytes > 0) this.heap.free(address, bytes);
  }

  /** A phase of very many small chains goes in several. */
  #start(program: readonly ProgramChain[], alone: boolean): void {
    for (let from = 0; from < program.length; ) {
      let count = program.length - from;
      while (count > 1 && !this.crew.fits(program.slice(from, from + count))) count = Math.ceil(count / 2);
      this.crew.start(program.slice(from, from + count), alone);
      from += count;
    }
  }

  /** Memory; where there is none left, what the running phase still holds is waited for. */
  #alloc(bytes: number): number {
    try {
      return this.heap.alloc(bytes);
    } catch (error) {
      if (this.#running === undefined) throw error;
      this.finish();
      return this.heap.alloc(bytes);
    }
  }

  /** An argument of a call outside the phases. */
  #plain(argument: SerialArgument): number {
    return typeof argument === 'number' ? argument : this.place(argument.buffer) + argument.offset;
  }

  #freeIfUnused(buffer: Buffer): void {
    if (buffer.references > 0 || buffer.pending !== undefined || buffer.busy) return;
    this.#forgive(buffer);
    if (buffer.address === 0) return;
    this.heap.free(buffer.address, buffer.bytes);
    buffer.address = 0;
  }

  #note({ buffer, access, reach, step, layout, optional }: BufferArgument, chain: Chain): void {
    buffer.pending ??= { writer: undefined, readers: [] };
    this.#touched.add(buffer);
    const use = { chain, reach, step, layout, optional };
    if (access === 'write') buffer.pending.writer = use;
    else buffer.pending.readers.push(use);
  }

  /** The chain that these calls must join; undefined when they depend on none; 'conflict' when the phase must end first. */
  #joinable(items: number, calls: readonly Call[]): Chain | undefined | 'conflict' {
    let chain: Chain | undefined;
    for (const { args } of calls) {
      for (const argument of args) {
        if (!isBuffer(argument)) continue;
        const { buffer, access } = argument;
        const { pending } = buffer;
        if (pending === undefined) {
          // a serial call of this phase may write before it, but not after it has been read
          if (buffer.promised > 0 && (access === 'write' || this.#isAwaited(buffer))) return 'conflict';
          continue;
        }
        const others = access === 'write' ? [pending.writer, ...pending.readers] : [pending.writer];
        for (const other of others) {
          if (other === undefined) continue;
          if (other.chain.items !== items || !meetsItemByItem(argument, other)) return 'conflict';
          if (chain !== undefined && chain !== other.chain) return 'conflict';
          chain = other.chain;
        }
      }
    }
    return chain;
  }

  /** Whether the buffer is promised by what waits for the phase's end, and not only by calls before it. */
  #isAwaited(buffer: Buffer): boolean {
    let serial = 0;
    for (const { args } of this.#before) {
      for (const argument of args) if (isBuffer(argument) && argument.buffer === buffer) serial++;
    }
    return buffer.promised > serial;
  }
}
