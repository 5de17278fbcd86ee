// The sum of listed rows of a panel: what an event-driven product consists of. Nobody else's loops.

import { add, ld, st, zero } from "../simd";

/**
 * to[columns] = sum of the rows in the list, 16-bit numbers up to `end`, or += where accumulate is not 0. A row has
 * `columns` <= 32 floats, rows are `pitch` bytes apart. Reads whole groups of 8 floats, writes none but the columns.
 * @param spare 128 bytes of scratch
 */
export function sumListed(
  list: usize, end: usize, rows: usize, pitch: usize, columns: i32, accumulate: i32, to: usize, spare: usize,
): void {
  if (columns & 7) {
    sumWhole(list, end, rows, pitch, (columns + 7) & ~7, 0, spare);
    for (const stop: usize = to + (<usize>columns << 2); to < stop; to += 4, spare += 4) {
      store<f32>(to, accumulate ? load<f32>(to) + load<f32>(spare) : load<f32>(spare));
    }
  } else sumWhole(list, end, rows, pitch, columns, accumulate, to);
}

function sumWhole(
  list: usize, end: usize, rows: usize, pitch: usize, columns: i32, accumulate: i32, to: usize,
): void {
  if (columns == 32) sum32(list, end, rows, pitch, accumulate, to);
  else if (columns == 24) sum24(list, end, rows, pitch, accumulate, to);
  else if (columns == 16) sum16(list, end, rows, pitch, accumulate, to);
  else sum8(list, end, rows, pitch, accumulate, to);
}

export function sum32(list: usize, end: usize, rows: usize, pitch: usize, accumulate: i32, to: usize): void {
  sum(8, list, end, rows, pitch, accumulate, to);
}

export function sum24(list: usize, end: usize, rows: usize, pitch: usize, accumulate: i32, to: usize): void {
  sum(6, list, end, rows, pitch, accumulate, to);
}

export function sum16(list: usize, end: usize, rows: usize, pitch: usize, accumulate: i32, to: usize): void {
  sum(4, list, end, rows, pitch, accumulate, to);
}

export function sum8(list: usize, end: usize, rows: usize, pitch: usize, accumulate: i32, to: usize): void {
  sum(2, list, end, rows, pitch, accumulate, to);
}

/**
 * `vectors`, a constant, is 2, 4, 6 or 8. The `break` never happens: behind it V8 keeps the next loads, which
 * would otherwise not fit its registers.
 */
// @ts-ignore: decorator
@inline function sum(
  vectors: i32, list: usize, end: usize, rows: usize, pitch: usize, accumulate: i32, to: usize,
): void {
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero(), a4 = zero(), a5 = zero(), a6 = zero(), a7 = zero();
  for (; list < end; list += 2) {
    const p: usize = rows + <usize>load<u16>(list) * pitch;
    a0 = add(a0, ld(p)); a1 = add(a1, ld(p, 16));
    if (vectors > 2) { a2 = add(a2, ld(p, 32)); a3 = add(a3, ld(p, 48)); }
    if (vectors > 6 && !p) break;
    if (vectors > 4) { a4 = add(a4, ld(p, 64)); a5 = add(a5, ld(p, 80)); }
    if (vectors > 6) { a6 = add(a6, ld(p, 96)); a7 = add(a7, ld(p, 112)); }
  }
  if (accumulate) {
    a0 = add(ld(to), a0); a1 = add(ld(to, 16), a1);
    if (vectors > 2) { a2 = add(ld(to, 32), a2); a3 = add(ld(to, 48), a3); }
    if (vectors > 4) { a4 = add(ld(to, 64), a4); a5 = add(ld(to, 80), a5); }
    if (vectors > 6) { a6 = add(ld(to, 96), a6); a7 = add(ld(to, 112), a7); }
  }
  st(to, a0); st(to, a1, 16);
  if (vectors > 2) { st(to, a2, 32); st(to, a3, 48); }
  if (vectors > 4) { st(to, a4, 64); st(to, a5, 80); }
  if (vectors > 6) { st(to, a6, 96); st(to, a7, 112); }
}
