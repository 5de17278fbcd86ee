// Draws as before, but shrunk towards numbers that are short in binary, so that a counterexample reads 0.25 and not
// 5e-324 or 0.3333333432674408.

import type fc from 'fast-check';
import { shrunk } from './shrunk';

/** Up to so many binary digits behind the point, … */
const ALL_DIGITS = 4;
/** … every number of at most this size is tried. */
const ALL_SIZE = 4;
/** A double of size 1 has no more. */
const MOST_DIGITS = 53;

/** Binary digits behind the point: 0 of whole numbers, 2 of 0.25. */
function digits(x: number): number {
  let count = 0;
  while (count < MOST_DIGITS && !Number.isInteger(x * 2 ** count)) count++;
  return count;
}

/** The small numbers with exactly `count` digits, the nearest to 0 first. */
function* small(count: number): Generator<number> {
  const step = count === 0 ? 1 : 2;
  for (let i = count === 0 ? 0 : 1; i <= ALL_SIZE * 2 ** count; i += step) {
    yield i / 2 ** count;
    if (i > 0) yield -i / 2 ** count;
  }
}

/** Simpler numbers than `x`, the simplest first: fewer digits, or as many and nearer to 0, or as near and positive. */
export function* simpler(x: number): Generator<number> {
  const own = digits(x);
  const size = Math.abs(x);
  for (let count = 0; count < own; count++) {
    if (count <= ALL_DIGITS) yield* small(count);
    const below = Math.floor(x * 2 ** count) / 2 ** count;
    yield below;
    yield below + 2 ** -count;
  }
  if (own <= ALL_DIGITS) {
    for (const candidate of small(own))
      if (Math.abs(candidate) < size || (candidate === size && x < 0)) yield candidate;
  }
  if (own === 0 && size > ALL_SIZE) yield* [Math.trunc(x / 2), x - Math.sign(x)];
}

/**
 * The same draws, shrunk towards few binary digits, then towards 0.
 * @param drawn finite numbers in [min, max]
 */
export function simplest(drawn: fc.Arbitrary<number>, min: number, max: number): fc.Arbitrary<number> {
  const allowed = (x: number) => x >= min && x <= max;
  const knows = (x: unknown): x is number => typeof x === 'number' && allowed(x);
  return shrunk(drawn, { simpler, allowed, knows });
}
