// Properties as tests: `test.prop([arbitraries])(name, body)`. Each draws anew every time; the seed stands in the
// test's name, so that a failure, and a hang too, can be had again: `test.prop([…], { seed })`. (The package that
// does this takes two seconds to load, in each process of the tests.)

import fc from 'fast-check';
import { test as plain } from 'vitest';

/** An arbitrary for each of the body's values. */
type Arbitraries<Values extends readonly unknown[]> = { [K in keyof Values]: fc.Arbitrary<Values[K]> };

/** A property fails where its body throws or gives false. @param patience milliseconds that all its runs may take */
type Declare<Values extends readonly unknown[]> = (
  name: string,
  body: (...values: Values) => unknown,
  patience?: number,
) => void;

function prop<Values extends [unknown, ...unknown[]]>(
  arbitraries: Arbitraries<Values>,
  settings: fc.Parameters<Values> = {},
): Declare<Values> {
  return (name, body, patience) => {
    const seed = settings.seed ?? Math.floor((Math.random() - 0.5) * 2 ** 32);
    const holds = fc.asyncProperty<Values>(
      ...arbitraries,
      async (...values) => (await body(...values)) !== false,
    );
    plain(`${name} (with seed=${seed})`, () => fc.assert(holds, { ...settings, seed }), patience);
  };
}

export { fc };
export const test = Object.assign(plain.extend({}), { prop });
