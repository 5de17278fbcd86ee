// How a printed value reads: strings as they are, lists and objects nearly as Node shows them.

/** So many things of a list are shown, and lists in lists so deep. */
const MOST = 100;
const DEEPEST = 4;

/** A printed value as text. */
export const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : inner(value, 0));

function inner(value: unknown, depth: number): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[${value.name || 'function'}]`;
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? '-0' : String(value);
  if (depth === DEEPEST) return '…';
  const each = (values: readonly unknown[]) => values.map((one) => inner(one, depth + 1));
  if (Array.isArray(value)) return listed('[', each(value.slice(0, MOST)), ']', value.length);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const numbers = value as unknown as ArrayLike<number>;
    const first = Array.from({ length: Math.min(MOST, numbers.length) }, (_, i) => numbers[i]);
    return listed('[', each(first), ']', numbers.length);
  }
  if (value instanceof Set) return `Set ${listed('{', each([...value].slice(0, MOST)), '}', value.size)}`;
  const pairs = (entries: readonly (readonly [unknown, unknown])[], between: string) =>
    entries
      .slice(0, MOST)
      .map(
        ([name, one]) => `${between === ': ' ? name : inner(name, depth)}${between}${inner(one, depth + 1)}`,
      );
  if (value instanceof Map) return `Map ${listed('{', pairs([...value], ' => '), '}', value.size)}`;
  if (value.toString !== Object.prototype.toString) return String(value);
  const entries = Object.entries(value);
  const kind = value.constructor?.name ?? 'Object';
  const shown = listed('{', pairs(entries, ': '), '}', entries.length);
  return kind === 'Object' ? shown : `${kind} ${depth === 0 ? shown : '{…}'}`;
}

function listed(open: string, shown: readonly string[], close: string, length: number): string {
  if (length === 0) return open + close;
  const more = length > shown.length ? [`… ${length - shown.length} more`] : [];
  return `${open} ${[...shown, ...more].join(', ')} ${close}`;
}
