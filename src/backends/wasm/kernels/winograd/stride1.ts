// 3x3 convolutions at stride 1 and padding 1 of dense images by Winograd's F(4x4,3x3): the input gradient of a layer
// and, with other weights (winograd/weights.ts), its forward pass. Not for spikes, whose kernels skip zeros instead;
// the transforms are in winograd/transforms.ts.
//
//   V = Bᵀ d B    of each 6x6 tile d of the padded image, tiles 4 apart
//   M = V U       36 matrix products [tiles][K] · [K][N]: 36 multiplications for 16 outputs instead of 144
//   out = Aᵀ M A  4x4 outputs a tile
//
// Tiles go through in blocks of a few tile rows, so that V [36][tiles][K] and M [36][tiles][N] stay in the second
// cache.

import { tile } from "../dense/gemm";
import { LayerSizes, TilesOut } from "./sizes";
import { stripBytes, transformInput, transformOutput } from "./transforms";
import { winogradPlane, winogradPlaneBytes } from "./weights";

/** Bytes that V and M of a block may take. */
const CACHE: i32 = 600 << 10;
/** Tiles of a block: enough that U, read once a block, costs little; more where it comes from memory each time. */
const FEWEST: i32 = 8;
const FEWEST_LARGE: i32 = 16;
const LARGE: i32 = 1 << 18;
const MOST: i32 = 32;

/** Tiles of a block, a multiple of 4. */
function blockTiles(K: i32, N: i32): i32 {
  const fewest = K * N >= LARGE ? FEWEST_LARGE : FEWEST;
  return min(MOST, max(fewest, (CACHE / (144 * (K + N))) & ~3));
}

/**
 * Whether tiles are full enough for this way: 36 products and the transforms a tile, else 9 products a pixel at most.
 */
export function winogradPays(H: i32, W: i32): i32 {
  return i32(5 * ((H + 3) >> 2) * ((W + 3) >> 2) < H * W);
}

/** Bytes of scratch of winogradInputGradient and winogradForward. */
export function winogradScratchBytes(cin: i32, cout: i32): f64 {
  const tiles = blockTiles(cin, cout);
  return <f64>stripBytes() + 36 * (winogradPlaneBytes(tiles, cin) + winogradPlaneBytes(tiles, cout));
}

/**
 * dx[t][H][W][cin] (planes outPitch bytes apart) from T padded planes dy (dyPitch apart, each
 * [4·ceil(H/4)+2][4·ceil(W/4)+2][cout]) and u of winogradWeights. Channels in multiples of 8. Every pixel of dx is
 * written. Images that lie at one pitch may go as more planes T.
 */
export function winogradInputGradient(
  dy: usize, dyPitch: usize, u: usize, out: usize, outPitch: usize, scratch: usize, s: LayerSizes,
): void {
  correlate(true, dy, dyPitch, u, out, outPitch, scratch, s);
}

/** y[t][H][W][cout] from padded planes x[...][cin] and u of winogradForwardWeights; else as winogradInputGradient. */
export function winogradForward(
  x: usize, xPitch: usize, u: usize, out: usize, outPitch: usize, scratch: usize, s: LayerSizes,
): void {
  correlate(false, x, xPitch, u, out, outPitch, scratch, s);
}

function correlate(
  back: bool, d: usize, padPitch: usize, u: usize, out: usize, outPitch: usize, scratch: usize, s: LayerSizes,
): void {
  const T = s.T, H = s.H, W = s.W, K = back ? s.cout : s.cin, N = back ? s.cin : s.cout;
  const across = (W + 3) >> 2, down = (H + 3) >> 2, total = T * down;
  const most = blockTiles(K, N), wide = min(across, most), tall = max(most / across, 1);
  const padRow: usize = <usize>(4 * across + 2) * <usize>K << 2, outRow: usize = <usize>W * <usize>N << 2;
  const vPlane = winogradPlane(most, K), mPlane = winogradPlane(most, N);
  const v: usize = scratch + stripBytes(), m: usize = v + 36 * vPlane;
  const to = changetype<TilesOut>(changetype<usize>(s) + offsetof<LayerSizes>());
  to.mPlane = mPlane;
  to.N = N;
  to.pixel = <usize>N << 2;
  to.outRow = outRow;
  for (let x = 0; x < across; x += wide) {
    const count = min(wide, across - x);
    for (let first = 0; first < total; first += tall) {
      const rows = min(tall, total - first);
      for (let r = 0; r < rows; r++) {
        const t = (first + r) / down, y = first + r - t * down;
        const from: usize = d + <usize>t * padPitch + <usize>(4 * y) * padRow + (<usize>(4 * x * K) << 2);
        transformInput(from, padRow, K, count, v + (<usize>(r * count * K) << 2), vPlane, scratch);
      }
      multiplyPlanes(36, v, vPlane, u, rows * count, K, N, m, mPlane);
      for (let r = 0; r < rows; r++) {
        const t = (first + r) / down, y = first + r - t * down;
        const corner: usize = out + <usize>t * outPitch + <usize>(4 * y) * outRow + (<usize>(4 * x * N) << 2);
        transformOutput(m + (<usize>(r * count * N) << 2), count, corner, H - 4 * y, W - 4 * x, scratch, to);
      }
    }
  }
}

/**
 * M = V U for `planes` matrices V [rows][K], U in panels, M [rows][N]. Rows are rounded up to fours: V and M have
 * room for them, nobody reads their results.
 */
export function multiplyPlanes(
  planes: i32, v: usize, vPlane: usize, u: usize, rows: i32, K: i32, N: i32, m: usize, mPlane: usize,
): void {
  const uPlane = winogradPlane(K, N), as: usize = <usize>K << 2, cs: usize = <usize>N << 2;
  for (let i = 0; i < planes; i++) {
    let panel = u;
    for (let n = 0; n < N; n += 8) {
      let a = v, c: usize = m + (<usize>n << 2);
      for (let r = 0; r < rows; r += 4) {
        tile(a, as, panel, K, c, cs);
        a += 4 * as; c += 4 * cs;
      }
      panel += <usize>K << 5;
    }
    v += vPlane; u += uPlane; m += mPlane;
  }
}
