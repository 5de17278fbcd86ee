// Every public function with options refuses what it does not know and what is of the wrong kind, at the call, with
// its own name and the option's. calls.ts says how each is called; one that is not there fails here.

import { beforeAll, describe, expect, test } from 'vitest';
import { documentedOptions } from '../../docs/options';
import { SpikegradError } from '../../src/errors';
import { init } from '../../src/init';
import { CALLS } from './calls';

const taken = [...(await documentedOptions())].flatMap(([entry, list]) =>
  list.flatMap(({ takers, table }) =>
    takers.map((taker) => ({
      taker: entry === 'spikegrad/testing' && taker === 'shapes' ? 'shapes of spikegrad/testing' : taker,
      table: table!,
    })),
  ),
);
const byTaker = new Map(taken.map(({ taker, table }) => [taker, table]));

beforeAll(async () => {
  await init({ backend: 'cpu' });
});

/** The error of a call, also of one that promises; undefined where there is none. */
async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    const result = call();
    if (result instanceof Promise) await result;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** How errors name a function. */
const nameOf = (taker: string) =>
  taker
    .replace(/^new /, '')
    .replace(/ of .*$/, '')
    .replace('SpikingResNet20', 'resnet20')
    .replace('NirNetwork', 'fromNir')
    .replace('Tensor.', '')
    .replace('Module.', '');

test('every function with options stands in the list of calls, and no other', () => {
  expect([...byTaker.keys()].sort()).toEqual(Object.keys(CALLS).sort());
});

/** Values of every kind; of these each option gets those that it cannot take. */
const VALUES: readonly unknown[] = [
  'wibbleflump',
  -1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  0,
  null,
  true,
  {},
  [],
  [[1, 2]],
  5n,
  Symbol('wibbleflump'),
  () => 1,
  class Wibbleflump {},
  new Float32Array(2),
  new Map(),
  Promise.resolve(1),
];

describe.each(Object.keys(CALLS))('%s', (taker) => {
  const call = CALLS[taker]!;
  const name = nameOf(taker);

  test('takes its options', async () => {
    const error = await errorOf(() => call({}));
    // some have nothing to read, or are told to stop at once: that is no fault of the options
    if (error !== undefined) expect((error as Error).message).not.toMatch(/ must be |has no option/);
  });

  test('refuses an option that does not exist, whatever its value', async () => {
    for (const value of [1, undefined]) {
      const error = await errorOf(() => call({ wibbleflump: value }));
      expect(error).toBeInstanceOf(SpikegradError);
      expect((error as SpikegradError).where).toBe(name);
      expect((error as SpikegradError).message).toContain("has no option 'wibbleflump'");
    }
  });

  test('names the option that was meant', async () => {
    for (const option of byTaker.get(taker)!.names) {
      const error = await errorOf(() => call({ [`${option}_`]: 1 }));
      expect((error as Error).message).toContain(`did you mean ${option}?`);
    }
  });

  test('refuses what are no options', async () => {
    for (const value of [7, 'wibbleflump', null, [1], true, new Float32Array(2), () => 1, new Map()]) {
      const error = await errorOf(() => call(value));
      expect(error, String(value)).toBeInstanceOf(SpikegradError);
      expect((error as SpikegradError).where).toBe(name);
      expect((error as Error).message).toMatch(/options must be an object such as|has no option/);
    }
  });

  test('refuses values of the wrong kind', async () => {
    const { specs } = byTaker.get(taker)!;
    for (const [option, { kind }] of Object.entries(specs)) {
      for (const value of VALUES) {
        if (kind.holds(value)) continue;
        const error = await errorOf(() => call({ [option]: value }));
        const what = `${option}: ${String(value)}`;
        expect(error, what).toBeInstanceOf(SpikegradError);
        expect((error as SpikegradError).where, what).toBe(name);
        expect((error as Error).message, what).toContain(`${option} must be ${kind.wanted}, got `);
      }
    }
  });
});
