// The input gradient of winograd/stride1.ts for large layers on small images. There a few tiles an image meet
// megabytes of weights, and reading them is what takes the time. So the tiles of all images are transformed first, V
// [36][tiles][K], and then each group of input channels goes by itself: its part of U is made in the cache, meets all
// tiles, and is forgotten.

import { multiplyPlanes } from "./stride1";
import { LayerPart, LayerSizes, TilesOut } from "./sizes";
import { stripBytes, transformInput, transformOutput } from "./transforms";
import { winogradPanels, winogradPlane, winogradPlaneBytes, winogradWeightScratchBytes } from "./weights";

/** Tiles that are multiplied before they are transformed back. */
const TILES: i32 = 32;

// @ts-ignore: decorator
@inline function tilesOf(planes: i32, H: i32, W: i32): i32 {
  return planes * ((H + 3) >> 2) * ((W + 3) >> 2);
}

/** Bytes of one of the 36 matrices of V; products read tiles in fours. */
export function winogradTilesPlane(planes: i32, H: i32, W: i32, K: i32): f64 {
  return winogradPlaneBytes((tilesOf(planes, H, W) + 3) & ~3, K);
}

/** Bytes of scratch of winogradTiles. */
export function winogradTilesScratchBytes(): usize {
  return stripBytes();
}

/** V of one image's T padded planes (as winogradInputGradient has them); to v, planes vPitch bytes apart. */
export function winogradTiles(
  d: usize, dPitch: usize, v: usize, vPitch: usize, vPlane: usize, scratch: usize, s: LayerSizes,
): void {
  const T = s.T, K = s.cout;
  const across = (s.W + 3) >> 2, down = (s.H + 3) >> 2;
  const row: usize = <usize>(across * K) << 2, padRow: usize = <usize>((4 * across + 2) * K) << 2;
  for (let t = 0; t < T; t++) {
    for (let y = 0; y < down; y++) {
      const from: usize = d + <usize>t * dPitch + <usize>(4 * y) * padRow;
      transformInput(from, padRow, K, across, v + <usize>t * vPitch + <usize>y * row, vPlane, scratch);
    }
  }
}

// @ts-ignore: decorator
@inline function blockTiles(W: i32): i32 {
  return max(TILES, (((W + 3) >> 2) + 3) & ~3);
}

/** Bytes of scratch of winogradGradientPart for `count` input channels. */
export function winogradPartScratchBytes(W: i32, cout: i32, count: i32): f64 {
  const own = <f64>max(stripBytes(), winogradWeightScratchBytes());
  return own + 36 * (winogradPlaneBytes(count, cout) + winogradPlaneBytes(blockTiles(W), count));
}

/**
 * Some input channels of dx[T][H][W][cin] (outPitch bytes apart) from V of all planes and w[3][3][cin][cout].
 */
export function winogradGradientPart(v: usize, w: usize, out: usize, outPitch: usize, scratch: usize, s: LayerPart): void {
  const planes = s.T, H = s.H, W = s.W, cin = s.cin, cout = s.cout, first = s.first, end = s.end;
  const N = end - first, across = (W + 3) >> 2, down = (H + 3) >> 2, total = planes * down, tall = max(TILES / across, 1);
  const vPlane = <usize>winogradTilesPlane(planes, H, W, cout), uPlane = winogradPlane(N, cout), mPlane = winogradPlane(blockTiles(W), N);
  const u: usize = scratch + max(stripBytes(), winogradWeightScratchBytes()), m: usize = u + 36 * uPlane;
  const tile: usize = <usize>cout << 2, pixel: usize = <usize>cin << 2, outRow: usize = <usize>W * pixel;
  const to = changetype<TilesOut>(changetype<usize>(s) + offsetof<LayerPart>());
  to.mPlane = mPlane;
  to.N = N;
  to.pixel = pixel;
  to.outRow = outRow;
  winogradPanels(w, cin, cout, first, end, u - <usize>first * tile, uPlane, scratch);
  for (let row = 0; row < total; row += tall) {
    const rows = min(tall, total - row);
    multiplyPlanes(36, v + <usize>(row * across) * tile, vPlane, u, rows * across, cout, N, m, mPlane);
    for (let r = 0; r < rows; r++) {
      const t = (row + r) / down, y = row + r - t * down;
      const from: usize = m + (<usize>(r * across * N) << 2);
      const corner: usize = out + <usize>t * outPitch + <usize>(4 * y) * outRow + (<usize>first << 2);
      transformOutput(from, across, corner, H - 4 * y, W, scratch, to);
    }
  }
}
