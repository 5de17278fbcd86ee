// Matrices brought into the order in which dense/gemm.ts reads them. Strides are in bytes, so a transposed matrix is
// one with its two strides exchanged.

import { ld, st } from "../simd";

/** Bytes of the panels of a [K][N] matrix. */
export function panelBytes(K: i32, N: i32): f64 {
  return <f64>((N + 7) >> 3) * <f64>K * 32;
}

/**
 * Panels of 8 columns, [ceil(N/8)][K][8], from b[k][n] at b + k·rowStride + n·columnStride; columns behind the last one
 * are 0.
 */
export function packPanels(b: usize, rowStride: usize, columnStride: usize, K: i32, N: i32, panels: usize): void {
  for (let n = 0; n < N; n += 8) {
    if (N - n < 8) packEdge(b, rowStride, columnStride, K, N - n, panels);
    else if (columnStride == 4) copyColumns(b, rowStride, K, panels);
    else if (rowStride == 4) {
      // b is stored transposed: eight rows in memory become the eight columns of a panel
      transpose(b, columnStride, 4, K, panels, 32);
      transpose(b + 4 * columnStride, columnStride, 4, K, panels + 16, 32);
    } else packEdge(b, rowStride, columnStride, K, 8, panels);
    b += 8 * columnStride; panels += <usize>K << 5;
  }
}

function copyColumns(b: usize, rowStride: usize, K: i32, panel: usize): void {
  for (let k = 0; k < K; k++) {
    st(panel, ld(b)); st(panel, ld(b, 16), 16);
    b += rowStride; panel += 32;
  }
}

/** One panel with `columns` <= 8 columns, one number at a time. */
function packEdge(b: usize, rowStride: usize, columnStride: usize, K: i32, columns: i32, panel: usize): void {
  for (let k = 0; k < K; k++) {
    let p = b;
    for (let n: usize = 0; n < 8; n++) {
      store<f32>(panel + (n << 2), <i32>n < columns ? load<f32>(p) : 0);
      p += columnStride;
    }
    b += rowStride; panel += 32;
  }
}

/** rows[M][K], contiguous, from a[m][k] at a + m·rowStride + k·columnStride. */
export function packRows(a: usize, rowStride: usize, columnStride: usize, M: i32, K: i32, rows: usize): void {
  const pitch: usize = <usize>K << 2;
  if (columnStride == 4) {
    for (let m = 0; m < M; m++) memory.copy(rows + <usize>m * pitch, a + <usize>m * rowStride, pitch);
  } else if (rowStride == 4) {
    for (let k = 0; k < K; k += 4) {
      transpose(a + <usize>k * columnStride, columnStride, min(4, K - k), M, rows + (<usize>k << 2), pitch);
    }
  } else {
    for (let m = 0; m < M; m++) for (let k = 0; k < K; k++) {
      store<f32>(rows + <usize>m * pitch + (<usize>k << 2), load<f32>(a + <usize>m * rowStride + <usize>k * columnStride));
    }
  }
}

/** to[j][i] = from[i][j], i < count <= 4, j < length; rows of `from` are fs bytes apart, rows of `to` ts. */
function transpose(from: usize, fs: usize, count: i32, length: i32, to: usize, ts: usize): void {
  let j = 0;
  if (count == 4) {
    for (; j + 4 <= length; j += 4) {
      const r0 = ld(from), r1 = ld(from + fs), r2 = ld(from + 2 * fs), r3 = ld(from + 3 * fs);
      const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
      const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
      st(to, v128.shuffle<i64>(low01, low23, 0, 2)); to += ts;
      st(to, v128.shuffle<i64>(low01, low23, 1, 3)); to += ts;
      st(to, v128.shuffle<i64>(high01, high23, 0, 2)); to += ts;
      st(to, v128.shuffle<i64>(high01, high23, 1, 3)); to += ts;
      from += 16;
    }
  }
  for (; j < length; j++) {
    for (let i: usize = 0; i < <usize>count; i++) store<f32>(to + (i << 2), load<f32>(from + i * fs));
    from += 4; to += ts;
  }
}
