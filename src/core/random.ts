// Seeded random numbers: xoshiro128** (Blackman & Vigna, 2018) on 32-bit integers, so that the same seed gives the same
// stream on every machine. Not for cryptography.

import { check, SpikegradError } from '../errors';
import { log } from '../mathematics';
import { checkKind, shown, whole } from '../options';

/** The four 32-bit words of a generator: everything needed to go on exactly where it stood. */
export type RandomState = readonly [number, number, number, number];

/**
 * A stream of random numbers. `new Random(seed, ...stream)` derives independent streams from one seed: a run uses
 * `new Random(seed, epoch)` for the order of an epoch, so that resuming needs no history.
 */
export class Random {
  #s0 = 0;
  #s1 = 0;
  #s2 = 0;
  #s3 = 0;

  /**
   * @param seed any integer
   * @param stream further integers that select an independent stream of the same seed
   */
  constructor(seed = 0, ...stream: number[]) {
    let mix = 0x9e3779b9;
    for (const part of [seed, ...stream]) {
      check(
        Number.isSafeInteger(part),
        'Random',
        () => `seed and stream must be integers, got ${shown(part)}`,
      );
      mix = splitmix32(mix ^ (part | 0));
      mix = splitmix32(mix ^ Math.floor(part / 2 ** 32));
    }
    this.#s0 = splitmix32(mix + 1);
    this.#s1 = splitmix32(mix + 2);
    this.#s2 = splitmix32(mix + 3);
    this.#s3 = splitmix32(mix + 4) | 1; // never all zero
  }

  /** The next 32 random bits as an unsigned integer. */
  uint32(): number {
    const product = Math.imul(this.#s1, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = this.#s1 << 9;
    this.#s2 ^= this.#s0;
    this.#s3 ^= this.#s1;
    this.#s1 ^= this.#s2;
    this.#s0 ^= this.#s3;
    this.#s2 ^= shifted;
    this.#s3 = (this.#s3 << 11) | (this.#s3 >>> 21);
    return result >>> 0;
  }

  /** Uniform in [low, high), 53 bits. */
  uniform(low = 0, high = 1): number {
    if (!Number.isFinite(low) || !Number.isFinite(high)) refuse('uniform', { low, high });
    return low + (high - low) * this.#unit();
  }

  #unit(): number {
    return ((this.uint32() >>> 5) * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  /** A uniform integer in [0, bound). Rejection keeps it exactly uniform. */
  integer(bound: number): number {
    check(
      Number.isInteger(bound) && bound > 0 && bound <= 2 ** 32,
      'Random.integer',
      () => `bound must be a whole number from 1 to 2^32, got ${shown(bound)}`,
    );
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let draw = this.uint32();
    while (draw >= limit) draw = this.uint32();
    return draw % bound;
  }

  /** Normal with the given mean and standard deviation (Marsaglia's polar method, one value a call). */
  normal(mean = 0, deviation = 1): number {
    if (!Number.isFinite(mean) || !Number.isFinite(deviation)) refuse('normal', { mean, deviation });
    for (;;) {
      const u = 2 * this.#unit() - 1;
      const v = 2 * this.#unit() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return mean + deviation * u * Math.sqrt((-2 * log(s)) / s);
    }
  }

  /** The integers 0..n-1 in random order (Fisher–Yates). */
  permutation(n: number): Uint32Array {
    checkKind('Random.permutation', 'n', whole({ least: 0, most: 2 ** 32 - 1 }), n);
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = order[i]!;
      order[i] = order[j]!;
      order[j] = held;
    }
    return order;
  }

  /** Where the stream stands now; give it to {@link Random.setState} to go on from here. */
  state(): RandomState {
    return [this.#s0 >>> 0, this.#s1 >>> 0, this.#s2 >>> 0, this.#s3 >>> 0];
  }

  /** Goes on from a state that {@link Random.state} gave. */
  setState(state: RandomState): void {
    check(
      Array.isArray(state) &&
        state.length === 4 &&
        state.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32) &&
        state.some(Boolean),
      'Random.setState',
      () => `expects four 32-bit words, not all zero, got ${shown(state)}`,
    );
    [this.#s0, this.#s1, this.#s2, this.#s3] = state.map((word) => word | 0) as unknown as RandomState;
  }
}

/** Out of line, since draws are many. */
function refuse(method: string, numbers: Record<string, unknown>): never {
  const [name, value] = Object.entries(numbers).find(([, number]) => !Number.isFinite(number))!;
  throw new SpikegradError(`Random.${method}`, `${name} must be a finite number, got ${shown(value)}`);
}

/** One round of a 32-bit finaliser (Murmur3's constants): spreads every input bit over the word. */
function splitmix32(value: number): number {
  let z = (value + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) | 0;
}
