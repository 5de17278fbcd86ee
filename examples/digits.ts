// Ten digits drawn from a seed, 28x28 grey like MNIST's, for where MNIST is not at hand: glyphs of 3x5 cells at a
// random place, size and slant, under noise. Easier than handwriting.

import { type Dataset, makeDataset, Random } from 'spikegrad';

/** The rows of each digit, top to bottom; the three bits of an octal digit are its cells. */
const GLYPHS = ['75557', '26227', '71747', '71717', '55711', '74717', '74757', '71222', '75757', '75717'];
const SIDE = 28;

/** Whether the glyph of `digit` has ink at (x, y), both from 0 to 1. */
function inked(digit: number, x: number, y: number): boolean {
  if (x < 0 || x >= 1 || y < 0 || y >= 1) return false;
  const row = Number(GLYPHS[digit]![Math.floor(5 * y)]);
  return ((row >> (2 - Math.floor(3 * x))) & 1) === 1;
}

/** Draws `count` images; every ten hold each digit once. */
export function digits(count: number, seed: number): Dataset {
  const random = new Random(seed);
  const pixels = new Uint8Array(count * SIDE * SIDE);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  labels.forEach((digit, i) => {
    const [width, height] = [random.uniform(10, 14), random.uniform(16, 20)];
    const [left, top] = [14 - width / 2 + random.uniform(-2, 2), 14 - height / 2 + random.uniform(-2, 2)];
    const slant = random.uniform(-0.2, 0.2);
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) {
        const ink = inked(digit, (x - left + slant * (y - 14)) / width, (y - top) / height) ? 180 : 30;
        pixels[(i * SIDE + y) * SIDE + x] = Math.min(255, Math.max(0, Math.round(random.normal(ink, 40))));
      }
  });
  const classes = Array.from('0123456789');
  const parts = { name: 'digits', classes, height: SIDE, width: SIDE, channels: 1, pixels, labels };
  return makeDataset({ ...parts, mean: [0.25], deviation: [0.27] });
}
