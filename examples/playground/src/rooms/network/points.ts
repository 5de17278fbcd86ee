// Points of two classes in the plane, drawn from a seed.

import { Random } from 'spikegrad';
import type { ShapeName } from './state';

export interface Points {
  /** x and y of each point, one after the other. */
  readonly places: Float32Array;
  /** 0 or 1. */
  readonly labels: Uint8Array;
}

type Place = readonly [x: number, y: number];

/** A place on the shape of a class; `along` in [0, 1) says where on it. */
const outlines: Record<ShapeName, (label: number, along: number, random: Random) => Place> = {
  circles: (label, along) => onCircle(label === 0 ? 0.85 : 0.35, 2 * Math.PI * along),
  // two half circles, the second turned and moved into the first
  moons(label, along) {
    const [x, y] = onCircle(0.65, Math.PI * along);
    return label === 0 ? [x - 0.3, y - 0.15] : [0.3 - x, 0.15 - y];
  },
  // a whole turn; the square root spreads points evenly
  spirals(label, along) {
    const part = Math.sqrt(along);
    return onCircle(0.05 + 0.95 * part, Math.PI * (label + 2 * part));
  },
  xor(label, along, random) {
    const [x, y] = [random.uniform(0.12, 0.95), random.uniform(0.12, 0.95)];
    const side = along < 0.5 ? 1 : -1;
    return [side * x, (label === 0 ? side : -side) * y];
  },
};

const onCircle = (radius: number, angle: number): Place => [
  radius * Math.cos(angle),
  radius * Math.sin(angle),
];

/**
 * @param stream 0 for the points to learn from, 1 for those to test with
 */
export function drawPoints(
  { shape, noise, seed }: { readonly shape: ShapeName; readonly noise: number; readonly seed: number },
  count: number,
  stream: 0 | 1,
): Points {
  const random = new Random(seed, 100 + stream);
  const places = new Float32Array(2 * count);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  labels.forEach((label, i) => {
    const [x, y] = outlines[shape](label, random.uniform(), random);
    places[2 * i] = x + random.normal(0, noise);
    places[2 * i + 1] = y + random.normal(0, noise);
  });
  return { places, labels };
}
