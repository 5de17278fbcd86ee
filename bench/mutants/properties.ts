// What the tests use of @fast-check/vitest, which takes two seconds to load: far more than most mutants live.

import fc from 'fast-check';
import { test as plain } from 'vitest';

type Body = (...values: never[]) => unknown;

/** A property of drawn values, given one by one or by name. */
function prop(
  drawn: readonly fc.Arbitrary<unknown>[] | Record<string, fc.Arbitrary<unknown>>,
  settings = {},
) {
  const values: fc.Arbitrary<unknown[]> = Array.isArray(drawn)
    ? fc.tuple(...drawn)
    : fc.record(drawn as Record<string, fc.Arbitrary<unknown>>).map((named) => [named]);
  return (name: string, body: Body, patience?: number) =>
    plain(
      name,
      async () => {
        const holds = fc.asyncProperty(
          values,
          async (given) => (await body(...(given as never[]))) !== false,
        );
        await fc.assert(holds, settings);
      },
      patience,
    );
}

export { fc };
export const test = Object.assign(plain.bind(undefined), {
  each: plain.each,
  skipIf: plain.skipIf,
  prop,
});
export const it = test;
