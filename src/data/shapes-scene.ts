// One image of the `shapes` data set: a textured shape at a random place, size and angle over a textured, cluttered
// background, with noise. Whether shape or background is the brighter one is left to chance, so that neither the mean
// colour nor the mean image of a class gives the class away.

import type { Random } from '../core/random';
import type { Outline } from './shapes-outline';
import { type Colour, type Paint, paint, tint } from './shapes-texture';

/** Pixels along each side of an image. */
export const SIDE = 32;

/** Red, green, blue. */
export const CHANNELS = 3;

// How hard the images are. Lengths in pixels, brightness in 0..1.
const RADIUS = [10, 13] as const;
const MARGIN = 1;
const BRIGHTNESS = [0.15, 0.85] as const;
const CONTRAST = [0.35, 0.6] as const;
/** Largest sine of the angle by which a shape is tilted. */
const TILT = 0.25;
const NOISE = [0.02, 0.06] as const;
const MOST_SPECKS = 3;
const SPECK_RADIUS = [1, 1.8] as const;

/** Draws one image of `outline` into `pixels`, SIDE·SIDE·3 bytes with channels last. */
export function drawScene(outline: Outline, random: Random, pixels: Uint8Array): void {
  const contrast = random.uniform(...CONTRAST);
  const middle = random.uniform(BRIGHTNESS[0] + contrast / 2, BRIGHTNESS[1] - contrast / 2);
  const half = random.integer(2) === 0 ? contrast / 2 : -contrast / 2;
  const canvas = new Float64Array(SIDE * SIDE * CHANNELS);

  lay(canvas, () => 1, paint(random, SIDE, middle - half, contrast));
  for (let specks = random.integer(MOST_SPECKS + 1); specks > 0; specks--) {
    lay(canvas, speck(random), flat(tint(random, random.uniform(...BRIGHTNESS))));
  }
  lay(canvas, placed(outline, random), paint(random, SIDE, middle + half, contrast));
  develop(canvas, random, pixels);
}

/** The part of a pixel that something covers, for the centre (x, y) of the pixel. */
type Coverage = (x: number, y: number) => number;

/** 1 inside an outline, 0 outside, and a ramp one pixel wide between them; `distance` in pixels. */
const covered = (distance: number) => (distance <= -0.5 ? 1 : distance >= 0.5 ? 0 : 0.5 - distance);

/** The outline at a random size, angle and place, wholly inside the image if it fills no more than its unit disc. */
function placed(outline: Outline, random: Random): Coverage {
  const radius = random.uniform(...RADIUS);
  const room = SIDE / 2 - MARGIN - radius;
  const centreX = SIDE / 2 + random.uniform(-room, room);
  const centreY = SIDE / 2 + random.uniform(-room, room);
  const sin = random.uniform(-TILT, TILT);
  const cos = Math.sqrt(1 - sin * sin);
  return (x, y) => {
    const dx = (x - centreX) / radius;
    const dy = (y - centreY) / radius;
    return covered(outline(dx * cos + dy * sin, dy * cos - dx * sin) * radius);
  };
}

/** A small disc anywhere: clutter that looks like no class. */
function speck(random: Random): Coverage {
  const centreX = random.uniform(0, SIDE);
  const centreY = random.uniform(0, SIDE);
  const radius = random.uniform(...SPECK_RADIUS);
  return (x, y) => covered(Math.sqrt((x - centreX) * (x - centreX) + (y - centreY) * (y - centreY)) - radius);
}

const flat = (colour: Colour): Paint => ({ colour, grain: [0, 0, 0], pattern: () => 0 });

/** canvas += coverage·(colour + pattern·grain - canvas), per pixel and channel. */
function lay(canvas: Float64Array, coverage: Coverage, { colour, grain, pattern }: Paint): void {
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
