// The engine's memory: one WebAssembly.Memory that grows to at most 4 GiB, and who has which part of it. Freed blocks
// join their neighbours and are given out again, the smallest that fits first.

import type { OutOfMemoryError } from '../../errors';
import { outOfMemory } from '../out-of-memory';

const PAGE = 65536;
/** 4 GiB, all that 32-bit addresses reach. */
const MAXIMUM_PAGES = 65536;
const LINE = 64;
/** Kernels may read and write this much behind a buffer. */
export const SLACK = 64;
/** Below it lie the threads' control words and the program of the running phase. */
export const HEAP_BASE = 1 << 20;

interface Stretch {
  readonly address: number;
  readonly bytes: number;
}

/** The least multiple of a cache line that holds `bytes`. Not by bits: those end at 2^31. */
export const wholeLines = (bytes: number) => Math.ceil(bytes / LINE) * LINE;

export class Heap {
  readonly memory: WebAssembly.Memory;
  #free: Stretch[] = []; // by address
  #end = HEAP_BASE;
  #used = 0;
  /** What one piece is known to hold: it loses at most what is given out. */
  #sure = 0;

  /**
   * @param limit bytes that the memory may grow to; at most 4 GiB
   * @param memory HEAP_BASE bytes to begin with
   */
  constructor(
    readonly shared: boolean,
    limit = MAXIMUM_PAGES * PAGE,
    memory = new WebAssembly.Memory({
      initial: HEAP_BASE / PAGE,
      maximum: MAXIMUM_PAGES,
      shared,
    }),
  ) {
    const maximum = Math.max(HEAP_BASE / PAGE, Math.min(MAXIMUM_PAGES, Math.floor(limit / PAGE)));
    this.maximum = maximum * PAGE;
    this.memory = memory;
  }

  readonly maximum: number;

  /** Whether every block is watched for what is written beside it; then nobody hands out parts of one. */
  get watched(): boolean {
    return false;
  }

  /** Bytes given out now. */
  get used(): number {
    return this.#used;
  }

  /** Bytes taken from the system. */
  get size(): number {
    return this.memory.buffer.byteLength;
  }

  /** What a block of `bytes` bytes takes. */
  taken(bytes: number): number {
    return wholeLines(bytes + SLACK);
  }

  /** Numbers at an address. The view dies when the memory grows: take it, use it, forget it. */
  f32(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer, address, length);
  }

  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  /**
   * @returns the address of `bytes` bytes, 64-byte aligned, not cleared
   * @throws when there is no room
   */
  alloc(bytes: number): number {
    const wanted = wholeLines(bytes + SLACK);
    this.#sure = Math.max(0, this.#sure - wanted);
    let best = -1;
    for (let i = 0; i < this.#free.length; i++) {
      const size = this.#free[i]!.bytes;
      if (size >= wanted && (best < 0 || size < this.#free[best]!.bytes)) best = i;
    }
    if (best < 0) {
      const address = this.#extend(wanted);
      this.#used += wanted;
      return address;
    }
    this.#used += wanted;
    const { address, bytes: size } = this.#free[best]!;
    if (size === wanted) this.#free.splice(best, 1);
    else this.#free[best] = { address: address + wanted, bytes: size - wanted };
    return address;
  }

  /**
   * Makes sure that blocks which take so many bytes together can be had, in any order and number: all of them fit into
   * one free block, or behind the last one, where the memory is grown to hold them.
   * @returns whether they can
   */
  reserve(taken: number): boolean {
    if (taken <= this.#sure) return true;
    this.#sure = this.#free.reduce((most, { bytes }) => Math.max(most, bytes), this.size - this.#tail());
    if (taken <= this.#sure) return true;
    if (!this.#growTo(this.#tail() + taken)) return false;
    this.#sure = taken;
    return true;
  }

  /** The error for `bytes` bytes more. */
  noRoom(bytes: number): OutOfMemoryError {
    return outOfMemory('wasm', bytes, this.#used, this.maximum);
  }

  free(address: number, bytes: number): void {
    const size = wholeLines(bytes + SLACK);
    this.#used -= size;
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#free[middle]!.address < address) low = middle + 1;
      else high = middle;
    }
    const before = this.#free[low - 1];
    const after = this.#free[low];
    const joinsBefore = before !== undefined && before.address + before.bytes === address;
    const joinsAfter = after !== undefined && address + size === after.address;
    const block = {
      address: joinsBefore ? before.address : address,
      bytes: size + (joinsBefore ? before.bytes : 0) + (joinsAfter ? after.bytes : 0),
    };
    this.#free.splice(joinsBefore ? low - 1 : low, Number(joinsBefore) + Number(joinsAfter), block);
  }

  /** Where what has no end begins: behind the last block, or with it if it is free. */
  #tail(): number {
    const last = this.#free.at(-1);
    return last !== undefined && last.address + last.bytes === this.#end ? last.address : this.#end;
  }

  /** A block at the end of the memory, which grows if it must. A free block there is part of it. */
  #extend(wanted: number): number {
    const start = this.#tail();
    const end = start + wanted;
    if (!this.#growTo(end)) throw this.noRoom(wanted);
    if (start !== this.#end) this.#free.pop();
    this.#end = end;
    return start;
  }

  /** Whether the memory reaches to `end`, or now does. */
  #growTo(end: number): boolean {
    if (end <= this.size) return true;
    // a quarter more than there is, so that growing is rare; just what is asked for where that is too much
    const generous = Math.min(this.maximum, Math.ceil((this.size * 1.25) / PAGE) * PAGE);
    for (const target of [Math.max(generous, end), end]) {
      if (target <= this.maximum && this.#grow(target)) return true;
    }
    return false;
  }

  #grow(target: number): boolean {
    try {
      this.memory.grow(Math.ceil((target - this.size) / PAGE));
      return true;
    } catch {
      return false; // the system has no more
    }
  }
}
