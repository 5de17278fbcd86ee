// The spiking neuron backward. H is computed again from the same inputs (the convolution's output is kept anyway), then
// the gradient goes back through reset, surrogate and rectifier. With g of O[t], v of V[t] and slope = s·φ' for
// t = T..1:
//
//   dH = v·kept + (g + v·drop)·slope   kept = 0 where a hard reset fired, else 1
//                                      drop = rest - (hard ? H : 0), or 0 where the reset is detached
//   dX = gain·dH,  v = retain·dH
//
// What is common (reset to zero, attached, from V[0] = 0, V[T] unused) goes in runs of pixels that stay in the first
// cache, one sweep a time step (neuron-charge, neuron-slope, neuron-walk); the rest goes through neuron-general.
// Not here: the derivative of X = a·y + b; it follows from the sums over dX (norm/sums.ts).

import { backwardRow } from "./general";
import { chargePlane } from "./charge";
import { ATTACHED, REST, SOFT } from "./layout";
import { slopesOf } from "./slope";
import { walkPlane } from "./walk";

/** Pixels of a run; a rest up to half as long is taken along. */
const RUN = 32;

/** Bytes of scratch of neuronBackward: H and slopes of a run of pixels, up to sixteen channels, over all time steps. */
export function neuronScratchBytes(T: i32, H: i32, W: i32, C: i32): f64 {
  const pixels = min(<f64>(RUN + RUN / 2), <f64>H * <f64>W);
  return (C < 16 ? 64 : 128) * pixels * <f64>T + 64;
}

/**
 * One image with all its time steps; y .. coef2, initial and spec as in neuronForward.
 * @param g gradient of the spikes, planes gPitch and pixels gPixel bytes apart (gPixel 0: one vector [C] for all
 *   pixels)
 * @param g2 0, or a second gradient of the spikes, [H][W][C], planes g2Pitch apart
 * @param carriedGradient 0, or the gradient of V[T], [H][W][C]
 * @param dx out: gradient of X, [H][W][C], planes dxPitch apart; may be g or g2 itself
 * @param dInitial 0, or out: gradient of V[0]
 * @param tmp neuronScratchBytes(T, H, W, C)
 */
export function neuronBackward(
  y: usize, yPitch: usize, T: i32, H: i32, W: i32, C: i32, coef: usize, res: usize, resPitch: usize,
  y2: usize, y2Pitch: usize, coef2: usize, initial: usize, spec: usize, g: usize, gPitch: usize, gPixel: usize,
  g2: usize, g2Pitch: usize, carriedGradient: usize, dx: usize, dxPitch: usize, dInitial: usize, tmp: usize,
): void {
  const pixel: usize = C << 2;
  const resetsToZero = load<f32>(spec + SOFT) == 0 && load<f32>(spec + REST) == 0 && load<f32>(spec + ATTACHED) == 1;
  const isCommon = resetsToZero && !initial && !carriedGradient && !dInitial;
  // rows together where they are short; part of a row where it is long
  const rows = isCommon && W <= RUN ? RUN / W : 1, columns = W > RUN + RUN / 2 ? RUN : W;
  for (let r = 0; r < H; r += rows) for (let x = 0; x < W;) {
    const width = W - x <= columns + columns / 2 ? W - x : columns, height = min(rows, H - r);
    const first = <usize>(r * W + x), at = first * pixel;
    for (let c = 0; c < C;) {
      const channels = isCommon ? (c + 16 <= C ? 16 : 8) : 4, k: usize = c << 2, p = at + k;
      const q = coef ? coef + k : 0, q2 = coef2 ? coef2 + k : 0, z = y2 ? y2 + p : 0, G = g + first * gPixel + k;
      const spikes = res ? res + <usize>((r * (C >> 3) + (c >> 3)) * W + x) : 0, G2 = g2 ? g2 + p : 0;
      if (isCommon) {
        const group = channels == 16 ? W : 0;
        backwardRun(
          channels == 16, y + p, yPitch, T, height, width, pixel, q, spikes, resPitch, group, <usize>(C >> 3) * W, z,
          y2Pitch, q2, spec, G, gPitch, gPixel, G2, g2Pitch, dx + p, dxPitch, tmp,
        );
      } else {
        backwardRow(
          y + p, yPitch, T, width, pixel, q, spikes, resPitch, c & 4, z, y2Pitch, q2, initial ? initial + p : 0, spec, G,
          gPitch, gPixel, G2, g2Pitch, carriedGradient ? carriedGradient + p : 0, dx + p, dxPitch,
          dInitial ? dInitial + p : 0, tmp,
        );
      }
      c += channels;
    }
    x += width;
  }
}

/**
 * `height` rows of `width` pixels (all of a row's where there are several), sixteen or eight channels.
 * @param group bytes from one group's spikes to the next group's, resRow from row to row
 */
function backwardRun(
  wide: bool, y: usize, yPitch: usize, T: i32, height: i32, width: i32, pixel: usize, coef: usize, res: usize,
  resPitch: usize, group: usize, resRow: usize, y2: usize, y2Pitch: usize, coef2: usize, spec: usize, g: usize,
  gPitch: usize, gPixel: usize, g2: usize, g2Pitch: usize, dx: usize, dxPitch: usize, tmp: usize,
): void {
  const n = height * width, plane = <usize>n << (wide ? 6 : 5), slopes = tmp + <usize>T * plane;
  // spikes lie row by row, with the other groups between them
  const pieces = res ? height : 1, piece = res ? width : n;
  for (let t = 0; t < T; t++) {
    const h = tmp + <usize>t * plane, from = y + <usize>t * yPitch, from2 = y2 ? y2 + <usize>t * y2Pitch : 0;
    for (let i = 0; i < pieces; i++) {
      const skip = <usize>(i * piece) * pixel, into = h + ((<usize>(i * piece)) << (wide ? 6 : 5));
      const beside = res ? res + <usize>t * resPitch + <usize>i * resRow : 0;
      chargePlane(
        wide, t == 0, from + skip, piece, pixel, coef, beside, group, from2 ? from2 + skip : 0, coef2, spec, into,
        into - plane,
      );
    }
  }
  slopesOf(tmp, T * (n << (wide ? 2 : 1)), spec, slopes, slopes + <usize>T * plane);
  for (let t = T - 1; t >= 0; t--) {
    const step = <usize>t * plane, into = dx + <usize>t * dxPitch;
    walkPlane(
      wide, t == T - 1, n, tmp + step, slopes + step, g + <usize>t * gPitch, gPixel, g2 ? g2 + <usize>t * g2Pitch : 0, into,
      into + dxPitch, pixel, spec,
    );
  }
}
