// What a run was computed with, besides its settings: noted in every checkpoint, and compared when it goes on.

import { anObject, checkKind, type Kind, kind, text, whole } from '../options';

/** The images of a run, by name and number. */
export interface ImageCounts {
  readonly name: string;
  readonly train: number;
  readonly test: number;
}

/** What a run was computed with. */
export interface Surroundings {
  /** Of spikegrad, as `0.1.0`. */
  readonly version: string;
  readonly backend: string;
  /** SIMD flavour of wasm: with and without relaxed SIMD the last bits differ. */
  readonly simd?: 'plain' | 'relaxed';
  readonly images: ImageCounts;
}

const count = whole({ least: 0 });
const KINDS: { readonly [Name in keyof Required<Surroundings>]: Kind<Surroundings[Name]> } = {
  version: kind('a version such as 0.1.0', (value) => /^\d+\.\d+\.\d+/.test(String(value))),
  backend: text,
  simd: kind("'plain' or 'relaxed', or absent", (value) =>
    [undefined, 'plain', 'relaxed'].includes(value as string),
  ),
  images: kind('{ name, train, test }', (value) => {
    const { name, train, test } = (value ?? {}) as Partial<ImageCounts>;
    return text.holds(name) && count.holds(train) && count.holds(test);
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
