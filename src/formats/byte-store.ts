// The bytes of a file, in memory or read from a disk when they are wanted.

/** Bytes by their place. */
export interface ByteStore {
  readonly length: number;
  /** `count` bytes from `at` on; fewer where they end. The view may be of something larger. */
  read(at: number, count: number): Uint8Array;
}

export const storeOf = (given: Uint8Array | ByteStore): ByteStore =>
  given instanceof Uint8Array
    ? { length: given.length, read: (at, count) => given.subarray(at, at + count) }
    : given;
