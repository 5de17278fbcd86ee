// Hostile files by mutation: a valid file with some bytes changed, cut out, repeated, moved or replaced by what has
// broken readers before: extreme lengths, keys of Object.prototype, numbers that are none.

import fc from 'fast-check';

const text = (word: string) => new TextEncoder().encode(word);

const WORDS: readonly Uint8Array[] = [
  ...['__proto__', 'constructor', '"__proto__":{"polluted":1},', 'null', '[]', '{}', '-1', '1e999', '1e308'],
  ...['9007199254740993', '0.5', 'NaN', '""', '"', '\\', '\\ud800', '\n', '../../evil', '/tmp/evil', '\0'],
].map(text);

const NUMBERS: readonly Uint8Array[] = [
  [0, 0, 0, 0],
  [255, 255, 255, 255],
  [127, 255, 255, 255],
  [0, 0, 0, 128],
  [255, 255, 255, 255, 255, 255, 255, 127],
  [0x1f, 0x8b, 8, 0],
].map((bytes) => Uint8Array.from(bytes));

/** One change: at a place, so many bytes go, and these come. */
export interface Change {
  /** In [0, 1): the share of the file before it. */
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

/** Evenly: drawn as a double, nearly all would be next to 0. */
const share = fc.nat(999_999).map((x) => x / 1e6);
/** Decisions fall in the first bytes of a file more often than in the rest. */
const place = fc.oneof(
  share,
  share.map((x) => x / 10),
  share.map((x) => x / 100),
);
const token = fc.constantFrom(...WORDS, ...NUMBERS);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ at: place, remove: fc.constant(1), insert: fc.uint8Array({ minLength: 1, maxLength: 1 }) }),
  fc.record({ at: place, remove: fc.nat(12), insert: token }),
  fc.record({ at: place, remove: fc.nat(40), insert: fc.uint8Array({ maxLength: 8 }) }),
);

/** A JSON value in the file, counted as a share of all, becomes another: syntax stays, meaning goes. */
export interface ValueChange {
  readonly at: number;
  readonly value: string;
}

const values = '__proto__ constructor ../../evil'.split(' ').map((word) => JSON.stringify(word));
values.push(
  'null',
  '[]',
  '{}',
  '-1',
  '0',
  '1e308',
  '9007199254740993',
  '0.5',
  '""',
  'true',
  '[[1]]',
  '[-1,0]',
);
values.push('{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}');

const valueChange = fc.record({ at: share, value: fc.constantFrom(...values) });

/** How a valid file becomes a hostile one. */
export interface Mutation {
  readonly values: readonly ValueChange[];
  readonly changes: readonly Change[];
  /** Share of the file that is kept. */
  readonly keep: number;
}

export const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({
    values: fc.constant([]),
    changes: fc.array(change, { minLength: 1, maxLength: 4 }),
    keep: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: share }),
  }),
  fc.record({
    values: fc.array(valueChange, { minLength: 1, maxLength: 3 }),
    changes: fc.array(change, { maxLength: 1 }),
    keep: fc.constant(1),
  }),
);

const VALUE = /(?<=[:,[])\s*("[^"]*"|-?[\d.]+|null)(?=\s*[\]},])/g;
const LATIN1 = 'latin1';

function withValues(file: Uint8Array, changes: readonly ValueChange[]): Uint8Array {
  let content = Buffer.from(file).toString(LATIN1);
  for (const { at, value } of changes) {
    const found = [...content.matchAll(VALUE)];
    const match = found[Math.floor(at * found.length)];
    if (match === undefined) break;
    content = content.slice(0, match.index) + value + content.slice(match.index + match[0].length);
  }
  return new Uint8Array(Buffer.from(content, LATIN1));
}

export function mutated(file: Uint8Array, { values: replaced, changes, keep }: Mutation): Uint8Array {
  let bytes = withValues(file, replaced).slice(0, Math.ceil(file.length * keep));
  for (const { at, remove, insert } of changes) {
    const from = Math.floor(at * bytes.length);
    const rest = bytes.subarray(Math.min(bytes.length, from + remove));
    const next = new Uint8Array(from + insert.length + rest.length);
    next.set(bytes.subarray(0, from));
    next.set(insert, from);
    next.set(rest, from + insert.length);
    bytes = next;
  }
  return bytes;
}
