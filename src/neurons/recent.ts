// What was made for a key, for the latest keys: who draws constants again and again does not fill the memory.

/** Keys that are remembered. */
const MOST = 256;

export class Recent<V> {
  readonly #known = new Map<string, V>();

  /** What `make` gave for the key; made again where that is long ago. */
  of(key: string, make: () => V): V {
    const value = this.#known.get(key) ?? make();
    this.#known.delete(key);
    this.#known.set(key, value);
    if (this.#known.size > MOST) this.#known.delete(this.#known.keys().next().value!);
    return value;
  }
}
