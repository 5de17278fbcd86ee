// Options of windows that may differ along height and width: one number for both, or [height, width].

import type { Sides } from '../backends/windows';
import { type Kind, kind, whole } from '../options';

/** One number for both axes of an image, or [of its height, of its width]. */
export type PerAxis = number | readonly [height: number, width: number];

/** A whole number of at least `least`, or two of them. */
/* @__NO_SIDE_EFFECTS__ */
export function perAxis(least: number): Kind<PerAxis> {
  const one = whole({ least });
  return kind(
    `${one.wanted}, or [height, width] of them`,
    (value) => one.holds(value) || (Array.isArray(value) && value.length === 2 && value.every(one.holds)),
  );
}

/** For both axes. */
export function sidesOf(value: PerAxis): Sides {
  return typeof value === 'number' ? [value, value] : value;
}

/** One number where both are equal. */
export function shortSides([height, width]: Sides): PerAxis {
  return height === width ? height : [height, width];
}
