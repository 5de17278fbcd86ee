// Filling and copying; not arithmetic.

/** bytes at p become 0. */
export function clear(p: usize, bytes: usize): void {
  memory.fill(p, 0, bytes);
}
