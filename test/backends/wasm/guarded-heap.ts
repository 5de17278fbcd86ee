// A memory that notices kernels which write beside their buffers: every block stands between two guards. Not a test.

import { Heap, SLACK, wholeLines } from '../../../src/backends/wasm/heap';

const GUARD = 128;
const MARK = 0xab;

export class GuardedHeap extends Heap {
  readonly #blocks = new Map<number, number>();

  override get watched(): boolean {
    return true;
  }

  /** What kernels may write to: the block and the slack behind it. */
  #room(bytes: number): number {
    return wholeLines(bytes + SLACK);
  }

  override taken(bytes: number): number {
    return super.taken(this.#room(bytes) + 2 * GUARD);
  }

  override alloc(bytes: number): number {
    const address = super.alloc(this.#room(bytes) + 2 * GUARD) + GUARD;
    this.bytes(address - GUARD, GUARD).fill(MARK);
    this.bytes(address, bytes).fill(0xff); // NaN, for whoever reads what was never written
    this.bytes(address + this.#room(bytes), GUARD).fill(MARK);
    this.#blocks.set(address, bytes);
    return address;
  }

  override free(address: number, bytes: number): void {
    this.#check(address, bytes);
    this.#blocks.delete(address);
    super.free(address - GUARD, this.#room(bytes) + 2 * GUARD);
  }

  #check(address: number, bytes: number): void {
    for (const from of [address - GUARD, address + this.#room(bytes)]) {
      if (this.bytes(from, GUARD).some((byte) => byte !== MARK)) {
        throw new Error(`a kernel wrote ${from < address ? 'before' : 'behind'} a block of ${bytes} bytes`);
      }
    }
  }

  /** @throws when something was written between the blocks */
  checkAll(): void {
    for (const [address, bytes] of this.#blocks) this.#check(address, bytes);
  }
}
