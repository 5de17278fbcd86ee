// Dense matrix products of any size. Not a chooser of layouts: the right factor comes packed (dense/pack.ts).
//
// One tile is 4 rows x 8 columns of c: 8 accumulators, 2 vectors of b and 4 broadcast values of a are 14 registers,
// what V8 can hold. b lies in panels of 8 columns, [N/8][K][8], the last one filled up with zeros, so that the inner
// loop reads it as one stream; rows of a stay where they are.
//
// Blocking: a slice of a panel (256 x 8, 8 kB) stays in the first cache while up to 128 rows of a pass by; those rows'
// slice (128 kB) stays in the second cache while all panels pass by.

import { add, fma, ld, splat, st, zero } from "../simd";

/** Depth of a slice and rows of a block. */
const DEPTH: i32 = 256;
const ROWS: i32 = 128;
/** Rows that gemmTransposedA sums before it adds to memory. */
const RUN: i32 = 128;

/**
 * c[M][N] = a[M][K] b[K][N], or += where accumulate is not 0. Rows of a are `as` bytes apart, rows of c `cs` bytes;
 * panels as packPanels makes them. M, N, K >= 0; nothing but the N columns is written.
 */
export function gemm(
  a: usize, as: usize, panels: usize, M: i32, N: i32, K: i32, c: usize, cs: usize, accumulate: i32,
): void {
  const slices = max((K + DEPTH - 1) / DEPTH, 1);
  const depth = (K + slices - 1) / slices;
  for (let k = 0, s = 0; s < slices; s++, k += depth) {
    const d = min(depth, K - k);
    for (let m = 0; m < M; m += ROWS) {
      const rows = min(ROWS, M - m);
      const aBlock: usize = a + <usize>m * as + (<usize>k << 2);
      let cBlock: usize = c + <usize>m * cs;
      let slice: usize = panels + (<usize>k << 5);
      for (let n = 0; n < N; n += 8) {
        multiplyPanel(aBlock, as, slice, rows, d, cBlock, cs, min(8, N - n), accumulate | k);
        slice += <usize>K << 5;
        cBlock += 32;
      }
    }
  }
}

/** c[M][columns] (+)= a[M][K] b[K][8], columns <= 8: one panel, four rows at a time. */
export function multiplyPanel(
  a: usize, as: usize, b: usize, M: i32, K: i32, c: usize, cs: usize, columns: i32, accumulate: i32,
): void {
  if (columns == 8 && !accumulate) {
    for (; M >= 4; M -= 4) {
      tile(a, as, b, K, c, cs);
      a += 4 * as; c += 4 * cs;
    }
  }
  for (; M > 0; M -= 4) {
    // rows behind the last one repeat it: they compute and store the same values once more
    const last: usize = <usize>min(3, M - 1), r1: usize = min<usize>(1, last), r2: usize = min<usize>(2, last);
    const a1: usize = r1 * as, a2: usize = r2 * as, a3: usize = last * as;
    const o1: usize = c + r1 * cs, o2: usize = c + r2 * cs, o3: usize = c + last * cs;
    let c00 = zero(), c01 = zero(), c10 = zero(), c11 = zero();
    let c20 = zero(), c21 = zero(), c30 = zero(), c31 = zero();
    if (accumulate) {
      c00 = ld(c); c01 = ld(c, 16); c10 = ld(o1); c11 = ld(o1, 16);
      c20 = ld(o2); c21 = ld(o2, 16); c30 = ld(o3); c31 = ld(o3, 16);
    }
    let p = a, q = b;
    const end: usize = a + (<usize>K << 2);
    while (p < end) {
      const b0 = ld(q), b1 = ld(q, 16);
      const s0 = splat(p), s1 = splat(p + a1), s2 = splat(p + a2), s3 = splat(p + a3);
      c00 = fma(s0, b0, c00); c01 = fma(s0, b1, c01); c10 = fma(s1, b0, c10); c11 = fma(s1, b1, c11);
      c20 = fma(s2, b0, c20); c21 = fma(s2, b1, c21); c30 = fma(s3, b0, c30); c31 = fma(s3, b1, c31);
      p += 4; q += 32;
    }
    if (columns == 8) {
      st(c, c00); st(c, c01, 16); st(o1, c10); st(o1, c11, 16);
      st(o2, c20); st(o2, c21, 16); st(o3, c30); st(o3, c31, 16);
    } else {
      storeColumns(c, c00, c01, columns); storeColumns(o1, c10, c11, columns);
      storeColumns(o2, c20, c21, columns); storeColumns(o3, c30, c31, columns);
    }
    a += 4 * as; c += 4 * cs;
  }
}

/** c[4][8] = a[4][K] b[K][8]: the tile alone, for loops that have nothing but whole ones. */
// @ts-ignore: decorator
@inline export function tile(a: usize, as: usize, b: usize, K: i32, c: usize, cs: usize): void {
  const a2: usize = 2 * as, a3: usize = 3 * as, end: usize = a + (<usize>K << 2);
  let c00 = zero(), c01 = zero(), c10 = zero(), c11 = zero();
  let c20 = zero(), c21 = zero(), c30 = zero(), c31 = zero();
  let p = a, q = b;
  while (p < end) {
    const b0 = ld(q), b1 = ld(q, 16);
    const s0 = splat(p), s1 = splat(p + as), s2 = splat(p + a2), s3 = splat(p + a3);
    c00 = fma(s0, b0, c00); c01 = fma(s0, b1, c01); c10 = fma(s1, b0, c10); c11 = fma(s1, b1, c11);
    c20 = fma(s2, b0, c20); c21 = fma(s2, b1, c21); c30 = fma(s3, b0, c30); c31 = fma(s3, b1, c31);
    p += 4; q += 32;
  }
  let o = c;
  st(o, c00); st(o, c01, 16); o += cs; st(o, c10); st(o, c11, 16); o += cs;
  st(o, c20); st(o, c21, 16); o += cs; st(o, c30); st(o, c31, 16);
}

/** The first `columns` < 8 of the eight numbers lo, hi. */
function storeColumns(p: usize, lo: v128, hi: v128, columns: i32): void {
  if (columns & 4) { st(p, lo); p += 16; lo = hi; }
  if (columns & 2) { v128.store64_lane(p, lo, 0); p += 8; lo = v128.shuffle<i64>(lo, lo, 1, 1); }
  if (columns & 1) v128.store32_lane(p, lo, 0);
}

/** Bytes of scratch for gemmTransposedA. */
export function transposedScratchBytes(N: i32): f64 {
  return <f64>(4 * RUN) * <f64>(((N + 7) & ~7) + 4);
}

/**
 * w[K][N] += sum over M rows of a[m][k] d[m][n], the product aᵀd as outer products of rows, for long M and any K, N.
 * Rows of a are `as` bytes apart, rows of d `ds`. Sums in f32 over 128 rows, then adds to w. Reads up to 12 bytes
 * behind a row of a, 28 behind one of d.
 */
export function gemmTransposedA(
  a: usize, as: usize, d: usize, ds: usize, M: i32, K: i32, N: i32, w: usize, scratch: usize,
): void {
  // a walk down far apart rows misses the cache at each step: first they are laid side by side
  const panels: usize = scratch + 16 * RUN, panel: usize = 32 * RUN;
  for (let m = 0; m < M; m += RUN) {
    const run = min(RUN, M - m);
    for (let n = 0; n < N; n += 8) copyRows(d + (<usize>n << 2), ds, run, 32, panels + <usize>(n >> 3) * panel);
    for (let k = 0; k < K; k += 4) {
      copyRows(a + (<usize>k << 2), as, run, 16, scratch);
      outerProducts(scratch, panels, run, min(4, K - k), N, w + (<usize>(k * N) << 2));
    }
    a += <usize>RUN * as; d += <usize>RUN * ds;
  }
}

/** `count` pieces of 16 or 32 bytes, `pitch` apart, laid side by side. */
function copyRows(from: usize, pitch: usize, count: i32, bytes: usize, to: usize): void {
  for (let i = 0; i < count; i++) {
    st(to, ld(from));
    if (bytes == 32) st(to, ld(from, 16), 16);
    from += pitch; to += bytes;
  }
}

/** w[rows][N] += sum over M of a[m][0..rows) d[m][0..N), a[M][4], rows <= 4, d in panels of [RUN][8]. */
export function outerProducts(a: usize, d: usize, M: i32, rows: i32, N: i32, w: usize): void {
  const ws: usize = <usize>N << 2, end: usize = a + (<usize>M << 4);
  for (let n = 0; n < N; n += 8) {
    let c00 = zero(), c01 = zero(), c10 = zero(), c11 = zero();
    let c20 = zero(), c21 = zero(), c30 = zero(), c31 = zero();
    let p = a, q = d;
    while (p < end) {
      const b0 = ld(q), b1 = ld(q, 16);
      const s0 = splat(p), s1 = splat(p, 4), s2 = splat(p, 8), s3 = splat(p, 12);
      c00 = fma(s0, b0, c00); c01 = fma(s0, b1, c01); c10 = fma(s1, b0, c10); c11 = fma(s1, b1, c11);
      c20 = fma(s2, b0, c20); c21 = fma(s2, b1, c21); c30 = fma(s3, b0, c30); c31 = fma(s3, b1, c31);
      p += 16; q += 32;
    }
    const columns = min(8, N - n);
    let o = w;
    addColumns(o, c00, c01, columns); o += ws;
    if (rows > 1) { addColumns(o, c10, c11, columns); o += ws; }
    if (rows > 2) { addColumns(o, c20, c21, columns); o += ws; }
    if (rows > 3) addColumns(o, c30, c31, columns);
    d += 32 * RUN; w += 32;
  }
}

// @ts-ignore: decorator
@inline function addColumns(p: usize, lo: v128, hi: v128, columns: i32): void {
  lo = add(ld(p), lo); hi = add(ld(p, 16), hi);
  if (columns == 8) { st(p, lo); st(p, hi, 16); } else storeColumns(p, lo, hi, columns);
}
