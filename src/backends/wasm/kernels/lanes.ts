// Four floats, or only one of them where a buffer's length is not a multiple of four: what lies behind belongs to
// someone else. `single` is a constant wherever speed counts. Nothing is exported to TypeScript.

import { ld, st } from "./simd";

// @ts-ignore: decorator
@inline export function loadLanes(single: bool, p: usize): v128 {
  return single ? v128.load32_zero(p) : ld(p);
}

// @ts-ignore: decorator
@inline export function storeLanes(single: bool, p: usize, v: v128): void {
  if (single) v128.store32_lane(p, v, 0);
  else st(p, v);
}
