// Potentials to try a function of the membrane at: plain ones, far ones, and ones as near to a special point as
// floats go.

import fc from 'fast-check';
import type { FloatFormat } from './floats';
import { simplest } from './simplest';

/**
 * @param points where something changes: the threshold, the two levels
 * @param reach how far plain ones lie outside the points; a few lie up to 50 away
 */
export function potentials(points: readonly number[], floats: FloatFormat, reach = 2): fc.Arbitrary<number> {
  const [low, high] = [Math.min(...points), Math.max(...points)];
  const even = (min: number, max: number) =>
    fc.integer({ min: 0, max: 2 ** 24 }).map((i) => min + ((max - min) * i) / 2 ** 24);
  const special = fc.constantFrom(...points).chain((point) => {
    const gap = fc.oneof(
      { arbitrary: fc.integer({ min: 1, max: 60 }).map((place) => 2 ** -place), weight: 4 },
      { arbitrary: fc.constantFrom(0.5, 1).map((part) => part * floats.spacing(point)), weight: 2 },
    );
    return fc.tuple(fc.constantFrom(-1, 0, 1), gap).map(([side, distance]) => point + side * distance);
  });
  const near = { arbitrary: even(low - reach, high + reach), weight: 5 };
  const beside = { arbitrary: special, weight: 3 };
  const far = { arbitrary: even(-50, 50), weight: 1 };
  return simplest(fc.oneof(near, beside, far), Math.min(-50, low - reach), Math.max(50, high + reach)).map(
    floats.round,
  );
}
