// Sums down the columns of a matrix: gradients of biases, means over time. Sums over pixels are norm/sums.ts's.

import { add, ld, zero } from "../simd";
import { storeLanes } from "../lanes";

/** Rows that are summed in f32 before their sum is added in f64. */
const RUN: i32 = 128;

/** out[from..from+count) = the sums of these columns of x[rows][C]; columns at or beyond C are left out. */
export function columnSums(x: usize, rows: i32, C: i32, from: i32, count: i32, out: usize): void {
  let c = from;
  const end = min(C, from + count), pitch: usize = <usize>C << 2;
  for (; c + 4 <= end; c += 4) sumColumns(false, x + (<usize>c << 2), rows, pitch, out + (<usize>c << 2));
  for (; c < end; c++) sumColumns(true, x + (<usize>c << 2), rows, pitch, out + (<usize>c << 2));
}

// @ts-ignore: decorator
@inline function sumColumns(single: bool, x: usize, rows: i32, pitch: usize, out: usize): void {
  let low = f64x2.splat(0), high = f64x2.splat(0);
  for (let r = 0; r < rows; r += RUN) {
    let even = zero(), odd = zero();
    let run = min(RUN, rows - r);
    for (; run >= 2; run -= 2, x += 2 * pitch) {
      even = add(even, ld(x));
      odd = add(odd, ld(x + pitch));
    }
    if (run) { even = add(even, ld(x)); x += pitch; }
    const sum = add(even, odd);
    low = f64x2.add(low, f64x2.promote_low_f32x4(sum));
    high = f64x2.add(high, f64x2.promote_low_f32x4(i32x4.shuffle(sum, sum, 2, 3, 2, 3)));
  }
  storeLanes(single, out, i32x4.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5));
}
