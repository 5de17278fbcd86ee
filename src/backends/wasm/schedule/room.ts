// Room that is kept free: for buffers without an address, and for one thread's scratch in the phase that is being put
// together. So whatever is scheduled can also run: it is the operator that is too large which fails, not what waits
// beside it. Numbers of bytes only; memory is taken in running.ts.

import { type BufferArgument, ScratchArgument } from '../argument';
import type { Buffer } from '../buffer';
import { type Heap, wholeLines } from '../heap';
import { isBuffer } from './chain';
import { canBeLocal, localBytes } from './lent';
import type { CallGroup } from './waiting';

/** 64 more than a whole number of cache lines: threads do not meet in one. */
export const apart = (bytes: number) => wholeLines(bytes + 64);

export class KeptRoom {
  /** What buffers without an address will take, and the scratch of the phase for one thread. */
  #owed = 0;
  #scratch = 0;
  #phase = 0;

  constructor(readonly heap: Heap) {}

  /** Whether there is room for so many bytes more. */
  has(bytes: number): boolean {
    return this.heap.reserve(this.#owed + this.#scratch + bytes);
  }

  /** Keeps room for a buffer until it is placed. */
  owe(buffer: Buffer, taken: number): void {
    buffer.owed = taken;
    this.#owed += taken;
  }

  /** Keeps no room for it any more. */
  forgive(buffer: Buffer): void {
    this.#owed -= buffer.owed;
    buffer.owed = 0;
  }

  /** Gives a buffer's memory back, or the room that was kept for it, if nothing needs it any more. */
  freeIfUnused(buffer: Buffer): void {
    if (buffer.references > 0 || buffer.pending !== undefined || buffer.busy) return;
    this.forgive(buffer);
    if (buffer.address === 0) return;
    this.heap.free(buffer.address, buffer.bytes);
    buffer.address = 0;
  }

  /** Keeps room for what one thread needs to run these calls in this phase; false where there is none. */
  keepScratch(groups: readonly CallGroup[]): boolean {
    const bytes = this.#scratchOf(groups);
    if (!this.has(bytes)) return false;
    this.#scratch += bytes;
    return true;
  }

  /** The same where nothing waits any more. @throws OutOfMemoryError where there is still none */
  mustKeepScratch(groups: readonly CallGroup[]): void {
    const bytes = this.#scratchOf(groups);
    if (!this.heap.reserve(this.#owed + bytes)) throw this.heap.noRoom(bytes);
    this.#scratch += bytes;
  }

  /** The scratch of calls is to be counted anew. */
  recount(): void {
    this.#phase++;
  }

  nextPhase(): void {
    this.#scratch = 0;
    this.recount();
  }

  /** Bytes of one thread's scratch that this phase does not count yet, and does from now on. */
  #scratchOf(groups: readonly CallGroup[]): number {
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
}
