// What a worker tells the page of a run, and how a printed value reads.

export type FromWorker =
  | { readonly kind: 'printed'; readonly text: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly text: string };

/** A printed value as text: strings as they are, lists and objects nearly as Node shows them. */
export function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return `[ ${value.map(inner).join(', ')} ]`;
  if (ArrayBuffer.isView(value)) return wordsOf(Array.from(value as unknown as ArrayLike<number>));
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return `{ ${Object.entries(value)
      .map(([name, one]) => `${name}: ${inner(one)}`)
      .join(', ')} }`;
  return String(value);
}

const inner = (value: unknown) => (typeof value === 'string' ? `'${value}'` : wordsOf(value));
