// AutoAugment's operations that move pixels. Each pixel of the result asks where it comes from; where that lies outside
// the image it is grey, 128 in every channel (DeepVoltaire's fill, which Guo et al. run). Shears interpolate with a
// cubic, shifts and rotations take the nearest pixel, as there. In place, and to the bit what PIL's Image.transform and
// Image.rotate give. Pixel (x, y) covers [x, x+1) x [y, y+1), so its centre lies at (x + 1/2, y + 1/2).

import { cos, sin } from '../../mathematics';
import type { RawImage } from './image';

/** Value of every channel where the result shows what lies outside the image. */
export const FILL = 128;

/** Row y comes from `factor`·(y + 1/2) pixels further right. @param spare room for a copy of the image */
export function shearX(image: RawImage, factor: number, spare: Uint8Array): void {
  const { height, width, channels } = image;
  shear(image, factor, { length: width, step: channels, lines: height, stride: width * channels }, spare);
}

/** Column x comes from `factor`·(x + 1/2) pixels further down. @param spare room for a copy of the image */
export function shearY(image: RawImage, factor: number, spare: Uint8Array): void {
  const { height, width, channels } = image;
  shear(image, factor, { length: height, step: width * channels, lines: width, stride: channels }, spare);
}

/** Lines of pixels in memory: `length` pixels a line, `step` bytes apart; lines begin `stride` bytes apart. */
interface PixelLines {
  readonly length: number;
  readonly step: number;
  readonly lines: number;
  readonly stride: number;
}

/**
 * Between the pixels b and c, whose outer neighbours are a and d, at a distance t in [0,1) from b (Keys's cubic with
 * -1, neighbours beyond the border repeat it):
 *   b + t·((c - a) + t·((2(a - b) + c - d) + t·(b - a - c + d)))
 */
function shear({ pixels, channels }: RawImage, factor: number, along: PixelLines, spare: Uint8Array): void {
  spare.set(pixels);
  const { length, step, lines, stride } = along;
  for (let line = 0; line < lines; line++) {
    const shift = factor * (line + 0.5);
    for (let i = 0; i < length; i++) {
      const target = line * stride + i * step;
      const centre = i + 0.5 + shift;
      if (centre < 0 || centre >= length) {
        pixels.fill(FILL, target, target + channels);
        continue;
      }
      const left = Math.floor(centre - 0.5);
      const t = centre - 0.5 - left;
      const source = (j: number) => line * stride + Math.min(length - 1, Math.max(0, j)) * step;
      const [ia, ib, ic, id] = [source(left - 1), source(left), source(left + 1), source(left + 2)];
      for (let channel = 0; channel < channels; channel++) {
        const [a, b] = [spare[ia + channel]!, spare[ib + channel]!];
        const [c, d] = [spare[ic + channel]!, spare[id + channel]!];
        const value = b + t * (-a + c + t * (2 * (a - b) + c - d + t * (-a + b - c + d)));
        pixels[target + channel] = value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
      }
    }
  }
}

/**
 * Pixel (x, y) comes from the one at (x + dx, y + dy), rounded to whole pixels.
 * @param spare room for a copy of the image
 */
export function translate(image: RawImage, dx: number, dy: number, spare: Uint8Array): void {
  const { height, width, channels, pixels } = image;
  spare.set(pixels);
  const [right, down] = [Math.floor(dx + 0.5), Math.floor(dy + 0.5)];
  const row = width * channels;
  const [first, last] = [Math.max(0, -right), Math.min(width, width - right)];
  pixels.fill(FILL);
  if (first >= last) return;
  for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++) {
    const from = (y + down) * row + right * channels;
    const line = spare.subarray(from + first * channels, from + last * channels);
    pixels.set(line, y * row + first * channels);
  }
}

/** 16 bits of fraction, rounded: PIL's arithmetic where no interpolation is asked for. */
const fixed = (value: number): number => Math.floor(value * 65536 + 0.5);

/**
 * Counter-clockwise about the image's centre. With p the place from the centre, source = R·p, where
 *   R = ( cos a  -sin a )
 *       ( sin a   cos a )      in an image whose y points down
 * @param degrees any angle
 * @param spare room for a copy of the image
 */
export function rotate(image: RawImage, degrees: number, spare: Uint8Array): void {
  const { height, width, channels, pixels } = image;
  spare.set(pixels);
  const angle = (degrees * Math.PI) / 180;
  const [cosine, sine] = [cos(angle), sin(angle)];
  const [cx, cy] = [width / 2, height / 2];
  const [stepX, stepY] = [fixed(cosine), fixed(sine)];
  // Where the centre of pixel (0, 0) comes from.
  const originX = fixed(cx - cosine * cx + sine * cy + cosine / 2 - sine / 2);
  const originY = fixed(cy - sine * cx - cosine * cy + sine / 2 + cosine / 2);
  const minusSin = fixed(-sine);
  for (let y = 0, target = 0; y < height; y++) {
    let [sourceX, sourceY] = [originX + y * minusSin, originY + y * stepX];
    for (let x = 0; x < width; x++, target += channels, sourceX += stepX, sourceY += stepY) {
      const [column, line] = [Math.floor(sourceX / 65536), Math.floor(sourceY / 65536)];
      const inside = column >= 0 && column < width && line >= 0 && line < height;
      const from = (line * width + column) * channels;
      for (let c = 0; c < channels; c++) pixels[target + c] = inside ? spare[from + c]! : FILL;
    }
  }
}
