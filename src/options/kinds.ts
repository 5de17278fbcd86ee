// Kinds of values that an option may take: what is wanted in words, and whether a value is that.

import { suggestion } from './nearest';

/** What a value must be. */
export interface Kind<T> {
  /** Completes "must be …". */
  readonly wanted: string;
  holds(value: unknown): value is T;
  /** For a mistake that is often made: what to do instead. */
  readonly advice?: (value: unknown) => string | undefined;
}

/** A kind of one's own. */
/* @__NO_SIDE_EFFECTS__ */
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
/* @__NO_SIDE_EFFECTS__ */
export function finite(bounds: Bounds = {}): Kind<number> {
  const limits = boundsInWords(bounds);
  return kind(
    limits === '' ? 'a finite number' : `a number${limits}`,
    (value) => typeof value === 'number' && Number.isFinite(value) && within(value, bounds),
  );
}

/** A whole number that f64 holds exactly. */
/* @__NO_SIDE_EFFECTS__ */
export function whole(bounds: Bounds = {}): Kind<number> {
  return kind(
    `a whole number${boundsInWords(bounds)}`,
    (value) => Number.isSafeInteger(value) && within(value as number, bounds),
  );
}

/** A number of any size, infinity included. */
export const anyNumber: Kind<number> = kind(
  'a number',
  (value) => typeof value === 'number' && !Number.isNaN(value),
);

export const flag: Kind<boolean> = kind('true or false', (value) => typeof value === 'boolean');
export const text: Kind<string> = kind('a text', (value) => typeof value === 'string');

/** One of some words. */
/* @__NO_SIDE_EFFECTS__ */
export function oneOf<const T extends string>(values: readonly T[]): Kind<T> {
  return kind(
    values.map((value) => `'${value}'`).join(' or '),
    (value) => values.includes(value as T),
    (value) => (typeof value === 'string' ? suggestion(value, values).slice(2) || undefined : undefined),
  );
}

/** A function; `what` says of which form, such as `a function (done, total)`. */
/* @__NO_SIDE_EFFECTS__ */
export function callback<T extends (...values: never[]) => unknown>(what = 'a function'): Kind<T> {
  return kind(
    what,
    (value) => typeof value === 'function' && !isClass(value),
    (value) => (isClass(value) ? called(value) : undefined),
  );
}

/** An instance of a class. */
/* @__NO_SIDE_EFFECTS__ */
export function instance<T>(type: abstract new (...values: never[]) => T, wanted: string): Kind<T> {
  return kind(wanted, (value) => value instanceof type);
}

/**
 * What stops long work: an `AbortSignal`, of which only this is asked, so that the types need neither DOM nor Node's.
 */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
}

export const aStopSignal: Kind<StopSignal> = kind('an AbortSignal', (value) => value instanceof AbortSignal);

/** An array of values of one kind. */
/* @__NO_SIDE_EFFECTS__ */
export function listOf<T>(each: Kind<T>): Kind<readonly T[]> {
  return kind(
    `a list, each entry ${each.wanted}`,
    (value) => Array.isArray(value) && value.every(each.holds),
  );
}

/** A list or typed array of plain numbers; what the numbers are is the caller's business. */
export const numberList: Kind<ArrayLike<number>> = kind(
  'a list of numbers or a typed array',
  (value) => (Array.isArray(value) ? value.every((entry) => typeof entry === 'number') : isTyped(value)),
  (value) => (isBigInts(value) ? 'turn it into numbers: Float64Array.from(data, Number)' : undefined),
);

/** A typed array of plain numbers, of any realm. */
export function isTyped(value: unknown): boolean {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && !isBigInts(value);
}

/** A typed array of 64-bit integers, or a list of them. */
export function isBigInts(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((entry) => typeof entry === 'bigint');
  return ArrayBuffer.isView(value) && /^Big/.test(Object.prototype.toString.call(value).slice(8, -1));
}

/** An object that options or parts can be taken from. */
export const anObject: Kind<Readonly<Record<string, unknown>>> = kind(
  'an object',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** An object whose own keys are what it holds: no Map, Date or promise. */
export const aRecord: Kind<Readonly<Record<string, unknown>>> = kind(
  'an object',
  (value) => anObject.holds(value) && Object.prototype.toString.call(value) === '[object Object]',
  (value) => (value instanceof Map ? 'Object.fromEntries(map) makes one' : awaited(value)),
);

/** All bytes of a file at once. Not by `instanceof`: they may come from another realm (a frame, a test runner). */
export const bytesKind: Kind<Uint8Array | ArrayBuffer> = kind(
  'the bytes of a file, a Uint8Array or an ArrayBuffer',
  (value) =>
    /^\[object (Uint8Array|ArrayBuffer|SharedArrayBuffer)\]$/.test(Object.prototype.toString.call(value)),
  (value) => (typeof value === 'string' ? 'read the file first' : awaited(value)),
);

/** For a promise where its value is meant. */
export function awaited(value: unknown): string | undefined {
  return value instanceof Promise ? 'await it first' : undefined;
}

/** For a function or class where what it makes is meant. */
export function called(value: unknown): string | undefined {
  if (typeof value !== 'function') return undefined;
  const name = value.name || 'it';
  return isClass(value) ? `make one: new ${name}(…)` : `call it: ${name}()`;
}

/** Tells `class X {}` from a function that may be called. */
export function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

/** For options that stand where another argument belongs; `place` shows how they are given. */
/* @__NO_SIDE_EFFECTS__ */
export function optionsBelong(place: string): (value: unknown) => string | undefined {
  return (value) =>
    anObject.holds(value) && !ArrayBuffer.isView(value) && Object.getPrototypeOf(value) === Object.prototype
      ? `options come last: ${place}`
      : undefined;
}

/** Points, or other pairs of numbers that need not be finite. */
export const pairList: Kind<readonly (readonly [number, number])[]> = kind(
  'a list of [number, number]',
  (value) => Array.isArray(value) && value.every(isPair),
);

/** Two numbers that need not be finite. */
export const pair: Kind<readonly [number, number]> = kind('[number, number]', isPair);

function isPair(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length === 2 && typeof value[0] === 'number' && typeof value[1] === 'number'
  );
}

/** null, or whatever the kind says. */
/* @__NO_SIDE_EFFECTS__ */
export function orNull<T>(other: Kind<T>): Kind<T | null> {
  return kind(`${other.wanted}, or null`, (value) => value === null || other.holds(value), other.advice);
}

/** Either of two kinds. */
/* @__NO_SIDE_EFFECTS__ */
export function either<A, B>(a: Kind<A>, b: Kind<B>): Kind<A | B> {
  return kind(
    `${a.wanted}, or ${b.wanted}`,
    (value) => a.holds(value) || b.holds(value),
    (value) => a.advice?.(value) ?? b.advice?.(value),
  );
}
