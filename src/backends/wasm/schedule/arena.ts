// Memory that threads borrow for one phase. It lies in the same place in every phase, and so is still in their
// caches: phases run one after another, even if the next is prepared while one runs. It grows to what the largest
// phase has asked for.

import type { Running } from './running';

/** Gives the address of so many bytes of the arena, or undefined when it is full. */
export type Take = (bytes: number) => number | undefined;

export class Arena {
  #address = 0;
  #bytes = 0;
  #wanted = 0;

  constructor(readonly running: Running) {}

  /** All of it, for a new phase. */
  open(): Take {
    if (this.#wanted > this.#bytes) {
      const wanted = this.#wanted;
      this.drop();
      this.#address = this.running.alloc(wanted);
      this.#bytes = wanted;
      this.#wanted = wanted;
    }
    let top = 0;
    return (bytes) => {
      top += bytes;
      if (this.running.room.heap.watched) return undefined;
      this.#wanted = Math.max(this.#wanted, top);
      return top <= this.#bytes ? this.#address + top - bytes : undefined;
    };
  }

  /** Gives it back, after the phase that runs in it; a new one begins small. */
  drop(): void {
    const [address, bytes] = [this.#address, this.#bytes];
    this.#address = 0;
    this.#bytes = 0;
    this.#wanted = 0;
    if (bytes > 0) this.running.freeLater(address, bytes);
  }
}
