// Writes pickles of protocol 2, with the few instructions that a dictionary of tensors needs. Reference: pickletools
// of Python's standard library.

/** Instructions one after another, as bytes. */
export class PickleWriter {
  readonly #bytes: number[] = [0x80, 2];

  #op(letter: string, ...bytes: readonly number[]): this {
    this.#bytes.push(letter.charCodeAt(0), ...bytes);
    return this;
  }

  /** A function or class by its name. */
  global(module: string, name: string): this {
    this.#op('c');
    for (const letter of new TextEncoder().encode(`${module}\n${name}\n`)) this.#bytes.push(letter);
    return this;
  }

  text(value: string): this {
    const letters = new TextEncoder().encode(value);
    this.#op('X', ...little(letters.length, 4));
    for (const letter of letters) this.#bytes.push(letter);
    return this;
  }

  /** A whole number from 0 to 2^53. */
  count(value: number): this {
    if (value < 2 ** 31) return this.#op('J', ...little(value, 4));
    return this.#op('\x8a', 8, ...little(value, 8));
  }

  /** A tuple of what `write` writes. */
  tuple(write: () => void): this {
    this.#op('(');
    write();
    return this.#op('t');
  }

  /** A dictionary of the keys and values that `write` writes in turn. */
  dictionary(write: () => void): this {
    this.#op('}').#op('(');
    write();
    return this.#op('u');
  }

  no(): this {
    return this.#op('\x89');
  }

  /** Calls the function before the last tuple with it. */
  call(): this {
    return this.#op('R');
  }

  /** What the last tuple identifies outside of the pickle. */
  persistent(): this {
    return this.#op('Q');
  }

  finish(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from([...this.#bytes, '.'.charCodeAt(0)]);
  }
}

function little(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
}
