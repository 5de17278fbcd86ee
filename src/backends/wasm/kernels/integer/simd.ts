// Short names for eight 16-bit integers, beside those of ../simd.ts for addresses; and how a kernel finds where a value
// lies. A description in memory says of each value: its address, bytes from image to image, from time step to time
// step (0: it is still), and from thread to thread.

import { ld, st, zero } from "../simd";

export { ld, st, zero };

// @ts-ignore: decorator
@inline export function add(a: v128, b: v128): v128 {
  return i16x8.add(a, b);
}

/** Word `at` of a description. */
// @ts-ignore: decorator
@inline export function word(d: usize, at: usize): i32 {
  return load<i32>(d + (at << 2));
}

/** Address of image n of the value whose four words begin at `at`. */
// @ts-ignore: decorator
@inline export function place(d: usize, at: usize, image: i32, thread: i32): usize {
  return <usize>(word(d, at) + image * word(d, at + 1) + thread * word(d, at + 3));
}

/** Bytes from time step to time step. */
// @ts-ignore: decorator
@inline export function step(d: usize, at: usize): usize {
  return <usize>word(d, at + 2);
}
