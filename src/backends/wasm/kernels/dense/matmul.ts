// A thread's share of a matrix product: a few rows of the result. The right factor lies in panels (dense/pack.ts).

import { gemm } from "./gemm";
import { packRows } from "./pack";

/**
 * c[from..from+count)[N] = a b. Element (m, k) of a is at a + m·aRow + k·aColumn bytes; rows at or beyond M are left
 * out.
 * @param scratch count·K floats, used where a's rows are not contiguous
 */
export function matmulRows(
  a: usize, aRow: usize, aColumn: usize, M: i32, K: i32, panels: usize, N: i32, c: usize, from: i32, count: i32, scratch: usize,
): void {
  const rows = min(count, M - from);
  if (rows <= 0) return;
  const own: usize = a + <usize>from * aRow, out: usize = c + (<usize>from * <usize>N << 2);
  if (aColumn == 4) {
    gemm(own, aRow, panels, rows, N, K, out, <usize>N << 2, 0);
  } else {
    packRows(own, aRow, aColumn, rows, K, scratch);
    gemm(scratch, <usize>K << 2, panels, rows, N, K, out, <usize>N << 2, 0);
  }
}
