// What the implicit convolutions share: sizes of tiles, and how a number of the columns that never exist is looked up
// in the image. Not a kernel itself.
//
// A workgroup computes ROWS x COLUMNS results, DEPTH of the inner axis at a time; each of its threads 8 x 4 of them, in
// eight vec4 registers:
//
//   columns   rows   depth   threads   shared memory
//      64      128     16      256         12 KB
//      32      256      8      256          9 KB
//      16      256      8      128        8.5 KB
//
// A step of the inner axis reads three vec4 of shared memory for 32 multiplications and additions of a thread: 48
// bytes for 64 FLOP, and most of those bytes are broadcasts within a subgroup. From beyond the workgroup come 4·(rows
// + columns) bytes for 2·rows·columns FLOP: 0.047, 0.07 and 0.13 bytes per FLOP for 64, 32 and 16 columns. A GPU of
// 60 TFLOP/s would take 2.8 TB/s at 64 columns, which is what its caches give; memory itself sees every pixel about
// once, since the kh·kw taps over it lie close together in time. So 64 columns are bound by arithmetic, 16 by the
// caches. Whole divisions are what looking up costs: a thread keeps its pixels (forward) or its taps (weight
// gradient) for good, and a look-up gives four channels where their number allows it.

import type { ScalarType } from '../driver/kernel';

/** Results of a workgroup, how it walks the inner axis, and its threads. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly threads: number;
}

const TILES: readonly Tile[] = [
  { columns: 16, rows: 256, depth: 8, threads: 128 },
  { columns: 32, rows: 256, depth: 8, threads: 256 },
  { columns: 64, rows: 128, depth: 16, threads: 256 },
];

/** The narrowest tile that takes all columns, or the widest. */
export function tileFor(columns: number): Tile {
  return TILES.find((tile) => columns <= tile.columns) ?? TILES.at(-1)!;
}

/** Rows of results that a thread has. */
export const THREAD_ROWS = 8;

/** 0 … count - 1 */
export const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Scalars of {@link lookUp}. */
export const lookUpScalars = {
  /** kh·kw·C: length of a row of columns. */
  row: 'u32',
  tapsAcross: 'u32',
  sourceHeight: 'u32',
  sourceWidth: 'u32',
  sourceChannels: 'u32',
  gridHeight: 'u32',
  gridWidth: 'u32',
} as const satisfies Record<string, ScalarType>;

/**
 * WGSL functions `gridOf(m)`, window m of all as (gx, gy, image); `unitOf(k)`, the tap and channel (kx, ky, c) of
 * number k of a row; and `look(place, unit)`, the number at that tap of the window that begins at place (x, y,
 * image): zeros outside. With `wide`, channels come in fours. Conditions are joined by `&`: `&&` is a branch, and
 * some compilers take minutes over a row of them.
 */
export function lookUp(wide: boolean): string {
  const type = wide ? 'vec4<f32>' : 'f32';
  return `const OUTSIDE = -1073741824i; // twice this is still an i32
fn gridOf(m : u32) -> vec3<u32> {
  let line = m / params.gridWidth;
  let image = line / params.gridHeight;
  return vec3<u32>(m - line * params.gridWidth, line - image * params.gridHeight, image);
}
fn unitOf(k : u32) -> vec3<i32> {
  let tap = k / params.sourceChannels;
  let down = tap / params.tapsAcross;
  let y = select(OUTSIDE, i32(down), k < params.row);
  return vec3<i32>(i32(tap - down * params.tapsAcross), y, i32(k - tap * params.sourceChannels));
}
fn look(place : vec3<i32>, unit : vec3<i32>) -> ${type} {
  let x = place.x + unit.x;
  let y = place.y + unit.y;
  let inside = (u32(x) < params.sourceWidth) & (u32(y) < params.sourceHeight); // of -1, u32 makes the largest number
  let pixel = (u32(place.z) * params.sourceHeight + u32(y)) * params.sourceWidth + u32(x);
  let at = pixel * params.sourceChannels + u32(unit.z);
  return select(${type}(), source[select(0u, at${wide ? ' / 4u' : ''}, inside)], inside);
}`;
}

/** Looking up four numbers of a row from k on: a line of units once, then an expression for each place. */
export function unitsFrom(wide: boolean, k: string): string {
  return wide
    ? `let unit0 = unitOf(${k});`
    : range(4)
        .map((i) => `let unit${i} = unitOf(${k} + ${i}u);`)
        .join(' ');
}

export function lookFour(wide: boolean, place: string): string {
  if (wide) return `look(${place}, unit0)`;
  return `vec4<f32>(${range(4)
    .map((i) => `look(${place}, unit${i})`)
    .join(', ')})`;
}

/** A WGSL function `four(row, column, rows)`: four columns of matrix `name`, zeros beyond its edges. */
export function matrixFour(wide: boolean, name: string): string {
  const body = wide
    ? `let inside = (row < rows) & (column < params.columns);
  return select(vec4<f32>(), ${name}[select(0u, (row * params.columns + column) / 4u, inside)], inside);`
    : `return vec4<f32>(${range(4)
        .map((i) => `one(row, column + ${i}u, rows)`)
        .join(', ')});`;
  const one = wide
    ? ''
    : `fn one(row : u32, column : u32, rows : u32) -> f32 {
  let inside = (row < rows) & (column < params.columns);
  return select(0.0, ${name}[select(0u, row * params.columns + column, inside)], inside);
}
`;
  return `${one}fn four(row : u32, column : u32, rows : u32) -> vec4<f32> {
  ${body}
}`;
}

/** A WGSL function `put(row, column, sums)`: four columns of matrix `name`, but for those beyond its edge. */
export function putFour(wide: boolean, name: string): string {
  const body = wide
    ? `if (column < params.columns) { ${name}[(row * params.columns + column) / 4u] = sums; }`
    : `for (var i = 0u; i < 4u; i++) {
    if (column + i < params.columns) { ${name}[row * params.columns + column + i] = sums[i]; }
  }`;
  return `fn put(row : u32, column : u32, sums : vec4<f32>) {
  ${body}
}`;
}

/** Four channels at a time, where no four of them straddle a pixel. */
export const isWide = (channels: number, columns: number) => channels % 4 === 0 && columns % 4 === 0;

/** Element type of arrays that are read and written in fours. */
export const elementOf = (wide: boolean) => (wide ? 'vec4<f32>' : 'f32');
