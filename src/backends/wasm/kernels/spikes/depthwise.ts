// Depthwise convolutions of spike bits, spike by spike: each channel has one filter of its own. Any windows; those of
// 3x3 at stride 1 go without a look at edges inside the image, from lists, since how many spikes a byte has cannot be
// foreseen. Bits as in bits.ts.

import { ld, st } from "../simd";

/** Bytes of scratch: weights or their gradient channel by channel, [C][kh·kw] floats, and a row's list. */
export function depthwiseScratchBytes(C: i32, kh: i32, kw: i32, W: i32): f64 {
  return listAt(C, kh * kw) + 16 * <f64>W + 64;
}

function listAt(C: i32, taps: i32): f64 {
  return <f64>((4 * <i64>C * <i64>taps + 63) & ~63);
}

/** Lists the spikes of bytes from .. end as 8·x + bit, 16 bits each. @returns the list's end */
// @ts-ignore: decorator
@inline function listRow(from: usize, end: usize, x: i32, list: usize, positions: usize): usize {
  let place = i16x8.splat(<i16>(x << 3));
  const step = i16x8.splat(8);
  for (; from < end; from++) {
    const byte = <usize>load<u8>(from);
    // always 8 entries, of which the next byte overwrites those that are none
    st(list, i16x8.add(ld(positions + (byte << 4)), place));
    list += <usize>popcnt<u32>(<u32>byte) << 1;
    place = i16x8.add(place, step);
  }
  return list;
}

/** o += w at the nine outputs that a spike reaches; o is that of the last tap, and w runs backwards. */
// @ts-ignore: decorator
@inline function giveNine(o: usize, row: usize, pixel: usize, w: usize): void {
  store<f32>(o, load<f32>(o) + load<f32>(w, 32));
  const o1 = o + pixel, o2 = o1 + pixel;
  store<f32>(o1, load<f32>(o1) + load<f32>(w, 28));
  store<f32>(o2, load<f32>(o2) + load<f32>(w, 24));
  const p = o + row, p1 = p + pixel, p2 = p1 + pixel;
  store<f32>(p, load<f32>(p) + load<f32>(w, 20));
  store<f32>(p1, load<f32>(p1) + load<f32>(w, 16));
  store<f32>(p2, load<f32>(p2) + load<f32>(w, 12));
  const q = p + row, q1 = q + pixel, q2 = q1 + pixel;
  store<f32>(q, load<f32>(q) + load<f32>(w, 8));
  store<f32>(q1, load<f32>(q1) + load<f32>(w, 4));
  store<f32>(q2, load<f32>(q2) + load<f32>(w));
}

/** The other way: w += o. */
// @ts-ignore: decorator
@inline function takeNine(o: usize, row: usize, pixel: usize, w: usize): void {
  const o1 = o + pixel, o2 = o1 + pixel;
  store<f32>(w, load<f32>(w, 32) + load<f32>(o), 32);
  store<f32>(w, load<f32>(w, 28) + load<f32>(o1), 28);
  store<f32>(w, load<f32>(w, 24) + load<f32>(o2), 24);
  const p = o + row, p1 = p + pixel, p2 = p1 + pixel;
  store<f32>(w, load<f32>(w, 20) + load<f32>(p), 20);
  store<f32>(w, load<f32>(w, 16) + load<f32>(p1), 16);
  store<f32>(w, load<f32>(w, 12) + load<f32>(p2), 12);
  const q = p + row, q1 = q + pixel, q2 = q1 + pixel;
  store<f32>(w, load<f32>(w, 8) + load<f32>(q), 8);
  store<f32>(w, load<f32>(w, 4) + load<f32>(q1), 4);
  store<f32>(w, load<f32>(w) + load<f32>(q2));
}

/** All spikes of all planes: to out through the weights, or from out to the weights' gradient. */
// @ts-ignore: decorator
@inline function walk(
  takes: bool, bits: usize, bitsPitch: usize, T: i32, H: i32, W: i32, C: i32, kh: i32, kw: i32, strideY: i32, strideX: i32,
  padY: i32, padX: i32, dilY: i32, dilX: i32, OH: i32, OW: i32, weights: usize, out: usize, outPitch: usize,
  positions: usize,
): void {
  const G = C >> 3, taps = kh * kw, pixel: usize = <usize>C << 2, row: usize = <usize>OW * pixel;
  const own: usize = <usize>taps << 2, list: usize = weights + <usize>listAt(C, taps);
  const plain = kh == 3 && kw == 3 && strideY == 1 && strideX == 1 && dilY == 1 && dilX == 1;
  for (let t = 0; t < T; t++, bits += bitsPitch, out += outPitch) {
    if (!takes) memory.fill(out, 0, <usize>OH * row);
    for (let y = 0; y < H; y++) {
      const top = y + padY - 2; // the first row of outputs of 3x3 windows
      const inside = plain && top >= 0 && top + 2 < OH;
      // columns whose three outputs all exist
      const begin = inside ? min(W, max(0, 2 - padX)) : W, end = max(begin, min(W, OW - padX));
      for (let g = 0; g < G; g++) {
        const line: usize = bits + <usize>((y * G + g) * W), w: usize = weights + <usize>(g << 3) * own;
        const to: usize = out + (<usize>g << 5);
        if (inside) {
          const corner: usize = to + <usize>top * row + <usize>(padX - 2) * pixel;
          const last = listRow(line + <usize>begin, line + <usize>end, begin, list, positions);
          for (let e = list; e < last; e += 2) {
            const entry = <usize>load<u16>(e), c = entry & 7;
            const o: usize = corner + (entry >> 3) * pixel + (c << 2);
            if (takes) takeNine(o, row, pixel, w + c * 36);
            else giveNine(o, row, pixel, w + c * 36);
          }
        }
        for (let x = 0; x < W; x++) {
          if (x == begin && inside) { x = end; if (x >= W) break; }
          for (let byte: u32 = load<u8>(line + <usize>x); byte != 0; byte &= byte - 1) {
            const c: usize = <usize>ctz(byte);
            let at: usize = w + c * own;
            for (let i = 0; i < kh; i++) {
              const down = y + padY - i * dilY, oy = down / strideY;
              const hits = down >= 0 && oy < OH && oy * strideY == down;
              for (let j = 0; j < kw; j++, at += 4) {
                const across = x + padX - j * dilX, ox = across / strideX;
                if (!hits || across < 0 || ox >= OW || ox * strideX != across) continue;
                const o: usize = to + <usize>oy * row + <usize>ox * pixel + (c << 2);
                if (takes) store<f32>(at, load<f32>(at) + load<f32>(o));
                else store<f32>(o, load<f32>(o) + load<f32>(at));
              }
            }
          }
        }
      }
    }
  }
}

/** y[t][OH][OW][C] from bits[t][H][C/8][W] and w[kh][kw][C]. positions: 4096 bytes filled by bitPositions. W to 8,191. */
export function depthwiseSpikes(
  bits: usize, bitsPitch: usize, T: i32, H: i32, W: i32, C: i32, kh: i32, kw: i32, strideY: i32, strideX: i32, padY: i32,
  padX: i32, dilY: i32, dilX: i32, OH: i32, OW: i32, w: usize, out: usize, outPitch: usize, positions: usize, scratch: usize,
): void {
  const taps = kh * kw;
  for (let tap = 0; tap < taps; tap++) for (let c = 0; c < C; c++) {
    store<f32>(scratch + (<usize>(c * taps + tap) << 2), load<f32>(w + (<usize>(tap * C + c) << 2)));
  }
  walk(
    false, bits, bitsPitch, T, H, W, C, kh, kw, strideY, strideX, padY, padX, dilY, dilX, OH, OW, scratch, out, outPitch,
    positions,
  );
}

/** dw[kh][kw][C] += that of dy[t][OH][OW][C]. */
export function depthwiseSpikesWeight(
  bits: usize, bitsPitch: usize, T: i32, H: i32, W: i32, C: i32, kh: i32, kw: i32, strideY: i32, strideX: i32, padY: i32,
  padX: i32, dilY: i32, dilX: i32, OH: i32, OW: i32, dy: usize, dyPitch: usize, dw: usize, positions: usize, scratch: usize,
): void {
  const taps = kh * kw;
  memory.fill(scratch, 0, <usize>(taps * C) << 2);
  walk(
    true, bits, bitsPitch, T, H, W, C, kh, kw, strideY, strideX, padY, padX, dilY, dilX, OH, OW, scratch, dy, dyPitch,
    positions,
  );
  for (let tap = 0; tap < taps; tap++) for (let c = 0; c < C; c++) {
    const to: usize = dw + (<usize>(tap * C + c) << 2);
    store<f32>(to, load<f32>(to) + load<f32>(scratch + (<usize>(c * taps + tap) << 2)));
  }
}
