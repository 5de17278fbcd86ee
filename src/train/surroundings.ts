// What a run was computed with, besides its settings: noted in every checkpoint, and compared when it goes on. What
// came later may be absent in older files.

import { anObject, checkKind, type Kind, kind, oneOf, text, whole } from '../options';

/** The images of a run, by name, number and content. */
export interface ImageCounts {
  readonly name: string;
  readonly train: number;
  readonly test: number;
  /** A hash of their pixels and labels (node/run/images.ts). */
  readonly content?: string;
}

/** What a run was computed with. */
export interface Surroundings {
  /** Of spikegrad, as `0.1.0`. */
  readonly version: string;
  /** The version, on wasm with a hash of the kernels: `0.1.0+4b99c155dc24`. */
  readonly build?: string;
  readonly backend: string;
  /** SIMD flavour of wasm: with and without relaxed SIMD the last bits differ. */
  readonly simd?: 'plain' | 'relaxed';
  readonly images: ImageCounts;
}

const count = whole({ least: 0 });
const orAbsent = <T>({ wanted, holds }: Kind<T>): Kind<T | undefined> =>
  kind(`${wanted}, or absent`, (value) => value === undefined || holds(value));
const KINDS: { readonly [Name in keyof Required<Surroundings>]: Kind<Surroundings[Name]> } = {
  version: kind('a version such as 0.1.0', (value) => /^\d+\.\d+\.\d+/.test(String(value))),
  build: orAbsent(text),
  backend: text,
  simd: orAbsent(oneOf(['plain', 'relaxed'])),
  images: kind('{ name, train, test }', (value) => {
    const { name, train, test, content } = (value ?? {}) as Partial<ImageCounts>;
    return text.holds(name) && count.holds(train) && count.holds(test) && orAbsent(text).holds(content);
  }),
};

/** What a caller notes in a checkpoint. */
export const aSurroundings: Kind<Surroundings> = kind(
  '{ version, backend, images: { name, train, test } }',
  (value) =>
    anObject.holds(value) &&
    Object.entries<Kind<unknown>>(KINDS).every(([name, { holds }]) => holds(value[name])),
);

/**
 * Surroundings from a file that is not trusted. What a newer version notes besides is left alone.
 * @throws naming `where` and the first field that cannot be
 */
export function checkSurroundings(value: unknown, where: string): Surroundings {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  for (const [name, kind] of Object.entries(KINDS))
    checkKind<unknown>(where, `surroundings.${name}`, kind, fields[name]);
  return value as Surroundings;
}

/** Below 0 where `a` is the older version, above 0 where it is the newer. */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => version.split(/[.+-]/, 3).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  return left.map((part, i) => part - right[i]!).find((difference) => difference !== 0) ?? 0;
}
