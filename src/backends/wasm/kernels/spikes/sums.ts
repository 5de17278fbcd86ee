// Sums over lists of positions of a gradient in blocks of 8 output channels: the inner loops of the weight gradient.
// Nothing here knows about images.
//
// Lists are a multiple of 4 entries of 16 bits, in units of 32 bytes. The `break`s never happen: behind them V8 keeps
// the next loads, which would otherwise fill all registers. Sums start at zero, so that each is a short one.

import { add, ld, st, zero } from "../simd";

/** w[24] += sum of the 24 floats at each position: three taps. */
export function sumThree(list: usize, end: usize, gradient: usize, w: usize): void {
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero(), a4 = zero(), a5 = zero();
  for (; list < end; list += 8) {
    let p: usize = gradient + (<usize>load<u16>(list) << 5);
    a0 = add(a0, ld(p));
    a1 = add(a1, ld(p, 16));
    a2 = add(a2, ld(p, 32));
    a3 = add(a3, ld(p, 48));
    a4 = add(a4, ld(p, 64));
    a5 = add(a5, ld(p, 80));
    p = gradient + (<usize>load<u16>(list, 2) << 5);
    if (!p) break;
    a0 = add(a0, ld(p));
    a1 = add(a1, ld(p, 16));
    a2 = add(a2, ld(p, 32));
    a3 = add(a3, ld(p, 48));
    a4 = add(a4, ld(p, 64));
    a5 = add(a5, ld(p, 80));
    p = gradient + (<usize>load<u16>(list, 4) << 5);
    if (!p) break;
    a0 = add(a0, ld(p));
    a1 = add(a1, ld(p, 16));
    a2 = add(a2, ld(p, 32));
    a3 = add(a3, ld(p, 48));
    a4 = add(a4, ld(p, 64));
    a5 = add(a5, ld(p, 80));
    p = gradient + (<usize>load<u16>(list, 6) << 5);
    if (!p) break;
    a0 = add(a0, ld(p));
    a1 = add(a1, ld(p, 16));
    a2 = add(a2, ld(p, 32));
    a3 = add(a3, ld(p, 48));
    a4 = add(a4, ld(p, 64));
    a5 = add(a5, ld(p, 80));
  }
  st(w, add(ld(w), a0));
  st(w, add(ld(w, 16), a1), 16);
  st(w, add(ld(w, 32), a2), 32);
  st(w, add(ld(w, 48), a3), 48);
  st(w, add(ld(w, 64), a4), 64);
  st(w, add(ld(w, 80), a5), 80);
}

/** w[0..8) and w[16..24) += sum of the 8 floats at each position and of the next 8: taps kx = 2 and 0. */
export function sumTwo(list: usize, end: usize, gradient: usize, w: usize): void {
  let a0 = zero(), a1 = zero(), a2 = zero(), a3 = zero();
  let b0 = zero(), b1 = zero(), b2 = zero(), b3 = zero();
  for (; list < end; list += 4) {
    const p: usize = gradient + (<usize>load<u16>(list) << 5);
    a0 = add(a0, ld(p));
    a1 = add(a1, ld(p, 16));
    a2 = add(a2, ld(p, 32));
    a3 = add(a3, ld(p, 48));
    const q: usize = gradient + (<usize>load<u16>(list, 2) << 5);
    if (!q) break;
    b0 = add(b0, ld(q));
    b1 = add(b1, ld(q, 16));
    b2 = add(b2, ld(q, 32));
    b3 = add(b3, ld(q, 48));
  }
  st(w, add(ld(w), add(a0, b0)));
  st(w, add(ld(w, 16), add(a1, b1)), 16);
  st(w, add(ld(w, 64), add(a2, b2)), 64);
  st(w, add(ld(w, 80), add(a3, b3)), 80);
}

/** w[8] += sum of the 8 floats at each position. */
export function sumOne(list: usize, end: usize, gradient: usize, w: usize): void {
  let a0 = zero(), a1 = zero(), b0 = zero(), b1 = zero();
  for (; list < end; list += 8) {
    const p: usize = gradient + (<usize>load<u16>(list) << 5);
    const q: usize = gradient + (<usize>load<u16>(list, 2) << 5);
    a0 = add(a0, ld(p));
    a1 = add(a1, ld(p, 16));
    b0 = add(b0, ld(q));
    b1 = add(b1, ld(q, 16));
    const r: usize = gradient + (<usize>load<u16>(list, 4) << 5);
    const s: usize = gradient + (<usize>load<u16>(list, 6) << 5);
    if (!s) break;
    a0 = add(a0, ld(r));
    a1 = add(a1, ld(r, 16));
    b0 = add(b0, ld(s));
    b1 = add(b1, ld(s, 16));
  }
  st(w, add(ld(w), add(a0, b0)));
  st(w, add(ld(w, 16), add(a1, b1)), 16);
}
