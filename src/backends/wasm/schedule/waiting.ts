// What waits for its phase: chains of calls, small calls before them, and what is to be scheduled after them; and
// which chain new calls must join. Nothing here has memory, and nothing runs.

import type { BufferArgument } from '../argument';
import type { Buffer } from '../buffer';
import type { CompiledKernel } from '../kernel-call';
import { type CallChain, isBuffer, type KernelCall, meetsItemByItem } from './chain';

/** What a call outside the phases may be given: there is no item, and no thread of its own. */
export type SerialArgument = number | BufferArgument;

/** A small call on the calling thread. */
export interface SerialCall {
  readonly kernel: CompiledKernel;
  readonly args: readonly SerialArgument[];
}

/** Calls for each of `items` items. */
export interface CallGroup {
  readonly items: number;
  readonly calls: readonly KernelCall[];
}

/** The chain that calls must join; undefined when they depend on none; 'conflict' when the phase must end first. */
export type Joinable = CallChain | undefined | 'conflict';

export class Waiting {
  readonly chains: CallChain[] = [];
  readonly before: SerialCall[] = [];
  readonly after: (() => void)[] = [];
  readonly touched = new Set<Buffer>();

  get isEmpty(): boolean {
    return this.chains.length === 0 && this.before.length === 0 && this.after.length === 0;
  }

  joinable({ items, calls }: CallGroup): Joinable {
    let chain: CallChain | undefined;
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

  /** Puts calls at the end of a chain, or begins one with them. */
  join(found: CallChain | undefined, { items, calls }: CallGroup, heavy: boolean): void {
    const chain = found ?? { items, calls: [], heavy: false };
    if (found === undefined) this.chains.push(chain);
    chain.heavy ||= heavy;
    chain.calls.push(...calls);
    for (const { args } of calls)
      for (const argument of args) if (isBuffer(argument)) this.#note(argument, chain);
  }

  /**
   * Whether a call before the phase would come too soon: what it reads is still to be written, or what it writes read.
   */
  comesTooSoon(args: readonly SerialArgument[]): boolean {
    return args.some((argument) => {
      if (!isBuffer(argument)) return false;
      const { pending } = argument.buffer;
      if (this.#isAwaited(argument.buffer)) return true;
      if (pending === undefined) return false;
      return pending.writer !== undefined || (argument.access === 'write' && pending.readers.length > 0);
    });
  }

  #note({ buffer, access, reach, step, layout, optional }: BufferArgument, chain: CallChain): void {
    buffer.pending ??= { writer: undefined, readers: [] };
    this.touched.add(buffer);
    const use = { chain, reach, step, layout, optional };
    if (access === 'write') buffer.pending.writer = use;
    else buffer.pending.readers.push(use);
  }

  /** Whether the buffer is promised by what waits for the phase's end, and not only by calls before it. */
  #isAwaited(buffer: Buffer): boolean {
    let serial = 0;
    for (const { args } of this.before) {
      for (const argument of args) if (isBuffer(argument) && argument.buffer === buffer) serial++;
    }
    return buffer.promised > serial;
  }
}
