// Python's pickles, as data. A pickle is a program that names functions and calls them; here a name is one of a list
// that the caller gives, each standing for a function of ours that makes plain values, or the file is refused.
// pickleparser, loaded when a pickle is opened, runs the program; nothing of Python's is ever executed.

import { check, SpikegradError } from '../../errors';
import { PickledNumber, PickleReader } from './reader';

/** What a name in a pickle stands for: makes a plain value of what it is called with. */
export type PickleFunction = (...values: unknown[]) => unknown;

/** What a reader lets pickles name. */
export interface PickleNames {
  /** By `module.name`, as Python writes it: a function of ours, or a frozen value for a class that nothing calls. */
  readonly meanings: Readonly<Record<string, PickleFunction | object>>;
  /** What a persistent id stands for, such as a storage of PyTorch's. Default: they are refused. */
  readonly persistent?: (id: unknown) => unknown;
  /** What to say of a name that is not listed, and what to do. */
  readonly unlisted: (name: string) => string;
}

/** Objects that were made from a listed name: their fields, set by the pickle. */
export class PickledObject {
  constructor(readonly className: string) {}
}

/** 200 MB: what a pickle says besides the numbers of tensors is short. */
const MOST_BYTES = 200_000_000;

/**
 * Reads a pickle of protocol 2 to 5, of at most 200 MB. Dictionaries are Maps, tuples and lists arrays, bytes
 * Uint8Arrays.
 * @param where the function that reads, for messages
 * @throws naming what is not listed, or the byte at which the pickle is damaged
 */
export async function unpickle(where: string, bytes: Uint8Array, names: PickleNames): Promise<unknown> {
  const [mark, protocol] = bytes;
  check(
    mark === 0x80 && protocol! >= 2 && protocol! <= 5,
    where,
    () => `the pickle begins with byte ${mark}, ${protocol}; protocols 2 to 5 are read, which begin with 128`,
  );
  check(
    bytes.length <= MOST_BYTES,
    where,
    () => `the pickle has ${bytes.length} bytes; at most ${MOST_BYTES} are read`,
  );
  const { Parser } = (await import('pickleparser')).default; // CommonJS, whose names not every loader sees
  const reader = new PickleReader(where, bytes);
  const resolve = (module: string, name: string) => meaningOf(where, names, `${module}.${name}`);
  const refuse = (what: string) => () => {
    throw new SpikegradError(
      where,
      `the pickle has ${what} at byte ${reader.position}, which cannot be resolved here`,
    );
  };
  try {
    return new Parser({
      nameResolver: { resolve },
      persistentResolver: {
        resolve: (id: unknown) =>
          id instanceof PickledNumber ? id.value : (names.persistent ?? refuse('a persistent id'))(id),
      },
      extensionResolver: { resolve: refuse('an extension') },
      unpicklingTypeOfSet: 'array',
      unpicklingTypeOfDictionary: 'Map',
    }).read(reader);
  } catch (cause) {
    if (cause instanceof SpikegradError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SpikegradError(
      where,
      `the pickle is damaged or cut off: ${why.slice(0, 200)} (at byte ${reader.position} of ${bytes.length})`,
      { cause },
    );
  }
}

/**
 * What is behind a name. A function is made anew for each pickle and frozen, so that none can leave anything on it;
 * it can be called or constructed, as pickles do both.
 */
function meaningOf(where: string, { meanings, unlisted }: PickleNames, name: string): PickleFunction {
  const short = name.length > 200 ? `${name.slice(0, 200)}…` : name;
  check(Object.hasOwn(meanings, name), where, () => unlisted(short));
  const meaning = meanings[name]!;
  if (typeof meaning !== 'function') return meaning as PickleFunction; // which fails where the pickle calls it
  return Object.freeze(function ours(...values: unknown[]): unknown {
    return (meaning as PickleFunction)(...values);
  });
}
