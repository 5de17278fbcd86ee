// The transforms of F(4,2), points 0, 1, -1, 2, ∞, for winograd/strided/, eight channels at a time: tiles of dy into
// the three transformed phases, and their products back into every second pixel of dx. `pixel` is the bytes of a
// pixel. Loops test at their end: only then does V8 take what is constant out.

import { add, fma, fnma, ld, st, sub } from "../../simd";

/**
 * Bᵀ (d0 .. d4), `step` bytes apart:
 *   (d3 - d1) - 2 (d2 - d0),  (d3 - 2 d2) ± (d2 - 2 d1),  d3 - d1,  (d4 - d2) - 2 (d3 - d1)
 */
// @ts-ignore: decorator
@inline function inputValues(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, to: usize, step: usize): void {
  const two = f32x4.splat(2), odd = sub(d3, d1);
  st(to, fnma(two, sub(d2, d0), odd));
  const e = fnma(two, d2, d3), f = fnma(two, d1, d2);
  st(to + step, add(e, f)); st(to + 2 * step, sub(e, f));
  st(to + 3 * step, odd);
  st(to + 4 * step, fnma(two, odd, sub(d4, d2)));
}

/** Of five vectors `pitch` apart. */
// @ts-ignore: decorator
@inline function inputLine(d: usize, pitch: usize, to: usize, step: usize): void {
  inputValues(ld(d), ld(d + pitch), ld(d + 2 * pitch), ld(d + 3 * pitch), ld(d + 4 * pitch), to, step);
}

/**
 * `tiles` neighbouring tiles of dy: rows across into v01[5][tile][4 rows] and, behind that, columns down into
 * v10[5][tile][4 columns], matrices of `wide` bytes; both into v11[5 down][5 across][tile]. A tile is 4x4 pixels and
 * the row and column behind them.
 */
export function phaseInput(
  d: usize, padRow: usize, pixel: usize, tiles: i32, v01: usize, wide: usize, v11: usize, plane: usize, fifth: usize,
): void {
  let v10 = v01 + 5 * wide;
  do {
    let c: usize = 0;
    do {
      tileRows(d + c, padRow, pixel, v01 + c, wide, fifth);
      tileColumns(d + c, padRow, pixel, v10 + c, wide);
      tileBoth(v01 + c, pixel, wide, fifth, v11 + c, plane);
      c += 32;
    } while (c < pixel);
    d += 4 * pixel; v01 += 4 * pixel; v10 += 4 * pixel; v11 += pixel;
  } while (--tiles > 0);
}

/** Five rows across; the fifth, which belongs to the next tile down, into fifth[5][8]. */
// @ts-ignore: decorator
@inline function tileRows(d: usize, padRow: usize, pixel: usize, v: usize, wide: usize, fifth: usize): void {
  let i = 4;
  do {
    inputLine(d, pixel, v, wide);
    inputLine(d + 16, pixel, v + 16, wide);
    d += padRow; v += pixel;
  } while (--i > 0);
  inputLine(d, pixel, fifth, 32);
  inputLine(d + 16, pixel, fifth + 16, 32);
}

// @ts-ignore: decorator
@inline function tileColumns(d: usize, padRow: usize, pixel: usize, v: usize, wide: usize): void {
  let i = 4;
  do {
    inputLine(d, padRow, v, wide);
    inputLine(d + 16, padRow, v + 16, wide);
    d += pixel; v += pixel;
  } while (--i > 0);
}

/** The transformed rows, down. */
// @ts-ignore: decorator
@inline function tileBoth(rows: usize, pixel: usize, wide: usize, fifth: usize, v: usize, plane: usize): void {
  const row2: usize = 2 * pixel, row3: usize = 3 * pixel, step: usize = 5 * plane;
  let j = 5;
  do {
    inputValues(ld(rows), ld(rows + pixel), ld(rows + row2), ld(rows + row3), ld(fifth), v, step);
    const h = rows + 16;
    inputValues(ld(h), ld(h + pixel), ld(h + row2), ld(h + row3), ld(fifth, 16), v + 16, step);
    rows += wide; fifth += 32; v += plane;
  } while (--j > 0);
}

/**
 * Aᵀ (m0 .. m4), with s, d = m1 ± m2: m0 + s + m3,  d + 2 m3,  s + 4 m3,  d + 8 m3 + m4. Five vectors `pitch` apart.
 */
// @ts-ignore: decorator
@inline function outputLine(m: usize, pitch: usize, to: usize, step: usize): void {
  const m0 = ld(m), m1 = ld(m + pitch), m2 = ld(m + 2 * pitch), m3 = ld(m + 3 * pitch), m4 = ld(m + 4 * pitch);
  const s = add(m1, m2), d = sub(m1, m2);
  st(to, add(add(m0, s), m3));
  st(to + step, fma(f32x4.splat(2), m3, d));
  st(to + 2 * step, fma(f32x4.splat(4), m3, s));
  st(to + 3 * step, add(fma(f32x4.splat(8), m3, d), m4));
}

/** Four of them, `pitch` apart, both halves of eight channels. */
// @ts-ignore: decorator
@inline function outputLines(m: usize, plane: usize, pitch: usize, to: usize, step: usize, next: usize): void {
  let i = 4;
  do {
    outputLine(m, plane, to, step);
    outputLine(m + 16, plane, to + 16, step);
    m += pitch; to += next;
  } while (--i > 0);
}

/** Even rows, odd columns: m[5][tile][4 rows]. `rows`, `columns`: how many of them the image has from here on. */
export function acrossOutput(
  m: usize, plane: usize, pixel: usize, tiles: i32, out: usize, outRow: usize, rows: i32, columns: i32, block: usize,
): void {
  do {
    let c: usize = 0;
    do {
      if (rows >= 4 && columns >= 4) outputLines(m + c, plane, pixel, out + c, 2 * pixel, 2 * outRow);
      else {
        outputLines(m + c, plane, pixel, block, 32, 128);
        copyCorner(block, out + c, pixel, outRow, rows, columns);
      }
      c += 32;
    } while (c < pixel);
    m += 4 * pixel; out += 8 * pixel; columns -= 4;
  } while (--tiles > 0);
}

/** Odd rows, even columns: m[5][tile][4 columns]. */
export function downOutput(
  m: usize, plane: usize, pixel: usize, tiles: i32, out: usize, outRow: usize, rows: i32, columns: i32, block: usize,
): void {
  do {
    let c: usize = 0;
    do {
      if (rows >= 4 && columns >= 4) outputLines(m + c, plane, pixel, out + c, 2 * outRow, 2 * pixel);
      else {
        outputLines(m + c, plane, pixel, block, 128, 32);
        copyCorner(block, out + c, pixel, outRow, rows, columns);
      }
      c += 32;
    } while (c < pixel);
    m += 4 * pixel; out += 8 * pixel; columns -= 4;
  } while (--tiles > 0);
}

/** Odd rows, odd columns: m[5][5][tile], first down into t[5][4][8], then across. */
export function bothOutput(
  m: usize, plane: usize, pixel: usize, tiles: i32, out: usize, outRow: usize, rows: i32, columns: i32, scratch: usize,
): void {
  const t: usize = scratch + 16 * 32;
  do {
    let c: usize = 0;
    do {
      bothDown(m + c, plane, t);
      if (rows >= 4 && columns >= 4) outputLines(t, 128, 32, out + c, 2 * pixel, 2 * outRow);
      else {
        outputLines(t, 128, 32, scratch, 32, 128);
        copyCorner(scratch, out + c, pixel, outRow, rows, columns);
      }
      c += 32;
    } while (c < pixel);
    m += pixel; out += 8 * pixel; columns -= 4;
  } while (--tiles > 0);
}

// @ts-ignore: decorator
@inline function bothDown(m: usize, plane: usize, t: usize): void {
  let j = 5;
  do {
    outputLine(m, 5 * plane, t, 32);
    outputLine(m + 16, 5 * plane, t + 16, 32);
    m += plane; t += 128;
  } while (--j > 0);
}

/** The part of block[4][4][8] that lies in the image, to every second pixel. */
function copyCorner(block: usize, out: usize, pixel: usize, outRow: usize, rows: i32, columns: i32): void {
  for (let y = 0; y < min(4, rows); y++) {
    for (let x = 0; x < min(4, columns); x++) {
      const from: usize = block + (<usize>(4 * y + x) << 5);
      const to: usize = out + <usize>(2 * y) * outRow + <usize>(2 * x) * pixel;
      st(to, ld(from)); st(to, ld(from, 16), 16);
    }
  }
}
