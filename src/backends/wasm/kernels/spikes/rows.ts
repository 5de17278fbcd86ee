// One row of outputs, 8 output channels, from lists of weight rows: the inner loops of spikes/events.ts.
//
// An entry of a list counts units of 32 bytes into the weights, where [kx][8] floats lie: what some spikes of column
// x add to the outputs x - 1, x, x + 1 (kx = 2, 1, 0). Six accumulators move along with x. The functions whose names
// end in More add to outputs, which hold what other channels gave; a test for it in the loops would cost 3 %.

import { add, ld, st, zero } from "../simd";

/**
 * Stride 1. The entries of column x end at ends[x], where those of x + 1 begin; those of column 0 begin at list. a,
 * b, c: the outputs left of, at and right of column x. Output -1 is summed too, and not stored.
 */
export function eventRow(list: usize, ends: usize, W: i32, w: usize, out: usize, pixel: usize): void {
  addRow(list, ends, W, w, out, pixel, false);
}

export function eventRowMore(list: usize, ends: usize, W: i32, w: usize, out: usize, pixel: usize): void {
  addRow(list, ends, W, w, out, pixel, true);
}

// @ts-ignore: decorator
@inline function addRow(list: usize, ends: usize, W: i32, w: usize, out: usize, pixel: usize, more: bool): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero();
  const first = ends;
  const last: usize = ends + (W << 2);
  out -= pixel;
  for (; ends < last; ends += 4) {
    let c0 = zero(), c1 = zero();
    const end = <usize>load<u32>(ends);
    while (list < end) {
      const p: usize = w + (<usize>load<u16>(list) << 5);
      c0 = add(c0, ld(p));
      c1 = add(c1, ld(p, 16));
      b0 = add(b0, ld(p, 32));
      b1 = add(b1, ld(p, 48));
      a0 = add(a0, ld(p, 64));
      a1 = add(a1, ld(p, 80));
      list += 2;
    }
    if (ends != first) put(out, a0, a1, more);
    out += pixel;
    a0 = b0;
    a1 = b1;
    b0 = c0;
    b1 = c1;
  }
  put(out, a0, a1, more);
}

/** Stride 2: output x takes column 2x through kx = 1; 2x + 1 through kx = 2, and kx = 0 of x + 1. */
export function eventRow2(list: usize, ends: usize, W: i32, w: usize, out: usize, pixel: usize): void {
  addRow2(list, ends, W, w, out, pixel, false);
}

export function eventRow2More(list: usize, ends: usize, W: i32, w: usize, out: usize, pixel: usize): void {
  addRow2(list, ends, W, w, out, pixel, true);
}

// @ts-ignore: decorator
@inline function addRow2(list: usize, ends: usize, W: i32, w: usize, out: usize, pixel: usize, more: bool): void {
  let a0 = zero(), a1 = zero();
  for (let x = 0; x < W; x += 2, ends += 8, out += pixel) {
    const even = <usize>load<u32>(ends);
    for (; list < even; list += 2) {
      const p: usize = w + (<usize>load<u16>(list) << 5);
      a0 = add(a0, ld(p, 32));
      a1 = add(a1, ld(p, 48));
    }
    let b0 = zero(), b1 = zero();
    if (x + 1 < W) {
      const odd = <usize>load<u32>(ends, 4);
      for (; list < odd; list += 2) {
        const p: usize = w + (<usize>load<u16>(list) << 5);
        b0 = add(b0, ld(p));
        b1 = add(b1, ld(p, 16));
        a0 = add(a0, ld(p, 64));
        a1 = add(a1, ld(p, 80));
      }
    }
    put(out, a0, a1, more);
    a0 = b0;
    a1 = b1;
  }
}

// @ts-ignore: decorator
@inline function put(out: usize, lo: v128, hi: v128, more: bool): void {
  if (more) {
    lo = add(ld(out), lo);
    hi = add(ld(out, 16), hi);
  }
  st(out, lo);
  st(out, hi, 16);
}
