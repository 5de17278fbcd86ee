// Textures and colours for the `shapes` data set: what fills a shape and what lies behind it. Only + - * / and square
// roots, as in outline.ts, so that the same seed paints the same bytes on every machine.

import type { Random } from '../../core/random';

/** A pattern over the image: a value in [-1, 1] for the pixel (x, y). */
type Pattern = (x: number, y: number) => number;

/** Red, green and blue, where 0..1 is the range that a pixel can show. */
type Colour = readonly [number, number, number];

const TINT = 0.1;
const STRENGTH = [0, 0.3] as const; // of a pattern, as a part of the contrast

/** A direction, uniform on the unit circle (a point drawn in the unit disc, then scaled: no sine, no cosine). */
export function direction(random: Random): readonly [number, number] {
  for (;;) {
    const x = random.uniform(-1, 1);
    const y = random.uniform(-1, 1);
    const square = x * x + y * y;
    if (square > 1e-4 && square < 1) return [x / Math.sqrt(square), y / Math.sqrt(square)];
  }
}

/** A triangle wave of period 1 between -1 and 1. */
function wave(phase: number): number {
  return 4 * Math.abs(phase - Math.floor(phase) - 0.5) - 1;
}

function plain(): Pattern {
  return () => 0;
}

function stripes(random: Random): Pattern {
  const [dx, dy] = direction(random);
  const frequency = 1 / random.uniform(4, 9);
  const shift = random.uniform();
  return (x, y) => wave((x * dx + y * dy) * frequency + shift);
}

function checks(random: Random): Pattern {
  const [dx, dy] = direction(random);
  const frequency = 1 / random.uniform(5, 10);
  const shift = random.uniform();
  const hard = (phase: number) => Math.max(-1, Math.min(1, 2 * wave(phase)));
  return (x, y) => hard((x * dx + y * dy) * frequency + shift) * hard((x * dy - y * dx) * frequency);
}

/** A ramp across the image. */
function gradient(random: Random, size: number): Pattern {
  const [dx, dy] = direction(random);
  const half = size / 2;
  return (x, y) => ((x - half) * dx + (y - half) * dy) / (half * 1.5);
}

/** Random values on a coarse grid, joined bilinearly. */
function blotches(random: Random, size: number): Pattern {
  const cell = random.uniform(4, 8);
  const across = Math.ceil(size / cell) + 2;
  const grid = Float64Array.from({ length: across * across }, () => random.uniform(-1, 1));
  return (x, y) => {
    const column = Math.floor(x / cell);
    const row = Math.floor(y / cell);
    const u = x / cell - column;
    const v = y / cell - row;
    const at = row * across + column;
    const top = grid[at]! + (grid[at + 1]! - grid[at]!) * u;
    const bottom = grid[at + across]! + (grid[at + across + 1]! - grid[at + across]!) * u;
    return top + (bottom - top) * v;
  };
}

const patterns = [plain, stripes, checks, gradient, blotches] as const;

/** A random tint of the brightness `level`: channels stray from it, and their mean does not. */
function tint(random: Random, level: number): Colour {
  const red = random.uniform(-TINT, TINT);
  const green = random.uniform(-TINT, TINT);
  const blue = random.uniform(-TINT, TINT);
  const mean = (red + green + blue) / 3;
  return [level + red - mean, level + green - mean, level + blue - mean];
}

/** What a surface looks like: colour + pattern(x, y)·grain, per channel. */
export interface Surface {
  readonly colour: Colour;
  readonly grain: Colour;
  readonly pattern: Pattern;
}

/**
 * A random paint of the brightness `level` for an image of size x size pixels. Its pattern is weaker than `contrast`,
 * the difference in brightness between shape and background, so that a texture hides an outline but never makes one.
 */
export function paint(random: Random, size: number, level: number, contrast: number): Surface {
  const strength = contrast * random.uniform(...STRENGTH);
  const pattern = patterns[random.integer(patterns.length)]!(random, size);
  return { colour: tint(random, level), grain: tint(random, strength), pattern };
}
