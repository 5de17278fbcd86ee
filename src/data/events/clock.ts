// The clock of 32 bits that cameras have: it runs over after 71 minutes, and what follows is 2^32 µs later.

const CLOCK = 2 ** 32;

export class Clock {
  #late = 0;
  #last = 0;

  /**
   * The time that a stamp stands for: behind the one before, unless it lies less than half a round before it, as
   * events that are not in order do, also those that stand on the other side of a round's end.
   */
  at(stamp: number): number {
    const step = stamp - this.#last;
    this.#last = stamp;
    if (step < -CLOCK / 2) this.#late += CLOCK;
    else if (step > CLOCK / 2 && this.#late > 0) this.#late -= CLOCK;
    return stamp + this.#late;
  }
}
