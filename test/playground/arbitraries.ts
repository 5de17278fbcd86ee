// Values of rooms' states, and what a link may hold in their place. Not a test itself.

import fc from 'fast-check';
import { type Range, snap } from '../../examples/playground/src/frame/fields';
import { FIRST } from '../../examples/playground/src/rooms/neuron/own/first';
import { fromJson, toJson } from '../../examples/playground/src/rooms/neuron/own/written';

export const onGrid = (range: Range) =>
  fc
    .integer({ min: Math.round(range.min / range.step), max: Math.round(range.max / range.step) })
    .map((index) => snap(index * range.step, range));

/** Neurons that somebody may have written, with mistakes or without, or none. */
export const ownNeurons: fc.Arbitrary<string> = fc.oneof(
  fc.constant(''),
  fc
    .record({
      equations: fc.oneof(fc.constant(fromJson(FIRST)!.equations), fc.string()),
      parameters: fc.dictionary(
        fc.string(),
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.record({ learn: fc.integer() })),
      ),
      surrogate: fc.constantFrom('arctan', { name: 'arctan', alpha: 2 }),
    })
    .map((written) => toJson(fromJson(JSON.stringify(written))!)),
);

/** Text that a link might hold where a value belongs. */
export const hostile = fc.oneof(
  fc.string(),
  fc.constantFrom('NaN', 'Infinity', '-0', '1e400', '0x10', '__proto__', '٣', '1'.repeat(10_000), '', 'null'),
  fc.double().map(String),
);
