// A simulated event camera, for where no recordings are at hand: a bar crosses its 34x34 pixels, in a file as
// N-MNIST's.

import { Random } from 'spikegrad';

export const SIDE = 34;
export const DIRECTIONS = ['right', 'left', 'down', 'up'] as const;

/** Microseconds that the bar stays at a pixel. */
const DWELL = 3000;
const LENGTH = 16;

/** The file of a recording: five bytes an event, x, y, and one bit of polarity before 23 bits of microseconds. */
export function record(direction: number, seed: number): Uint8Array {
  const random = new Random(seed);
  const bytes: number[] = [];
  const event = (x: number, y: number, on: number, time: number) =>
    bytes.push(x, y, (on << 7) | (time >> 16), (time >> 8) & 255, time & 255);
  const width = 3 + random.integer(6);
  const start = random.integer(SIDE - LENGTH);
  for (let step = 0; step < SIDE; step++) {
    const when = () => step * DWELL + random.integer(DWELL);
    // brighter, ON, where the bar arrives; darker, OFF, where it has left
    for (const [on, travelled] of [
      [1, step],
      [0, step - width],
    ] as const) {
      if (travelled < 0) continue;
      const front = direction % 2 === 0 ? travelled : SIDE - 1 - travelled;
      for (let i = start; i < start + LENGTH; i++) {
        if (random.uniform() < 0.5) continue; // half of the pixels miss it
        event(direction < 2 ? front : i, direction < 2 ? i : front, on, when());
      }
    }
    for (let i = 0; i < 6; i++) event(random.integer(SIDE), random.integer(SIDE), random.integer(2), when());
  }
  return Uint8Array.from(bytes);
}
