// Filling and copying; not arithmetic.

/** bytes at p become 0. */
export function clear(p: usize, bytes: usize): void {
  memory.fill(p, 0, bytes);
}

/** n floats at p become 0. */
export function clearFloats(p: usize, n: i32): void {
  memory.fill(p, 0, <usize>n << 2);
}
