// Matrices cut for sums of listed rows: the rows into tiles, the columns into panels of at most 32. A panel of a tile
// stays in a cache near by while many lists pass by; a row of it is what eight registers hold. Not the panels of
// dense/gemm.ts, which are read from end to end.

import { ld, st } from "../simd";

/** Rows of a tile at most: 128 kB of a panel, and a list's entries fit 16 bits. */
const TILE = 512;
/** Columns of a panel at most. */
const PANEL = 32;

/** n cut into the fewest equal parts of at most `most`, multiples of `unit`. */
// @ts-ignore: decorator
@inline function partSize(n: i32, most: i32, unit: i32): i32 {
  const parts = max((n + most - 1) / most, 1);
  return max((n + parts * unit - 1) / (parts * unit) * unit, unit);
}

/** Columns of all panels but the last, which may have fewer: a multiple of 8. */
export function panelColumns(n: i32): i32 {
  return partSize(n, PANEL, 8);
}

/** Rows of a tile of a weight matrix [cin][cout]; the last tile may have fewer. */
export function channelTile(cin: i32): i32 {
  return partSize(cin, TILE, 8);
}

/** Rows of a tile of [lines][W][C]: whole lines, or part of a long one. */
export function pixelTile(lines: i32, W: i32): i32 {
  return W > TILE ? partSize(W, TILE, 1) : partSize(lines, max(TILE / max(W, 1), 1), 1) * W;
}

/** Bytes of a tile of `rows` rows and n columns in panels. */
export function tilePanelBytes(rows: i32, n: i32): f64 {
  const width = panelColumns(n);
  return 4 * <f64>rows * <f64>((n + width - 1) / width * width);
}

/**
 * Panel number item % panels of tile number item / panels, [rows of the tile][panelColumns(n)], from x[..][n]; columns
 * behind the last are 0. Tiles of `tile` rows fill each span of `span` rows, the last one of a span with what is left.
 */
export function rowPanel(x: usize, item: i32, span: i32, tile: i32, n: i32, panels: usize): void {
  const width = panelColumns(n), count = (n + width - 1) / width, perSpan = (span + tile - 1) / tile;
  const t = item / count, column = item % count * width, inSpan = t % perSpan * tile;
  const first = t / perSpan * span + inSpan, rows = min(tile, span - inSpan), columns = min(width, n - column);
  const pitch: usize = <usize>n << 2, bytes: usize = <usize>width << 2;
  let from: usize = x + <usize>first * pitch + (<usize>column << 2);
  let to: usize = panels + <usize>tilePanelBytes(first, n) + <usize>rows * (<usize>column << 2);
  for (const end: usize = to + <usize>rows * bytes; to < end; to += bytes, from += pitch) {
    if (columns == width) {
      for (let i: usize = 0; i < bytes; i += 32) {
        st(to + i, ld(from + i));
        st(to + i, ld(from + i, 16), 16);
      }
    } else {
      memory.fill(to, 0, bytes);
      memory.copy(to, from, <usize>columns << 2);
    }
  }
}
