// The table of numbers that a module reads: the constants of its expressions, so that one module serves every constant of a
// structure, behind the bits of a nibble as four floats.

/** Floats of [16][4]: bit j of i. */
const NIBBLES = 64;

export class Numbers {
  readonly #at = new Map<number, number>();

  /** Where a number lies, in bytes. */
  at(value: number): number {
    const key = Math.fround(value);
    const known = this.#at.get(key);
    if (known !== undefined) return known;
    const at = 4 * (NIBBLES + this.#at.size);
    this.#at.set(key, at);
    return at;
  }

  get table(): Float32Array<ArrayBuffer> {
    const table = new Float32Array(NIBBLES + this.#at.size);
    for (let i = 0; i < NIBBLES; i++) table[i] = ((i >> 2) >> (i & 3)) & 1;
    for (const [value, at] of this.#at) table[at / 4] = value;
    return table;
  }
}
