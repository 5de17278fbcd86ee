// A thread's share of a matrix product: a few rows of the result. The right factor lies in panels (dense/pack.ts).

import { gemm } from "./gemm";
import { packRows } from "./pack";

/** a [M][K], its element (m, k) m·aRow + k·aColumn bytes from its first; N columns of the product; rows of a thread. */
@unmanaged
export class ProductSizes {
  aRow: usize;
  aColumn: usize;
  M: i32;
  K: i32;
  N: i32;
  from: i32;
  count: i32;
}

/**
 * c[from..from+count)[N] = a b; rows at or beyond M are left out.
 * @param scratch count·K floats, used where a's rows are not contiguous
 */
export function matmulRows(a: usize, panels: usize, c: usize, scratch: usize, s: ProductSizes): void {
  const aRow = s.aRow, aColumn = s.aColumn, K = s.K, N = s.N, from = s.from;
  const rows = min(s.count, s.M - from);
  if (rows <= 0) return;
  const own: usize = a + <usize>from * aRow, out: usize = c + (<usize>from * <usize>N << 2);
  if (aColumn == 4) {
    gemm(own, aRow, panels, rows, N, K, out, <usize>N << 2, 0);
  } else {
    packRows(own, aRow, aColumn, rows, K, scratch);
    gemm(scratch, <usize>K << 2, panels, rows, N, K, out, <usize>N << 2, 0);
  }
}
