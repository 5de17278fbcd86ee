// Counted references to a backend's buffer. A tensor holds one, each tape entry that needs the numbers again holds one;
// the buffer is freed with the last. This is also where live memory is counted.

import type { Backend, Handle } from '../backends/backend';

let tensors = 0;
let bytes = 0;

/** Live buffers and the bytes in them, over all backends. */
export function memory(): { tensors: number; bytes: number } {
  return { tensors, bytes };
}

export class Storage {
  #references = 1;
  /** Rises with every change in place, so that backward can refuse numbers that are no longer those of forward. */
  version = 0;

  constructor(
    readonly backend: Backend,
    readonly handle: Handle,
  ) {
    tensors++;
    bytes += handle.bytes;
  }

  /** Whether more than one holder reads this buffer. */
  get shared(): boolean {
    return this.#references > 1;
  }

  retain(): this {
    this.#references++;
    return this;
  }

  release(): void {
    if (--this.#references > 0) return;
    tensors--;
    bytes -= this.handle.bytes;
    this.backend.free(this.handle);
  }
}
