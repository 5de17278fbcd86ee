// Spikes as single bits: packing, unpacking, counting, average pooling. No weights here.
//
// One byte holds 8 channels of one pixel. With G = C/8, a plane is bytes [H][G][W]: bit j of the byte at
// (y·G + g)·W + x is channel 8g + j of pixel (y, x). C is a multiple of 8; images may have any size.

import { PoolSizes } from "../dense/grid";
import { ld, mul, st, zero } from "../simd";

/** bits[rows][C/8][W] from x[rows][W][C]: 1 where x is not zero. */
export function packBits(x: usize, rows: i32, W: i32, C: i32, bits: usize): void {
  const G = C >> 3;
  const pixel: usize = C << 2;
  for (let r = 0; r < rows; r++) {
    for (let g = 0; g < G; g++) {
      let p: usize = x + <usize>(g << 5);
      for (let i = 0; i < W; i++, p += pixel) store<u8>(bits + i, nonzero8(p));
      bits += W;
    }
    x += <usize>W * pixel;
  }
}

/** Bit j says whether float j of the 8 at p differs from 0. */
// @ts-ignore: decorator
@inline function nonzero8(p: usize): i32 {
  return i16x8.bitmask(i16x8.narrow_i32x4_s(f32x4.ne(ld(p), zero()), f32x4.ne(ld(p, 16), zero())));
}

/** out[rows][W][C], zeros and ones, from bits[rows][C/8][W]. */
export function unpackBits(bits: usize, rows: i32, W: i32, C: i32, out: usize): void {
  const G = C >> 3;
  const pixel: usize = C << 2;
  const one = f32x4.splat(1);
  for (let r = 0; r < rows; r++) {
    for (let g = 0; g < G; g++) {
      let p: usize = out + <usize>(g << 5);
      for (let i = 0; i < W; i++, p += pixel) {
        const byte = i32x4.splat(load<u8>(bits + i));
        st(p, v128.and(chosen(byte, i32x4(1, 2, 4, 8)), one));
        st(p, v128.and(chosen(byte, i32x4(16, 32, 64, 128)), one), 16);
      }
      bits += W;
    }
    out += <usize>W * pixel;
  }
}

/** All ones in the lanes whose bit is set. */
// @ts-ignore: decorator
@inline function chosen(byte: v128, bit: v128): v128 {
  return i32x4.eq(v128.and(byte, bit), bit);
}

/** How many of the bits in `bytes` bytes are set. */
export function countSpikes(bits: usize, bytes: i32): i32 {
  const end: usize = bits + bytes;
  let sum = zero();
  while (bits + 16 <= end) {
    // a lane of 16 bits gains at most 16 a round: 2048 rounds fit
    let part = zero();
    const stop: usize = bits + min<usize>(end - bits, 2048 << 4);
    for (; bits + 16 <= stop; bits += 16) {
      part = i16x8.add(part, i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(ld(bits))));
    }
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(part));
  }
  let count =
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3);
  for (; bits < end; bits++) count += popcnt<i32>(load<u8>(bits));
  return count;
}

/** out[t][C] = scale · (spikes of the channel over the H·W pixels), time steps outPitch bytes apart. */
export function countBits(
  bits: usize,
  bitsPitch: usize,
  T: i32,
  H: i32,
  W: i32,
  C: i32,
  scale: f32,
  out: usize,
  outPitch: usize,
): void {
  const G = C >> 3;
  for (let t = 0; t < T; t++) {
    for (let g = 0; g < G; g++) {
      for (let j = 0; j < 8; j++) {
        const n = countChannel(bits + g * W, H, W, G * W, 7 - j);
        store<f32>(out + <usize>(((g << 3) + j) << 2), <f32>n * scale);
      }
    }
    bits += bitsPitch;
    out += outPitch;
  }
}

/** Spikes of one channel; rows `step` bytes apart, its bit moved by `shift` to the top of its byte. */
function countChannel(row: usize, H: i32, W: i32, step: i32, shift: i32): i32 {
  let n = 0;
  for (let y = 0; y < H; y++, row += step) {
    for (let x = 0; x < W; x += 16) {
      // shifting 16-bit lanes is enough: only each byte's top bit is looked at
      n += popcnt<i32>(i8x16.bitmask(i16x8.shl(ld(row + x), shift)) & firstBits(W - x));
    }
  }
  return n;
}

/** The lowest n of 16 bits. */
// @ts-ignore: decorator
@inline function firstBits(n: i32): i32 {
  return n >= 16 ? 0xffff : (1 << n) - 1;
}

/**
 * Average pooling: out[t][OH][OW][C] = spikes in the window / pixels of the window that lie in the image. The
 * window of output (i, j) begins at pixel (i·stride, j·stride) and has at most 32,767 pixels.
 */
export function poolBits(bits: usize, bitsPitch: usize, out: usize, outPitch: usize, s: PoolSizes): void {
  const T = s.T, W = s.W, C = s.C, outH = s.OH, outW = s.OW;
  const pairs = s.window == 2 && s.stride == 2 && outH << 1 <= s.H && outW << 1 <= W;
  for (let t = 0; t < T; t++) {
    if (pairs) poolPairs(bits, W, C, outH, outW, out);
    else poolWindows(bits, out, s);
    bits += bitsPitch;
    out += outPitch;
  }
}

/** Windows of 2x2 that all lie inside. */
function poolPairs(bits: usize, W: i32, C: i32, outH: i32, outW: i32, out: usize): void {
  const G = C >> 3;
  const pixel: usize = C << 2;
  const quarter = f32x4.splat(-0.25); // a lane that is chosen counts -1
  for (let y = 0; y < outH; y++) {
    for (let g = 0; g < G; g++) {
      let top: usize = bits + ((y << 1) * G + g) * W;
      let o: usize = out + <usize>(y * outW) * pixel + <usize>(g << 5);
      for (let x = 0; x < outW; x++, top += 2, o += pixel) {
        const n = i16x8.extadd_pairwise_i8x16_s(i8x16.add(chosenPair(top), chosenPair(top + G * W)));
        st(o, mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(n)), quarter));
        st(o, mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(n)), quarter), 16);
      }
    }
  }
}

/** Bytes 2j and 2j + 1: -1 where channel j spikes in this pixel and in the next one. */
// @ts-ignore: decorator
@inline function chosenPair(p: usize): v128 {
  const bit = i8x16(1, 1, 2, 2, 4, 4, 8, 8, 16, 16, 32, 32, 64, 64, -128, -128);
  return i8x16.eq(v128.and(v128.load16_splat(p), bit), bit);
}

function poolWindows(bits: usize, out: usize, s: PoolSizes): void {
  const H = s.H, W = s.W, C = s.C, window = s.window, stride = s.stride, outH = s.OH, outW = s.OW;
  const G = C >> 3;
  for (let y = 0; y < outH; y++) {
    const y0 = y * stride;
    const rows = min(window, H - y0);
    for (let x = 0; x < outW; x++) {
      const x0 = x * stride;
      const columns = min(window, W - x0);
      const share = f32x4.splat(<f32>-1 / <f32>(rows * columns));
      for (let g = 0; g < G; g++, out += 32) {
        const n = countWindow(bits + (y0 * G + g) * W + x0, rows, columns, G * W);
        st(out, mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(n)), share));
        st(out, mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(n)), share), 16);
      }
    }
  }
}

/** Lane j: minus the spikes of channel j in the window. */
// @ts-ignore: decorator
@inline function countWindow(p: usize, rows: i32, columns: i32, step: i32): v128 {
  const bit = i16x8(1, 2, 4, 8, 16, 32, 64, 128);
  let n = zero();
  for (let i = 0; i < rows; i++, p += step) {
    for (let j = 0; j < columns; j++) {
      n = i16x8.add(n, i16x8.eq(v128.and(v128.load8_splat(p + j), bit), bit));
    }
  }
  return n;
}

/** table[256][8] of 16 bits, 4096 bytes: the positions of the bits of a byte that are set, ascending, then zeros. */
export function bitPositions(table: usize): void {
  for (let byte = 0; byte < 256; byte++, table += 16) {
    st(table, zero());
    let p = table;
    for (let j = 0; j < 8; j++) {
      if ((byte >> j) & 1) {
        store<u16>(p, <u16>j);
        p += 2;
      }
    }
  }
}
