// Convolutions of tiny images (1x1 to 3x3 pixels or so) with many channels and planes. There most taps of a window
// fall on padding: at 2x2 pixels and a 3x3 kernel 20 of 36. So each pixel is a product of its own, over the taps that
// hit the image, and the four rows of a tile are four planes. Not for large images, whose panels would be read again
// and again.

import { multiplyPanel } from "./gemm";
import { packPanels } from "./pack";
import { SquareWindows } from "./windows";

/** A convolution's images on either side of its windows. */
@unmanaged
export class SquareSizes extends SquareWindows {
  T: i32;
  OH: i32;
  cout: i32;
}

/** Input channels first .. end of one. */
@unmanaged
export class SquarePart extends SquareSizes {
  first: i32;
  end: i32;
}

/** As denseConv: y from x and panels of w[kh·kw·cin][cout]. Eight outputs at a time, so that their panel stays near. */
export function smallConv(x: usize, pitch: usize, panels: usize, out: usize, outPitch: usize, s: SquareSizes): void {
  const T = s.T, H = s.H, W = s.W, cin = s.cin, kh = s.kh, kw = s.kw, stride = s.stride, padding = s.padding;
  const OH = s.OH, OW = s.OW, cout = s.cout;
  const pixel: usize = <usize>cin << 2;
  for (let n = 0; n < cout; n += 8) {
    for (let oy = 0; oy < OH; oy++) {
      for (let ox = 0; ox < OW; ox++) {
        const to: usize = out + (<usize>((oy * OW + ox) * cout + n) << 2), columns = min(8, cout - n);
        const top = oy * stride - padding, left = ox * stride - padding;
        // neighbouring taps of a row are neighbours in x and in the panel
        const from = max(0, -left), taps = max(0, min(kw, W - left) - from);
        let added = 0;
        for (let ky = max(0, -top); ky < min(kh, H - top); ky++) {
          const d: usize = x + <usize>((top + ky) * W + left + from) * pixel;
          const panel: usize = panels + (<usize>((ky * kw + from) * cin) << 5);
          multiplyPanel(d, pitch, panel, T, taps * cin, to, outPitch, columns, added++);
        }
        if (added == 0) multiplyPanel(x, pitch, panels, T, 0, to, outPitch, columns, 0);
      }
    }
    panels += <usize>(kh * kw * cin) << 5;
  }
}

/**
 * As denseInputGradient: dx from dy and panels of wᵀ; cin a multiple of 8. Rows of dy are dyRow bytes apart, so dy may
 * be the inside of padded planes.
 */
export function smallInputGradient(
  dy: usize, dyPitch: usize, dyRow: usize, panels: usize, out: usize, outPitch: usize, s: SquareSizes,
): void {
  const cin = s.cin, panel: usize = <usize>s.cout << 5, tap: usize = <usize>(cin >> 3) * panel;
  for (let n = 0; n < cin; n += 8) {
    eightChannels(dy, dyPitch, dyRow, panels, tap, out, outPitch, s);
    panels += panel; out += 32;
  }
}

/** Bytes of scratch of smallInputGradientPart. */
export function smallGradientScratchBytes(kh: i32, kw: i32, cout: i32): f64 {
  return 32 * <f64>kh * <f64>kw * <f64>cout;
}

/**
 * The same for input channels first .. end alone, multiples of 8, and from w[kh][kw][cin][cout] itself. For large
 * layers on few pixels: reading the weights costs more than the products, so threads share them, each reads its own
 * once, and the planes of all images go as one sequence.
 */
export function smallInputGradientPart(
  dy: usize, dyPitch: usize, dyRow: usize, w: usize, out: usize, outPitch: usize, scratch: usize, s: SquarePart,
): void {
  const cin = s.cin, cout = s.cout, taps = s.kh * s.kw, end = s.end;
  const panel: usize = <usize>cout << 5, row: usize = <usize>cout << 2;
  for (let n = s.first; n < end; n += 8) {
    for (let tap = 0; tap < taps; tap++) {
      packPanels(w + <usize>(tap * cin + n) * row, 4, row, cout, 8, scratch + <usize>tap * panel);
    }
    const to: usize = out + (<usize>n << 2);
    eightChannels(dy, dyPitch, dyRow, scratch, panel, to, outPitch, s);
  }
}

/** Eight input channels of dx; their panels of neighbouring taps are `tap` bytes apart. */
function eightChannels(
  dy: usize, dyPitch: usize, dyRow: usize, panels: usize, tap: usize, out: usize, outPitch: usize, s: SquareSizes,
): void {
  const T = s.T, H = s.H, W = s.W, kh = s.kh, kw = s.kw, stride = s.stride, padding = s.padding;
  const OH = s.OH, OW = s.OW, cout = s.cout, pixel: usize = <usize>s.cin << 2;
  for (let y = 0; y < H; y++) {
    for (let x = 0; x < W; x++, out += pixel) {
      let added = 0;
      // output (oy, ox) saw (y, x) through tap (y + padding - oy·stride, x + padding - ox·stride)
      for (let oy = 0; oy < OH; oy++) {
        const ky = y + padding - oy * stride;
        if (ky < 0 || ky >= kh) continue;
        for (let ox = 0; ox < OW; ox++) {
          const kx = x + padding - ox * stride;
          if (kx < 0 || kx >= kw) continue;
          const d: usize = dy + <usize>oy * dyRow + (<usize>(ox * cout) << 2);
          multiplyPanel(d, dyPitch, panels + <usize>(ky * kw + kx) * tap, T, cout, out, outPitch, 8, added++);
        }
      }
      if (added == 0) multiplyPanel(dy, dyPitch, panels, T, 0, out, outPitch, 8, 0);
    }
  }
}
