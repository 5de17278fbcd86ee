// Values of rooms' states, and what a link may hold in their place. Not a test itself.

import fc from 'fast-check';
import { type Range, snap } from '../../examples/playground/src/frame/fields';

export const onGrid = (range: Range) =>
  fc
    .integer({ min: Math.round(range.min / range.step), max: Math.round(range.max / range.step) })
    .map((index) => snap(index * range.step, range));

/** Text that a link might hold where a value belongs. */
export const hostile = fc.oneof(
  fc.string(),
  fc.constantFrom('NaN', 'Infinity', '-0', '1e400', '0x10', '__proto__', '٣', '1'.repeat(10_000), '', 'null'),
  fc.double().map(String),
);
