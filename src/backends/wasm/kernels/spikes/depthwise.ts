// Depthwise convolutions of spike bits, spike by spike: each channel has one filter of its own. Any windows. Those of
// 3x3 at stride 1 go eight channels at a time through a plane with two pixels more on either side, where no edge is to
// be looked at, and from lists, since how many spikes a byte has cannot be foreseen. Bits as in bits.ts.

import { WindowSizes } from "../dense/grid";
import { ld, st } from "../simd";

/** Pixels whose spikes are listed together, or one row: lists stay in the nearest cache. */
const LISTED = 1024;

/** Bytes of scratch: weights or their gradient channel by channel, [C][kh·kw] floats; a list; a plane of 8 channels. */
export function depthwiseScratchBytes(C: i32, kh: i32, kw: i32, H: i32, W: i32): f64 {
  return listAt(C, kh * kw) + listBytes(W) + 32 * <f64>(H + 2) * <f64>(W + 2);
}

function listAt(C: i32, taps: i32): f64 {
  return <f64>((4 * <i64>C * <i64>taps + 63) & ~63);
}

function listBytes(W: i32): f64 {
  return <f64>((16 * <i64>max(LISTED, W) + 127) & ~63);
}

/** Lists the spikes of bytes from .. end as 8·place + bit, 16 bits each. @returns the list's end */
// @ts-ignore: decorator
@inline function listRow(from: usize, end: usize, first: i32, list: usize, positions: usize): usize {
  let place = i16x8.splat(<i16>(first << 3));
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

/** Eight channels of out's pixels, to the inside of a plane or from it; what lies around is 0. */
// @ts-ignore: decorator
@inline function layPlane(takes: bool, plane: usize, out: usize, s: WindowSizes): void {
  const W = s.W, OW = s.OW, OH = s.OH, padY = s.padY, padX = s.padX, pixel: usize = <usize>s.C << 2;
  if (takes) memory.fill(plane, 0, <usize>((s.H + 2) * (W + 2)) << 5);
  for (let y = 0; y < OH; y++) {
    let from: usize = plane + (<usize>((y + 2 - padY) * (W + 2) + 2 - padX) << 5);
    for (const end: usize = out + <usize>OW * pixel; out < end; out += pixel, from += 32) {
      if (takes) {
        st(from, ld(out));
        st(from, ld(out, 16), 16);
      } else {
        st(out, ld(from));
        st(out, ld(from, 16), 16);
      }
    }
  }
}

/** 3x3 at stride 1 with at most two pixels of zeros around, one plane. */
// @ts-ignore: decorator
@inline function walkNines(
  takes: bool, bits: usize, w: usize, out: usize, positions: usize, list: usize, s: WindowSizes,
): void {
  const H = s.H, W = s.W, G = s.C >> 3;
  const PW = W + 2, row: usize = <usize>PW << 5;
  const plane: usize = list + <usize>listBytes(W), rows = max(1, LISTED / PW);
  for (let g = 0; g < G; g++, w += 288, out += 32) {
    if (takes) layPlane(true, plane, out, s);
    else memory.fill(plane, 0, <usize>((H + 2) * PW) << 5);
    for (let y = 0; y < H; y += rows) {
      const end = min(H, y + rows), corner: usize = plane + <usize>y * row;
      let last = list;
      for (let r = y; r < end; r++) {
        const line: usize = bits + <usize>((r * G + g) * W);
        last = listRow(line, line + <usize>W, (r - y) * PW, last, positions);
      }
      for (let e = list; e < last; e += 2) {
        const entry = <usize>load<u16>(e), at: usize = w + (entry & 7) * 36;
        if (takes) takeNine(corner + (entry << 2), row, 32, at);
        else giveNine(corner + (entry << 2), row, 32, at);
      }
    }
    if (!takes) layPlane(false, plane, out, s);
  }
}

/** Windows of any kind, one plane. */
// @ts-ignore: decorator
@inline function walkWindows(takes: bool, bits: usize, weights: usize, out: usize, s: WindowSizes): void {
  const H = s.H, W = s.W, G = s.C >> 3, kh = s.kh, kw = s.kw, OH = s.OH, OW = s.OW;
  const strideY = s.strideY, strideX = s.strideX, padY = s.padY, padX = s.padX, dilY = s.dilY, dilX = s.dilX;
  const pixel: usize = <usize>G << 5, row: usize = <usize>OW * pixel, own: usize = <usize>(kh * kw) << 2;
  for (let y = 0; y < H; y++) for (let g = 0; g < G; g++) for (let x = 0; x < W; x++, bits++) {
    for (let byte: u32 = load<u8>(bits); byte != 0; byte &= byte - 1) {
      const c: usize = (<usize>g << 3) + <usize>ctz(byte);
      let at: usize = weights + c * own;
      for (let i = 0; i < kh; i++) {
        const down = y + padY - i * dilY, oy = down / strideY;
        const hits = down >= 0 && oy < OH && oy * strideY == down;
        for (let j = 0; j < kw; j++, at += 4) {
          const across = x + padX - j * dilX, ox = across / strideX;
          if (!hits || across < 0 || ox >= OW || ox * strideX != across) continue;
          const o: usize = out + <usize>oy * row + <usize>ox * pixel + (c << 2);
          if (takes) store<f32>(at, load<f32>(at) + load<f32>(o));
          else store<f32>(o, load<f32>(o) + load<f32>(at));
        }
      }
    }
  }
}

/** All spikes of all planes: to out through the weights, or from out to the weights' gradient. */
// @ts-ignore: decorator
@inline function walk(
  takes: bool, bits: usize, bitsPitch: usize, weights: usize, out: usize, outPitch: usize, positions: usize,
  s: WindowSizes,
): void {
  const T = s.T, list: usize = weights + <usize>listAt(s.C, s.kh * s.kw);
  const nines = s.kh == 3 && s.kw == 3 && s.strideY == 1 && s.strideX == 1 && s.dilY == 1 && s.dilX == 1 &&
    s.padY <= 2 && s.padX <= 2;
  for (let t = 0; t < T; t++, bits += bitsPitch, out += outPitch) {
    if (nines) {
      walkNines(takes, bits, weights, out, positions, list, s);
      continue;
    }
    if (!takes) memory.fill(out, 0, <usize>(s.OH * s.OW * s.C) << 2);
    walkWindows(takes, bits, weights, out, s);
  }
}

/** y[t][OH][OW][C] from bits[t][H][C/8][W], w[kh][kw][C]; W to 8,000. positions: 4096 bytes filled by bitPositions. */
export function depthwiseSpikes(
  bits: usize, bitsPitch: usize, w: usize, out: usize, outPitch: usize, positions: usize, scratch: usize, s: WindowSizes,
): void {
  const C = s.C, taps = s.kh * s.kw;
  for (let tap = 0; tap < taps; tap++) for (let c = 0; c < C; c++) {
    store<f32>(scratch + (<usize>(c * taps + tap) << 2), load<f32>(w + (<usize>(tap * C + c) << 2)));
  }
  walk(false, bits, bitsPitch, scratch, out, outPitch, positions, s);
}

/** dw[kh][kw][C] += that of dy[t][OH][OW][C]. */
export function depthwiseSpikesWeight(
  bits: usize, bitsPitch: usize, dy: usize, dyPitch: usize, dw: usize, positions: usize, scratch: usize, s: WindowSizes,
): void {
  const C = s.C, taps = s.kh * s.kw;
  memory.fill(scratch, 0, <usize>(taps * C) << 2);
  walk(true, bits, bitsPitch, scratch, dy, dyPitch, positions, s);
  for (let tap = 0; tap < taps; tap++) for (let c = 0; c < C; c++) {
    const to: usize = dw + (<usize>(tap * C + c) << 2);
    store<f32>(to, load<f32>(to) + load<f32>(scratch + (<usize>(c * taps + tap) << 2)));
  }
}
