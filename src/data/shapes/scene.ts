// One image of the `shapes` data set: a textured shape at a random place, size and angle over a textured
// background, with noise. Whether shape or background is the brighter one is left to chance, so that neither the mean
// colour nor the mean image of a class gives the class away.

import type { Random } from '../../core/random';
import type { Outline } from './outline';
import { direction, paint, type Surface } from './texture';

/** Pixels along each side of an image. */
export const SIDE = 32;

/** Red, green, blue. */
export const CHANNELS = 3;

// How hard the images are; lengths in pixels, brightness in 0..1. Place, angle, texture, tint and the sign of the
// contrast are free. Size, strength of contrast and noise vary little: a deep network that ends in a global average
// pool begins by learning averages over the image, and would spend its first epochs on those.
const RADIUS = [10.5, 13.5] as const;
const MARGIN = 1;
const BRIGHTNESS = [0.2, 0.8] as const;
const CONTRAST = [0.45, 0.6] as const;
const NOISE = [0, 0.03] as const;

/** Draws one image of `outline` into `pixels`, SIDE·SIDE·3 bytes with channels last. */
export function drawScene(outline: Outline, random: Random, pixels: Uint8Array): void {
  const contrast = random.uniform(...CONTRAST);
  const middle = random.uniform(BRIGHTNESS[0] + contrast / 2, BRIGHTNESS[1] - contrast / 2);
  const half = random.integer(2) === 0 ? contrast / 2 : -contrast / 2;
  const canvas = new Float64Array(SIDE * SIDE * CHANNELS);
  lay(canvas, () => 1, paint(random, SIDE, middle - half, contrast));
  lay(canvas, placed(outline, random), paint(random, SIDE, middle + half, contrast));
  develop(canvas, random, pixels);
}

/** The part of a pixel that something covers, for the centre (x, y) of the pixel. */
type Coverage = (x: number, y: number) => number;

/** 1 inside an outline, 0 outside, and a ramp one pixel wide between them; `distance` in pixels. */
const covered = (distance: number) => (distance <= -0.5 ? 1 : distance >= 0.5 ? 0 : 0.5 - distance);

/** The outline at a random size, angle and place, wholly inside the image but for tips beyond its unit disc. */
function placed(outline: Outline, random: Random): Coverage {
  const radius = random.uniform(...RADIUS);
  const room = SIDE / 2 - MARGIN - radius;
  const centreX = SIDE / 2 + random.uniform(-room, room);
  const centreY = SIDE / 2 + random.uniform(-room, room);
  const [cos, sin] = direction(random);
  return (x, y) => {
    const dx = (x - centreX) / radius;
    const dy = (y - centreY) / radius;
    return covered(outline(dx * cos + dy * sin, dy * cos - dx * sin) * radius);
  };
}

/** canvas += coverage·(colour + pattern·grain - canvas), per pixel and channel. */
function lay(canvas: Float64Array, coverage: Coverage, { colour, grain, pattern }: Surface): void {
  for (let row = 0, at = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++, at += CHANNELS) {
      const part = coverage(column + 0.5, row + 0.5);
      if (part === 0) continue;
      const shade = pattern(column + 0.5, row + 0.5);
      for (let channel = 0; channel < CHANNELS; channel++) {
        const under = canvas[at + channel]!;
        canvas[at + channel] = under + part * (colour[channel]! + shade * grain[channel]! - under);
      }
    }
  }
}

/** Adds noise of one strength to the whole canvas and rounds to bytes. */
function develop(canvas: Float64Array, random: Random, pixels: Uint8Array): void {
  const strength = random.uniform(...NOISE);
  for (let at = 0; at < canvas.length; at++) {
    // The sum of two uniform variables from one draw: a triangle on (-1, 1), near enough to a bell.
    const bits = random.uint32();
    const noise = ((bits & 0xffff) + (bits >>> 16)) / 0xffff - 1;
    pixels[at] = Math.max(0, Math.min(255, Math.round(255 * (canvas[at]! + strength * noise))));
  }
}
