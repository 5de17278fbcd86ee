// Counted references to a backend's buffer. A tensor holds one, each tape entry that needs the numbers again holds one;
// the buffer is freed with the last.

import type { Backend, Handle } from '../backends/backend';
import { bytesHeldBy, live } from '../backends/live';

/**
 * What is held now, over all backends: `tensors` counts buffers that a tensor, a gradient or the tape holds (two
 * tensors over one buffer once), `bytes` what is in them and in what they are still to be computed from.
 */
export function memory(): { tensors: number; bytes: number } {
  return { tensors: live.size, bytes: bytesHeldBy(live) };
}

export class Storage {
  #references = 1;
  /** Rises with every change in place, so that backward can refuse numbers that are no longer those of forward. */
  version = 0;

  constructor(
    readonly backend: Backend,
    readonly handle: Handle,
  ) {
    live.add(handle);
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
    live.delete(this.handle);
    this.backend.free(this.handle);
  }
}
