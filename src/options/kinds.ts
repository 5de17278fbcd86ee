// Kinds of values that an option may take: what is wanted in words, and whether a value is that.

/** What a value must be. */
export interface Kind<T> {
  /** Completes "must be …". */
  readonly wanted: string;
  holds(value: unknown): value is T;
  /** For a mistake that is often made: what to do instead. */
  readonly advice?: (value: unknown) => string | undefined;
}

/** A kind of one's own. */
export function kind<T>(
  wanted: string,
  holds: (value: unknown) => boolean,
  advice?: Kind<T>['advice'],
): Kind<T> {
  return { wanted, holds: (value): value is T => holds(value), advice };
}

/** Bounds of a number; `above` and `below` are not reached. */
export interface Bounds {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly below?: number;
}

function within(value: number, { least, above, most, below }: Bounds): boolean {
  return (
    (least === undefined || value >= least) &&
    (above === undefined || value > above) &&
    (most === undefined || value <= most) &&
    (below === undefined || value < below)
  );
}

function boundsInWords({ least, above, most, below }: Bounds): string {
  const words = [
    least !== undefined && `>= ${least}`,
    above !== undefined && `above ${above}`,
    most !== undefined && `<= ${most}`,
    below !== undefined && `below ${below}`,
  ].filter((word) => word !== false);
  return words.length === 0 ? '' : ` ${words.join(' and ')}`;
}

/** A finite number. */
export function finite(bounds: Bounds = {}): Kind<number> {
  const limits = boundsInWords(bounds);
  return kind(
    limits === '' ? 'a finite number' : `a number${limits}`,
    (value) => typeof value === 'number' && Number.isFinite(value) && within(value, bounds),
  );
}

/** A whole number that f64 holds exactly. */
export function whole(bounds: Bounds = {}): Kind<number> {
  return kind(
    `a whole number${boundsInWords(bounds)}`,
    (value) => Number.isSafeInteger(value) && within(value as number, bounds),
  );
}

export const flag: Kind<boolean> = kind('true or false', (value) => typeof value === 'boolean');
export const text: Kind<string> = kind('a text', (value) => typeof value === 'string');

/** One of some words. */
export function oneOf<const T extends string>(values: readonly T[]): Kind<T> {
  return kind(values.map((value) => `'${value}'`).join(' or '), (value) => values.includes(value as T));
}

/** A function; `what` says of which form, such as `a function (done, total)`. */
export function callback<T extends (...values: never[]) => unknown>(what = 'a function'): Kind<T> {
  return kind(what, (value) => typeof value === 'function');
}

/** An instance of a class. */
export function instance<T>(type: abstract new (...values: never[]) => T, wanted: string): Kind<T> {
  return kind(wanted, (value) => value instanceof type);
}

/** An array of values of one kind. */
export function listOf<T>(each: Kind<T>): Kind<readonly T[]> {
  return kind(
    `a list, each entry ${each.wanted}`,
    (value) => Array.isArray(value) && value.every(each.holds),
  );
}

/** null, or whatever the kind says. */
export function orNull<T>(other: Kind<T>): Kind<T | null> {
  return kind(`${other.wanted}, or null`, (value) => value === null || other.holds(value), other.advice);
}

/** Either of two kinds. */
export function either<A, B>(a: Kind<A>, b: Kind<B>): Kind<A | B> {
  return kind(
    `${a.wanted}, or ${b.wanted}`,
    (value) => a.holds(value) || b.holds(value),
    (value) => a.advice?.(value) ?? b.advice?.(value),
  );
}
